/// The scheduler classes of the reference library (diffusers) that Limn can run, by the names in `_class_name`.
public enum SchedulerKind: String, CaseIterable, Codable, Sendable {
    /// DDPM as Karlo uses it (Ramesh et al. 2022).
    case unCLIP = "UnCLIPScheduler"
    /// Ancestral sampling (Ho et al. 2020).
    case ddpm = "DDPMScheduler"
    /// Song et al. 2021, with η.
    case ddim = "DDIMScheduler"
    /// DPM-Solver++ and its relatives (Lu et al. 2022), multistep.
    case dpmSolver = "DPMSolverMultistepScheduler"
    /// Euler's method in the sigmas of Karras et al. 2022.
    case euler = "EulerDiscreteScheduler"
    /// UniPC (Zhao et al. 2023), predictor and corrector.
    case uniPC = "UniPCMultistepScheduler"
}

extension SchedulerKind {
    /// Every option of the class, with the reference's defaults and what Limn supports of it.
    var rules: [String: OptionRule] {
        switch self {
        case .unCLIP: OptionTable.unCLIP
        case .ddpm: OptionTable.ddpm
        case .ddim: OptionTable.ddim
        case .dpmSolver: OptionTable.dpmSolver
        case .euler: OptionTable.euler
        case .uniPC: OptionTable.uniPC
        }
    }
}
