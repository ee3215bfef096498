import Foundation

extension SchedulerConfig {
    /// A solver for one run.
    /// - Throws: `DiffusionError.invalidSteps` if the schedule cannot be walked so, `.unsupportedValue` for an η that
    ///   the solver does not have.
    public func solver(_ run: RunOptions) throws -> any Solver {
        let schedule = try NoiseSchedule(self)
        try check(run, schedule)
        switch kind {
        case .unCLIP:
            let timesteps = TimestepSpacing.unCLIP(run.steps, of: schedule.count)
            return try ancestral(timesteps, run, schedule, AncestralSolver.Coefficients.unCLIP)
        case .ddpm:
            let timesteps = try timesteps(run.steps, schedule)
            return try ancestral(timesteps, run, schedule, AncestralSolver.Coefficients.ddpm)
        case .ddim:
            return try DDIMSolver(
                timesteps: Array(try timesteps(run.steps, schedule).dropFirst(run.skipped)),
                stride: schedule.count / run.steps, schedule: schedule, config: self, run: run)
        case .dpmSolver:
            return try DPMSolver(grid: dpmGrid(run.steps, schedule), from: run.skipped, config: self)
        case .euler:
            return try EulerSolver(grid: eulerGrid(run.steps, schedule), from: run.skipped, config: self)
        case .uniPC:
            return try UniPCSolver(grid: uniPCGrid(run.steps, schedule), from: run.skipped, config: self)
        }
    }

    public var parameterisation: Parameterisation {
        // Euler's older name for “sample”.
        Parameterisation(rawValue: text("prediction_type")) ?? .sample
    }

    private func check(_ run: RunOptions, _ schedule: NoiseSchedule) throws {
        let least = kind == .unCLIP ? 2 : 1
        guard (least...schedule.count).contains(run.steps) else {
            throw invalid(run.steps, "expected \(least) to \(schedule.count)")
        }
        guard (0..<run.steps).contains(run.skipped) else {
            throw invalid(run.steps, "\(run.skipped) cannot be skipped; expected 0 to \(run.steps - 1)")
        }
        let highestEta = kind == .ddim ? 1.0 : 0
        guard run.eta >= 0, run.eta <= highestEta else {
            throw DiffusionError.unsupportedValue(
                scheduler: kind.rawValue, option: "eta", value: "\(run.eta)",
                expected: kind == .ddim ? "a number from 0 to 1" : "0; only DDIMScheduler has another")
        }
    }

    func invalid(_ steps: Int, _ reason: String) -> DiffusionError {
        .invalidSteps(scheduler: kind.rawValue, steps: steps, reason: reason)
    }

    /// Integer timesteps, largest first.
    func timesteps(
        _ steps: Int, _ schedule: NoiseSchedule, last: Int? = nil, leavesLast: Bool = false
    ) throws -> [Int] {
        let spacing = TimestepSpacing(rawValue: text("timestep_spacing")) ?? .leading
        let timesteps = spacing.timesteps(
            steps, last: last ?? schedule.count, of: schedule.count, offset: integer("steps_offset"),
            leavesLast: leavesLast)
        if let largest = timesteps.first, largest >= schedule.count {
            let offset = integer("steps_offset")
            throw invalid(steps, "“steps_offset” \(offset) leads to timestep \(largest), past \(schedule.count - 1)")
        }
        guard timesteps.count == steps, timesteps.allSatisfy({ $0 >= 0 }) else {
            throw invalid(steps, "“lambda_min_clipped” \(number("lambda_min_clipped")) leaves too few timesteps")
        }
        return timesteps
    }

    private func ancestral(
        _ timesteps: [Int], _ run: RunOptions, _ schedule: NoiseSchedule,
        _ coefficients: (Int, Int?, NoiseSchedule, String) -> AncestralSolver.Coefficients
    ) throws -> AncestralSolver {
        let variant = text("variance_type")
        let pairs = zip(timesteps, timesteps.dropFirst().map(Optional.some) + [nil])
        let all = pairs.map { coefficients($0, $1, schedule, variant) }
        return try AncestralSolver(
            timesteps: Array(timesteps.dropFirst(run.skipped)), coefficients: Array(all.dropFirst(run.skipped)),
            schedule: schedule, config: self)
    }

    /// Refuses a run some of whose scalars are not finite: two equal noise levels, or a division by a level of zero.
    func checkFinite(_ scalars: [[Float]], steps: [SamplingStep], _ parameterisation: Parameterisation) throws {
        for (step, values) in zip(steps, scalars) {
            guard values.allSatisfy(\.isFinite) else {
                throw invalid(
                    steps.count,
                    "step \(step.index + 1) at timestep \(step.timestep) has no finite solution; "
                        + "take fewer steps or other options")
            }
            // A limit makes even this quotient finite.
            guard parameterisation != .epsilon || step.level.signal > 0 || SampleLimit(self) != .none else {
                throw invalid(
                    steps.count,
                    "nothing of the picture is left at timestep \(step.timestep), so it cannot be "
                        + "derived from predicted noise; use another “prediction_type” or “timestep_spacing”")
            }
        }
    }
}
