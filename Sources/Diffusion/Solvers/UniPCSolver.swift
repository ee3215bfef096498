import Torch

/// UniPC (Zhao et al. 2023): a multistep predictor, and a corrector that reuses the next step's prediction.
struct UniPCSolver: Solver {
    let steps: [SamplingStep]
    let predictors: [Update]
    /// Of the sample that a step finds; nil where there is none.
    let correctors: [Update?]
    private let parameterisation: Parameterisation
    private let limit: SampleLimit
    private let predictsPicture: Bool
    private let order: Int
    /// The last predictions, newest last.
    private var history: [Tensor] = []
    /// The sample from which the last step started; nil if there is nothing to correct from.
    private var origin: Tensor?

    init(grid: SigmaGrid, from first: Int, config: SchedulerConfig) throws {
        let levels = grid.sigmas.map { NoiseLevel(sigma: $0) }
        let count = grid.timesteps.count
        let order = config.integer("solver_order")
        let method = Method(config)
        let orders = (first..<count).map { i in
            min(config.flag("lower_order_final") ? count - i : order, order, i - first + 1)
        }
        let uncorrected = Set((config.numbers("disable_corrector") ?? []).map { Int($0) })
        predictors = orders.enumerated().map { k, order in
            let i = first + k
            return Update(method, to: levels[i + 1], from: (0..<order).map { levels[i - $0] }, corrects: false)
        }
        correctors = orders.indices.map { k in
            let i = first + k
            guard k > 0, !uncorrected.contains(i - 1) else { return nil }
            return Update(method, to: levels[i], from: (1...orders[k - 1]).map { levels[i - $0] }, corrects: true)
        }
        steps = SamplingStep.sequence(
            timesteps: Array(grid.timesteps.dropFirst(first)), levels: Array(levels.dropFirst(first)))
        self.order = order
        predictsPicture = method.predictsPicture
        parameterisation = config.parameterisation
        limit = method.predictsPicture ? SampleLimit(config) : .none
        try config.checkFinite(
            zip(predictors, correctors).map { $0.scalars + ($1?.scalars ?? []) }, steps: steps, parameterisation)
    }

    mutating func advance(
        _ sample: Tensor, output: Tensor, at step: SamplingStep, noise: StepNoise
    ) throws -> SolverUpdate {
        let prediction = try SplitOutput(output, for: sample).prediction
        let picture = limit(parameterisation.picture(prediction, sample, step.level))
        let converted =
            predictsPicture ? picture : parameterisation.epsilon(prediction, sample, step.level)
        var start = sample
        if let corrector = correctors[step.index], let origin {
            start = corrector.apply(to: origin, history, newest: converted)
        }
        history = (history + [converted]).suffix(order)
        origin = start
        return SolverUpdate(
            sample: predictors[step.index].apply(to: start, history), predictedPicture: picture)
    }

    /// A corrector would undo the change, for it starts from the sample before.
    mutating func sampleWasReplaced() { origin = nil }
}

extension UniPCSolver {
    struct Method: Equatable {
        let predictsPicture: Bool
        /// B(h) = h (bh1) rather than e^h − 1 (bh2).
        let isLinear: Bool

        init(_ config: SchedulerConfig) {
            predictsPicture = config.flag("predict_x0")
            isLinear = config.text("solver_type") == "bh1"
        }
    }

    /// x_t = c · x_s + c_0 · m_0 + c_1 · (Σ ρ_k (m_k − m_0) / r_k + ρ (m_t − m_0)).
    struct Update: Equatable {
        let sample: Float
        let current: Float
        let residual: Float
        let ratios: [Float]
        /// ρ of the earlier predictions, and in a corrector of the newest, last.
        let weights: [Float]

        /// - Parameter origins: the levels of the predictions in use, newest first; their number is the order.
        init(_ method: Method, to target: NoiseLevel, from origins: [NoiseLevel], corrects: Bool) {
            let origin = origins[0]
            let lambda = origin.logRatio
            let h = target.logRatio - lambda
            let ratios = origins.dropFirst().map { ($0.logRatio - lambda) / h }
            let hh = method.predictsPicture ? -h : h
            let phi = Numerics.expm1(hh)
            let base = method.isLinear ? hh : phi
            let scale = method.predictsPicture ? target.signal : target.noise
            sample = method.predictsPicture ? target.noise / origin.noise : target.signal / origin.signal
            current = -(scale * phi)
            weights = Self.weights(ratios, hh, phi: phi, base: base, corrects: corrects)
            // Without differences the term vanishes, even where B(h) is infinite.
            residual = weights.isEmpty ? 0 : -(scale * base)
            self.ratios = ratios
        }

        /// Solves for ρ (Zhao et al. 2023, equation 10); the lowest orders use the published constants.
        private static func weights(
            _ ratios: [Float], _ hh: Float, phi: Float, base: Float, corrects: Bool
        ) -> [Float] {
            let size = corrects ? ratios.count + 1 : ratios.count
            if size == 0 { return [] }
            if size == 1 { return [0.5] }
            var rows: [[Float]] = []
            var right: [Float] = []
            var powers = [Float](repeating: 1, count: size)
            let nodes = Array((ratios + [1]).prefix(size))
            var term = phi / hh - 1
            var factorial = 1
            for i in 1...size {
                rows.append(powers)
                right.append(term * Float(factorial) / base)
                factorial *= i + 1
                term = term / hh - Float(1 / Double(factorial))
                powers = zip(powers, nodes).map { $0 * $1 }
            }
            return Numerics.solve(rows, right) ?? [Float](repeating: .nan, count: size)
        }

        var scalars: [Float] { [sample, current, residual] + weights + ratios.map { 1 / $0 } }

        /// - Parameters:
        ///   - history: predictions, newest last; the newest is m_0.
        ///   - newest: m_t, in a corrector.
        func apply(to x: Tensor, _ history: [Tensor], newest: Tensor? = nil) -> Tensor {
            let recent = Array(history.reversed())
            var differences = zip(ratios, recent.dropFirst()).map { ($1 - recent[0]) / $0 }
            if let newest { differences.append(newest - recent[0]) }
            let terms = zip(weights, differences).map { $0 * $1 }
            let base = sample * x + current * recent[0]
            guard let first = terms.first else { return base }
            return base + residual * terms.dropFirst().reduce(first, +)
        }
    }
}
