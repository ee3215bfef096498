/// The options of each scheduler class: names and defaults are the reference's (diffusers 0.42.1).
enum OptionTable {
    static let unCLIP = base.merging([
        "beta_schedule": .choice("squaredcos_cap_v2"),
        "variance_type": .choice("fixed_small_log", "learned_range"),
        "clip_sample": .flag(true),
        "clip_sample_range": .number(1, 0...1e6),
        "prediction_type": .choice("epsilon", "sample"),
    ]) { _, own in own }

    static let ddpm = betas.merging(limits).merging([
        "beta_schedule": .choice("linear", "scaled_linear", "squaredcos_cap_v2", "laplace", "sigmoid"),
        "variance_type": .choice(
            "fixed_small", "fixed_small_log", "fixed_large", "learned", "learned_range"),
        "clip_sample": .flag(true),
        "clip_sample_range": .number(1, 0...1e6),
        "timestep_spacing": .choice("leading", "linspace", "trailing"),
    ]) { _, own in own }

    static let ddim = betas.merging(limits).merging([
        "clip_sample": .flag(true),
        "clip_sample_range": .number(1, 0...1e6),
        "set_alpha_to_one": .flag(true),
        "timestep_spacing": .choice("leading", "linspace", "trailing"),
    ]) { _, own in own }

    static let dpmSolver = betas.merging(limits).merging(sigmas).merging(flow).merging([
        "solver_order": .integer(2, 1...3),
        "algorithm_type": .choice("dpmsolver++", "sde-dpmsolver++", "dpmsolver", "sde-dpmsolver", "deis"),
        "solver_type": .choice("midpoint", "heun", "logrho", "bh1", "bh2"),
        "lower_order_final": .flag(true),
        "euler_at_final": .flag(false),
        "use_lu_lambdas": .flag(false),
        "lambda_min_clipped": .number(-.infinity, -Double.infinity...100),
        "variance_type": .optional(.choice(["learned", "learned_range"])),
    ]) { _, own in own }

    static let euler = betas.merging(sigmas).merging(sigmaRange).merging([
        "prediction_type": .choice("epsilon", "sample", "original_sample", "v_prediction"),
        "interpolation_type": .choice("linear", "log_linear"),
        "timestep_type": .choice("discrete", "continuous"),
    ]) { _, own in own }

    static let uniPC = betas.merging(limits).merging(sigmas).merging(sigmaRange).merging(flow).merging([
        "solver_order": .integer(2, 1...6),
        "predict_x0": .flag(true),
        "solver_type": .choice("bh2", "bh1", "midpoint", "heun", "logrho"),
        "lower_order_final": .flag(true),
        "disable_corrector": OptionRule(initial: [], accepts: .integers),
        "solver_p": .only(.null),
        "shift_terminal": .only(.null),
    ]) { _, own in own }

    /// Options of schedulers that Limn does not have. Files for one class often carry another's options;
    /// the reference passes over them, and so does Limn. A name that no scheduler knows is an error.
    static let foreign: Set<String> = [
        "skip_prk_steps", "skip_timesteps", "interpolation_type", "s_noise", "s_churn", "s_tmin", "s_tmax",
        "sigma_data", "base_image_seq_len", "max_image_seq_len", "base_shift", "max_shift", "shift", "rho",
        "use_original_timesteps", "original_inference_steps", "timestep_scaling", "noise_sampler_seed",
        "invert_sigmas", "stochastic_sampling", "snr_shift_scale", "set_alpha_to_zero", "correct_x",
    ]

    /// Options that any class has or may pass over.
    static let known: Set<String> = SchedulerKind.allCases.reduce(into: foreign) { names, kind in
        names.formUnion(kind.rules.keys)
    }

    /// `log_snr_shift` is Limn's own: it is added to the logarithm of the signal-to-noise ratio at every timestep
    /// (Hoogeboom et al. 2023, “simple diffusion”, section 3.1).
    private static let base: [String: OptionRule] = [
        "num_train_timesteps": .integer(1000, 2...100_000),
        "log_snr_shift": .number(0, -20...20),
    ]

    private static let betas = base.merging([
        "beta_start": .number(0.0001, 0...0.9999),
        "beta_end": .number(0.02, 0...0.9999),
        "beta_schedule": .choice("linear", "scaled_linear", "squaredcos_cap_v2"),
        "trained_betas": .optional(.numbers),
        "rescale_betas_zero_snr": .flag(false),
        "prediction_type": .choice("epsilon", "sample", "v_prediction"),
        "timestep_spacing": .choice("linspace", "leading", "trailing"),
        "steps_offset": .integer(0, 0...100_000),
    ]) { _, own in own }

    private static let limits: [String: OptionRule] = [
        "thresholding": .flag(false),
        "dynamic_thresholding_ratio": .number(0.995, 0...1),
        "sample_max_value": .number(1, 1e-6...1e6),
    ]

    private static let sigmas: [String: OptionRule] = [
        "use_karras_sigmas": .flag(false),
        "use_exponential_sigmas": .flag(false),
        "use_beta_sigmas": .only(false),
        "final_sigmas_type": .choice("zero", "sigma_min"),
    ]

    private static let sigmaRange: [String: OptionRule] = [
        "sigma_min": .optional(.number(1e-6...1e6)),
        "sigma_max": .optional(.number(1e-6...1e6)),
    ]

    /// Flow matching is another process; its options are accepted where they are switched off.
    private static let flow: [String: OptionRule] = [
        "use_flow_sigmas": .only(false),
        "flow_shift": .number(1, 0...1e6),
        "use_dynamic_shifting": .only(false),
        "time_shift_type": .choice("exponential", "linear"),
    ]
}

extension [String: OptionRule] {
    fileprivate func merging(_ other: [String: OptionRule]) -> [String: OptionRule] {
        merging(other) { _, own in own }
    }
}
