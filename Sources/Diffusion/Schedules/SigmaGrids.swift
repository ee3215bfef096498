import Foundation

/// The grid of each solver in σ. They differ in what the reference rounds, and where it ends.
extension SchedulerConfig {
    func dpmGrid(_ steps: Int, _ schedule: NoiseSchedule) throws -> SigmaGrid {
        let alphas = SigmaGrid.finite(schedule, self)
        let trained = try SigmaGrid.trained(alphas)
        let toTimestep = SigmaToTimestep(trained)
        let final = text("final_sigmas_type") == "zero" ? 0 : trained[0]
        var sigmas: [Double]
        var timesteps: [Double]
        if let spacing = SigmaSpacing(self) {
            sigmas = spacing.sigmas(steps, from: Double(trained[trained.count - 1]), to: Double(trained[0]))
            timesteps = sigmas.map { toTimestep($0) }
        } else if flag("use_lu_lambdas") {
            let range = toTimestep.logRange
            sigmas = Numerics.linspace(0, 1, steps)
                .map { exp(range.largest + $0 * (range.smallest - range.largest)) }
            timesteps = sigmas.map { toTimestep($0) }
        } else {
            let visited = try self.timesteps(
                steps, schedule, last: usableTimesteps(alphas), leavesLast: true)
            timesteps = visited.map(Double.init)
            sigmas = timesteps.map { Numerics.interpolate($0, trained) }
        }
        let isUniform = !flag("use_karras_sigmas") && !flag("use_lu_lambdas")
        let direction: FloatingPointRoundingRule =
            isUniform || text("beta_schedule") == "squaredcos_cap_v2" ? .towardZero : .toNearestOrEven
        timesteps = timesteps.map { $0.rounded(direction) }
        return SigmaGrid(timesteps: timesteps, sigmas: sigmas.map { Float($0) } + [final])
    }

    func uniPCGrid(_ steps: Int, _ schedule: NoiseSchedule) throws -> SigmaGrid {
        let trained = try SigmaGrid.trained(SigmaGrid.finite(schedule, self))
        let endsAtZero = text("final_sigmas_type") == "zero"
        guard let spacing = SigmaSpacing(self) else {
            let timesteps = try self.timesteps(steps, schedule, leavesLast: true).map(Double.init)
            let sigmas = timesteps.map { Float(Numerics.interpolate($0, trained)) }
            return SigmaGrid(timesteps: timesteps, sigmas: sigmas + [endsAtZero ? 0 : trained[0]])
        }
        let toTimestep = SigmaToTimestep(trained)
        let sigmas = spacing.sigmas(
            steps, from: optionalNumber("sigma_max") ?? Double(trained[trained.count - 1]),
            to: optionalNumber("sigma_min") ?? Double(trained[0]))
        let direction: FloatingPointRoundingRule = spacing == .karras ? .toNearestOrEven : .towardZero
        let rounded = sigmas.map { Float($0) }
        return SigmaGrid(
            timesteps: sigmas.map { toTimestep($0).rounded(direction) },
            sigmas: rounded + [endsAtZero ? 0 : rounded[rounded.count - 1]])
    }

    func eulerGrid(_ steps: Int, _ schedule: NoiseSchedule) throws -> SigmaGrid {
        let trained = try SigmaGrid.trained(SigmaGrid.finite(schedule, self))
        var timesteps: [Double] =
            text("timestep_spacing") == "linspace"
            ? Numerics.linspace(0, Double(schedule.count - 1), steps).reversed().map { Double(Float($0)) }
            : try self.timesteps(steps, schedule).map(Double.init)
        var sigmas = timesteps.map { Numerics.interpolate($0, trained) }
        if text("interpolation_type") == "log_linear" {
            let range = (Numerics.log(trained[trained.count - 1]), Numerics.log(trained[0]))
            sigmas = Numerics.linspace(range.0, range.1, steps + 1).map { Double(Numerics.exp($0)) }
        }
        if let spacing = SigmaSpacing(self) {
            sigmas = spacing.sigmas(
                steps, from: optionalNumber("sigma_max") ?? sigmas[0],
                to: optionalNumber("sigma_min") ?? sigmas[sigmas.count - 1])
            let toTimestep = SigmaToTimestep(trained)
            timesteps = sigmas.map { Double(Float(toTimestep($0))) }
        }
        let final = text("final_sigmas_type") == "zero" ? 0 : trained[0]
        let rounded = sigmas.map { Float($0) } + [final]
        if text("timestep_type") == "continuous" && parameterisation == .velocity {
            timesteps = zip(timesteps, rounded).map { Double(0.25 * Numerics.log($1)) }
        }
        return SigmaGrid(timesteps: timesteps, sigmas: rounded)
    }

    /// How many of the training timesteps have λ of at least `lambda_min_clipped`.
    private func usableTimesteps(_ alphas: [Float]) -> Int {
        let least = Float(number("lambda_min_clipped"))
        return alphas.lastIndex { alpha in
            NoiseLevel(signal: alpha.squareRoot(), noise: (1 - alpha).squareRoot()).logRatio >= least
        }.map { $0 + 1 } ?? 0
    }
}
