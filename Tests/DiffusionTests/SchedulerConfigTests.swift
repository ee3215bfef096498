import Foundation
import Testing

@testable import Diffusion

@Suite struct SchedulerConfigTests {
    private func decode(_ json: String) throws -> SchedulerConfig {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        return try decoder.decode(SchedulerConfig.self, from: Data(json.utf8))
    }

    @Test func readsAFileOfTheReference() throws {
        let config = try decode(
            """
            {"_class_name": "DPMSolverMultistepScheduler", "_diffusers_version": "0.42.1", "beta_end": 0.012,
             "lambda_min_clipped": -Infinity, "trained_betas": null, "solver_order": 3, "variance_type": null,
             "skip_prk_steps": true, "clip_sample": false, "_use_default_values": ["beta_start"]}
            """)
        #expect(config.kind == .dpmSolver)
        #expect(config.integer("solver_order") == 3)
        #expect(config.number("beta_end") == 0.012)
        #expect(config.number("beta_start") == 0.0001)
        #expect(config.number("lambda_min_clipped") == -.infinity)
        #expect(config.text("timestep_spacing") == "linspace")
        #expect(config.options["clip_sample"] == nil)
    }

    @Test func namesAnUnknownClass() {
        #expect(
            throws: DiffusionError.unknownScheduler(
                name: "LCMScheduler", supported: SchedulerKind.allCases.map(\.rawValue))
        ) { try decode(#"{"_class_name": "LCMScheduler"}"#) }
    }

    @Test func namesAnUnknownOption() {
        #expect(throws: DiffusionError.unknownOption(scheduler: "DDIMScheduler", option: "beta_begin")) {
            try SchedulerConfig(.ddim, ["beta_begin": 0.1])
        }
    }

    @Test(arguments: [
        (SchedulerKind.ddpm, "beta_schedule", "cosine" as OptionValue),
        (.ddpm, "prediction_type", "flow_prediction"),
        (.ddpm, "variance_type", "fixed_large_log"),
        (.ddpm, "num_train_timesteps", 0),
        (.ddpm, "num_train_timesteps", 999.5),
        (.ddim, "clip_sample", "yes"),
        (.ddim, "beta_end", .null),
        (.dpmSolver, "solver_order", 4),
        (.dpmSolver, "use_flow_sigmas", true),
        (.dpmSolver, "trained_betas", .list([0.1, "x"])),
        (.euler, "use_beta_sigmas", true),
        (.euler, "sigma_min", -1),
        (.uniPC, "solver_p", "DDIMScheduler"),
        (.uniPC, "disable_corrector", .list([0.5])),
        (.unCLIP, "beta_schedule", "linear"),
        (.unCLIP, "prediction_type", "v_prediction"),
    ])
    func namesAnUnsupportedValue(kind: SchedulerKind, option: String, value: OptionValue) {
        #expect {
            try SchedulerConfig(kind, [option: value])
        } throws: { error in
            guard case DiffusionError.unsupportedValue(kind.rawValue, option, value.description, _) = error else {
                return false
            }
            return "\(error)".contains("“\(option)”")
        }
    }

    @Test(arguments: [
        (SchedulerKind.dpmSolver, ["algorithm_type": "dpmsolver"] as [String: OptionValue]),
        (.dpmSolver, ["algorithm_type": "sde-dpmsolver", "final_sigmas_type": "sigma_min", "solver_order": 3]),
        (.euler, ["use_karras_sigmas": true, "use_exponential_sigmas": true]),
        (.ddpm, ["trained_betas": .list([])]),
        (.ddpm, ["trained_betas": .list([0.5, 1.5])]),
        (.ddpm, ["trained_betas": .list([0.5, 0.6])]),
    ])
    func refusesContradictions(kind: SchedulerKind, options: [String: OptionValue]) {
        #expect {
            try SchedulerConfig(kind, options)
        } throws: { error in
            if case DiffusionError.unsupportedCombination(kind.rawValue, _) = error { true } else { false }
        }
    }

    @Test(arguments: SchedulerKind.allCases)
    func survivesBeingWritten(kind: SchedulerKind) throws {
        let config = try SchedulerConfig(kind, ["num_train_timesteps": 500, "log_snr_shift": -1.5])
        let data = try JSONEncoder().encode(config)
        #expect(try JSONDecoder().decode(SchedulerConfig.self, from: data) == config)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains(#""num_train_timesteps":500,"#) || text.contains(#""num_train_timesteps":500}"#))
    }

    @Test func writesNothingThatTheReferenceDoesNotKnow() throws {
        let data = try JSONEncoder().encode(try SchedulerConfig(.unCLIP))
        let keys = try JSONDecoder().decode([String: OptionValue].self, from: data).keys.sorted()
        #expect(
            keys == [
                "_class_name", "beta_schedule", "clip_sample", "clip_sample_range", "num_train_timesteps",
                "prediction_type", "variance_type",
            ])
    }

    @Test func changesSolverForTheSameModel() throws {
        let trained = try SchedulerConfig(.unCLIP, ["variance_type": "learned_range"])
        let fast = try trained.converted(to: .dpmSolver)
        #expect(fast.text("beta_schedule") == "squaredcos_cap_v2")
        #expect(fast.flag("thresholding") && fast.number("sample_max_value") == 1)
        #expect(try NoiseSchedule(fast) == NoiseSchedule(trained))
        let prior = try SchedulerConfig(.unCLIP, ["clip_sample_range": 5, "prediction_type": "sample"])
        #expect(try prior.converted(to: .ddim).number("clip_sample_range") == 5)
        #expect(try !prior.converted(to: .uniPC).flag("thresholding"))
        #expect(throws: DiffusionError.self) { try SchedulerConfig(.ddpm).converted(to: .unCLIP) }
    }

    /// A network that draws in few steps from nothing but noise does so with another solver too.
    @Test func anotherSolverWalksTheTimestepsThatTheModelNames() throws {
        let trained = try SchedulerConfig(.ddim, ["timestep_spacing": "trailing", "prediction_type": "sample"])
        let ancestral = try trained.converted(to: .ddpm)
        #expect(try ancestral.solver(RunOptions(steps: 4)).steps.map(\.timestep) == [999, 749, 499, 249])
        // What is not said each solver has its own way with.
        let open = try SchedulerConfig(.ddim).converted(to: .dpmSolver)
        #expect(try open.text("timestep_spacing") == SchedulerConfig(.dpmSolver).text("timestep_spacing"))
        #expect(try trained.converted(to: .dpmSolver).text("timestep_spacing") == "trailing")
    }

    @Test func keepsErrorMessagesShort() throws {
        let long = OptionValue.text(String(repeating: "x", count: 10_000))
        #expect {
            try SchedulerConfig(.ddpm, ["beta_schedule": long])
        } throws: { "\($0)".count < 300 }
    }
}
