import Foundation
import NN
import Torch

/// What a run tells while it goes on.
public struct TrainingProgress: Sendable {
    public var step: Int
    public var steps: Int
    public var figures: [(name: String, value: Double)]
    public var samplesPerSecond: Double
    public var secondsLeft: Double
}

/// One run: a folder, an objective, and the loop between them.
///
/// The folder holds `config.json`, `log.jsonl` (a line of figures each few steps), `loss.svg`, `samples/`, `state/`
/// (what a resumed run continues from, bit for bit on the CPU) and, at the end, `model/` (the components in the
/// diffusers layout, averaged weights).
public final class TrainingRun {
    private let folder: URL
    private let config: TrainingConfig
    private let objective: any Objective
    private let optimizer: Optimizer
    private let average: AveragedWeights
    private let log: TrainingLog
    private var step = 0

    /// Opens the run's folder, and continues from its newest saved state if there is one.
    /// - Parameter description: the whole configuration as JSON; another one than the folder's is refused.
    public init(folder: URL, description: Data, config: TrainingConfig, objective: any Objective) throws {
        self.folder = folder
        self.config = config
        self.objective = objective
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.claim(folder, description)
        optimizer = Optimizer(objective.parameters, config)
        average = AveragedWeights(objective.parameters)
        log = TrainingLog(folder: folder)
        if let state = try RunState.newest(in: folder) {
            try state.restore(everything)
            step = state.step
        }
    }

    /// The number of updates made.
    public var stepsDone: Int { step }

    /// Trains until the last step, or until `isCancelled` says so; saves either way. Returns true at the last step.
    @discardableResult
    public func run(
        isCancelled: () -> Bool = { false }, progress: (TrainingProgress) -> Void = { _ in }
    ) throws -> Bool {
        if step > 0 { log.cut(after: step) }
        var clock = StepClock(batch: config.batch)
        while step < config.steps {
            if isCancelled() {
                try save()
                return false
            }
            let figures = try update()
            step += 1
            clock.tick()
            if step % config.logEvery == 0 || step == config.steps {
                let values = try figures.map { (name: $0.name, value: try $0.value.item()) }
                guard let loss = values.first?.value, loss.isFinite else { throw TrainingError.diverged(step: step) }
                try log.append(step: step, values)
                progress(
                    TrainingProgress(
                        step: step, steps: config.steps, figures: values, samplesPerSecond: clock.samplesPerSecond,
                        secondsLeft: clock.secondsPerStep * Double(config.steps - step)))
            }
            if step % config.saveEvery == 0, step < config.steps { try save() }
            if config.sampleEvery > 0, step % config.sampleEvery == 0 || step == config.steps { try sample() }
        }
        try save()
        try export()
        return true
    }

    /// One update: gradients of all parts, clipped, then the optimiser's step and the average.
    private func update() throws -> [(name: String, value: Tensor)] {
        optimizer.clearGradients()
        var shown: [(name: String, value: Tensor)] = []
        for part in 0..<config.accumulation {
            let place = StepPlace(seed: config.seed, step: step, part: part)
            let (loss, figures) = try objective.loss(at: place)
            try (loss / Double(config.accumulation)).backward()
            if part == 0 { shown = [("loss", loss.detach())] + figures }
        }
        let rate = config.rate(at: step)
        let norm = optimizer.step(rate: rate, config)
        average.update(decay: config.emaDecay(at: step))
        return shown + [("gradient_norm", norm), ("rate", .full([], rate))]
    }

    private var everything: [(key: String, tensor: Tensor)] {
        objective.parameters.map { ("live/" + $0.key, $0.tensor) } + average.state + optimizer.state
    }

    /// Writes the state of this step and forgets the oldest ones.
    public func save() throws {
        try RunState.save(everything, step: step, in: folder)
        try RunState.prune(in: folder, keep: config.keep)
        try log.plot()
    }

    private func sample() throws {
        let picture = try average.inPlace { try objective.sample(seed: config.seed) }
        guard let picture else { return }
        let samples = folder.appending(path: "samples")
        try FileManager.default.createDirectory(at: samples, withIntermediateDirectories: true)
        let name = String(format: "step-%07d.png", step)
        try Data(picture.png).write(to: samples.appending(path: name), options: .atomic)
    }

    /// Writes the averaged weights as components in the diffusers layout to `model/`.
    public func export(dtype: DType = .float32) throws {
        try average.inPlace { try objective.export(to: folder.appending(path: "model"), dtype: dtype) }
    }

    /// A run's folder belongs to one configuration.
    private static func claim(_ folder: URL, _ description: Data) throws {
        let file = folder.appending(path: "config.json")
        guard let existing = try? Data(contentsOf: file) else {
            return try description.write(to: file, options: .atomic)
        }
        if existing != description { throw TrainingError.otherRun(folder: folder.lastPathComponent) }
    }
}

/// Measures the speed of the last steps, so that a pause does not spoil the forecast.
struct StepClock {
    private let batch: Int
    private var last = ContinuousClock.now
    private(set) var secondsPerStep = 0.0

    init(batch: Int) { self.batch = batch }

    mutating func tick() {
        let now = ContinuousClock.now
        let seconds = (now - last) / .seconds(1)
        last = now
        secondsPerStep = secondsPerStep == 0 ? seconds : 0.95 * secondsPerStep + 0.05 * seconds
    }

    var samplesPerSecond: Double { secondsPerStep > 0 ? Double(batch) / secondsPerStep : 0 }
}
