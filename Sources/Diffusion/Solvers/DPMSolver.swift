import Torch

/// DPM-Solver and DPM-Solver++, multistep, deterministic or stochastic (Lu et al. 2022a, 2022b), orders 1 to 3.
///
/// x_t = c · x_s + c_0 D_0 + c_1 D_1 + c_2 D_2 + c_n · noise, where D_0 is the newest prediction and D_1, D_2 are
/// finite differences of the last ones in λ = ln(signal / noise).
struct DPMSolver: Solver {
    let steps: [SamplingStep]
    let updates: [Update]
    private let algorithm: Algorithm
    private let parameterisation: Parameterisation
    private let limit: SampleLimit
    private let order: Int
    /// The last predictions, newest last.
    private var history: [Tensor] = []

    init(grid: SigmaGrid, from first: Int, config: SchedulerConfig) throws {
        let algorithm = Algorithm(config.text("algorithm_type"))
        let order = config.integer("solver_order")
        let heun = config.text("solver_type") == "heun"
        let levels = grid.sigmas.map { NoiseLevel(sigma: $0) }
        let orders = Self.orders(of: order, grid.timesteps.count, from: first, config)
        updates = orders.enumerated().map { k, order in
            let i = first + k
            return Update(
                algorithm, order: order, heun: heun, to: levels[i + 1], from: (0..<order).map { levels[i - $0] })
        }
        steps = SamplingStep.sequence(
            timesteps: Array(grid.timesteps.dropFirst(first)), levels: Array(levels.dropFirst(first)))
        self.algorithm = algorithm
        self.order = order
        parameterisation = config.parameterisation
        limit = SampleLimit(config)
        try config.checkFinite(updates.map(\.scalars), steps: steps, parameterisation)
    }

    /// The order of each step: it rises while history is short, and falls at the end where the configuration says so.
    private static func orders(of order: Int, _ count: Int, from first: Int, _ config: SchedulerConfig) -> [Int] {
        let fallsInShortRuns = config.flag("lower_order_final") && count < 15
        let endsWithFirst =
            fallsInShortRuns || config.flag("euler_at_final") || config.text("final_sigmas_type") == "zero"
        return (first..<count).map { i in
            if i == count - 1 && endsWithFirst { return 1 }
            let highest = i == count - 2 && fallsInShortRuns ? 2 : order
            return min(highest, order, i - first + 1)
        }
    }

    mutating func advance(
        _ sample: Tensor, output: Tensor, at step: SamplingStep, noise: StepNoise
    ) throws -> SolverUpdate {
        let prediction = try SplitOutput(output, for: sample).prediction
        let (converted, picture) = convert(prediction, sample, step.level)
        history = (history + [converted]).suffix(order)
        let update = updates[step.index]
        var next = update.sample * sample
        for (weight, difference) in zip(update.weights, update.differences(history)) {
            next = next + weight * difference
        }
        if algorithm.isStochastic { next = next + update.noise * (try noise()) }
        return SolverUpdate(sample: next, predictedPicture: picture)
    }

    /// What the algorithm extrapolates (picture or noise), and the picture, both within the limits.
    private func convert(_ output: Tensor, _ sample: Tensor, _ level: NoiseLevel) -> (Tensor, picture: Tensor) {
        if algorithm.predictsPicture {
            let picture = limit(parameterisation.picture(output, sample, level))
            return (picture, picture)
        }
        let epsilon = parameterisation.epsilon(output, sample, level)
        let picture = limit(Parameterisation.epsilon.picture(epsilon, sample, level))
        guard limit != .none else { return (epsilon, picture) }
        return (Parameterisation.epsilon(picture: picture, sample, level), picture)
    }
}

extension DPMSolver {
    struct Algorithm: Equatable {
        /// DPM-Solver++ extrapolates the clean picture, DPM-Solver the noise.
        let predictsPicture: Bool
        let isStochastic: Bool

        init(_ name: String) {
            predictsPicture = name.hasSuffix("++") || name == "deis"
            isStochastic = name.hasPrefix("sde")
        }
    }

    /// The scalars of one step.
    struct Update: Equatable {
        let sample: Float
        /// Of D_0, D_1, D_2: as many as the step's order.
        let weights: [Float]
        let noise: Float
        /// Earlier steps in λ, relative to this one.
        let ratios: [Float]

        /// - Parameter origins: the levels of the predictions in use, newest first; their number is the order.
        init(_ algorithm: Algorithm, order: Int, heun: Bool, to target: NoiseLevel, from origins: [NoiseLevel]) {
            let origin = origins[0]
            let lambdas = [target.logRatio] + origins.map(\.logRatio)
            let h = lambdas[0] - lambdas[1]
            ratios = (1..<order).map { (lambdas[$0] - lambdas[$0 + 1]) / h }
            let phi = Phi(algorithm, h)
            let scale = algorithm.predictsPicture ? target.signal : target.noise
            let all = [
                phi.factor * (scale * phi.one),
                order == 3 || heun ? phi.factor * (scale * phi.two) : 0.5 * phi.factor * (scale * phi.one),
                scale * phi.three,
            ]
            weights = Array(all.prefix(order))
            let ratio = algorithm.predictsPicture ? target.noise / origin.noise : target.signal / origin.signal
            sample = algorithm.predictsPicture && algorithm.isStochastic ? ratio * Numerics.exp(-h) : ratio
            noise = algorithm.isStochastic ? target.noise * phi.noise : 0
        }

        var scalars: [Float] { [sample, noise] + weights + ratios.map { 1 / $0 } }

        /// D_0, D_1, D_2 from the newest predictions.
        func differences(_ history: [Tensor]) -> [Tensor] {
            let recent = Array(history.reversed())
            guard let first = ratios.first else { return [recent[0]] }
            let slope = (1 / first) * (recent[0] - recent[1])
            guard ratios.count > 1 else { return [recent[0], slope] }
            let earlier = (1 / ratios[1]) * (recent[1] - recent[2])
            let bend = slope - earlier
            let sum = first + ratios[1]
            return [recent[0], slope + (first / sum) * bend, (1 / sum) * bend]
        }
    }

    /// The exponential integrals of a step of length h in λ, with the signs and roundings of each algorithm.
    private struct Phi {
        /// 2 for the stochastic solver in ε, whose drift is twice the deterministic one's.
        var factor: Float = 1
        let one: Float
        let two: Float
        let three: Float
        var noise: Float = 0

        init(_ algorithm: Algorithm, _ h: Float) {
            switch (algorithm.predictsPicture, algorithm.isStochastic) {
            case (true, false):
                let e = Numerics.exp(-h)
                one = -(e - 1)
                two = (e - 1) / h + 1
                three = -((e - 1 + h) / (h * h) - 0.5)
            case (true, true):
                let e = Numerics.exp(-2 * h)
                one = 1 - e
                two = (1 - e) / (-2 * h) + 1
                three = (1 - e - 2 * h) / ((2 * h) * (2 * h)) - 0.5
                noise = (1 - e).squareRoot()
            case (false, let isStochastic):
                let e = Numerics.exp(h)
                one = -(e - 1)
                two = -((e - 1) / h - 1)
                three = -((e - 1 - h) / (h * h) - 0.5)
                factor = isStochastic ? 2 : 1
                noise = (Numerics.exp(2 * h) - 1).squareRoot()
            }
        }
    }
}
