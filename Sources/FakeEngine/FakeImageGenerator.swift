import ImageGeneration
import Imaging
import Synchronization

/// A stand-in for an engine: draws pleasant gradients that depend on the seed and the request alone, as fast or as slowly
/// as it is told. For tests of everything above an engine.
public struct FakeImageGenerator: ImageGenerator {
    public struct Options: Sendable {
        /// The models' names, the default one first.
        public var models = ["fake-mini"]
        public var size = 256
        /// Steps of each of the two stages.
        public var steps = 4
        /// How long a step takes, whatever the batch.
        public var stepTime = Duration.zero
        /// How long the first request of a model waits for it.
        public var loadTime = Duration.zero
        /// A request whose prompt contains this fails after its first stage.
        public var failingPrompt = "fail please"
        /// The size of the drawn pictures where a request names none; smaller ones make load tests lighter.
        public var tasks = Set(TaskKind.allCases)

        public init() {}
    }

    private let options: Options
    private let loaded = LoadedModels()

    public init(_ options: Options = Options()) { self.options = options }

    public func models() async throws -> [String] { options.models }

    public func capabilities(of model: String?) async throws -> Capabilities {
        let name = model ?? options.models.first ?? ""
        guard options.models.contains(name) else {
            throw GenerationError(.unknownModel, parameter: "model", "there is no model '\(name)'")
        }
        let stages = ["prior", "decoder"].map {
            Capabilities.Stage(name: $0, steps: options.steps, guidance: 4, solver: "ddim")
        }
        return Capabilities(
            model: name, family: "fake", license: "Apache-2.0", tasks: options.tasks,
            nativeSize: PictureSize(square: options.size),
            sizes: [64, 256, 512, 1024].map(PictureSize.init(square:)), presets: ["draft", "standard"],
            defaultPreset: "standard", stages: stages)
    }

    public func generate(_ request: ImageRequest) -> AsyncThrowingStream<ImageEvent, any Error> {
        stream { yield in
            try await draw([request]) { yield($1) }
        }
    }

    public func generate(together requests: [ImageRequest]) -> AsyncThrowingStream<BatchEvent, any Error> {
        stream { yield in
            guard let first = requests.first?.batchKey, requests.allSatisfy({ $0.batchKey == first }) else {
                throw GenerationError.invalid("batch", "the requests cannot be drawn together")
            }
            try await draw(requests) { yield(BatchEvent(request: $0, event: $1)) }
        }
    }

    public func unload() async { loaded.forgetAll() }

    private func stream<Event: Sendable>(
        _ work: @escaping @Sendable (@escaping @Sendable (Event) -> Void) async throws -> Void
    ) -> AsyncThrowingStream<Event, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await work { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func draw(
        _ requests: [ImageRequest], tell: @escaping @Sendable (Int, ImageEvent) -> Void
    ) async throws {
        for request in requests {
            try request.validate()
            let known = try await capabilities(of: request.model)
            guard known.tasks.contains(request.task.kind) else {
                throw GenerationError.unsupported("task", "this model cannot do \(request.task.kind.rawValue)")
            }
        }
        guard let model = requests.first.map({ $0.model ?? options.models[0] }) else { return }
        if loaded.isNew(model) {
            for index in requests.indices { tell(index, .loading(model: model)) }
            try await Task.sleep(for: options.loadTime)
        }
        let seeds = requests.map { $0.seed ?? UInt64.random(in: 0..<1 << 32) }
        let clock = ContinuousClock()
        let start = clock.now
        try await runStages(requests, seeds: seeds, tell: tell)
        for (index, request) in requests.enumerated() {
            for place in 0..<request.count * request.task.frames {
                try Task.checkCancellation()
                let seed = seeds[index] &+ UInt64(place % request.count)
                let image = try FakePicture(request, seed: seed, place: place, native: options.size).drawn()
                tell(index, .picture(GeneratedPicture(index: place, seed: seed, image: image)))
            }
            let seconds = (clock.now - start) / .seconds(1)
            tell(index, .finished(summary(request, model: model, seconds: seconds)))
        }
    }

    private func runStages(
        _ requests: [ImageRequest], seeds: [UInt64], tell: @escaping @Sendable (Int, ImageEvent) -> Void
    ) async throws {
        let names = ["prior", "decoder"]
        for (number, name) in names.enumerated() {
            for step in 1...options.steps {
                if options.stepTime > .zero { try await Task.sleep(for: options.stepTime) }
                try Task.checkCancellation()
                let fraction = Double(number * options.steps + step) / Double(names.count * options.steps)
                for (index, request) in requests.enumerated() {
                    tell(
                        index,
                        .progress(
                            GenerationProgress(stage: name, step: step, steps: options.steps, fraction: fraction)))
                    if name == "decoder" { try preview(request, index, seeds[index], step, tell) }
                }
            }
            if requests.contains(where: { $0.task.words.contains(options.failingPrompt) }) {
                throw GenerationError(.engineFailed, "the fake engine failed as it was asked to")
            }
        }
    }

    /// Previews come at equal distances before the last step.
    private func preview(
        _ request: ImageRequest, _ index: Int, _ seed: UInt64, _ step: Int,
        _ tell: @Sendable (Int, ImageEvent) -> Void
    ) throws {
        let wanted = min(request.previews, options.steps - 1)
        guard wanted > 0, step < options.steps else { return }
        let places = (1...wanted).map { $0 * options.steps / (wanted + 1) }
        guard places.contains(step) else { return }
        for place in 0..<request.count * request.task.frames {
            let picture = FakePicture(
                request, seed: seed &+ UInt64(place % request.count), place: place, native: options.size,
                sharpness: Double(step) / Double(options.steps))
            tell(index, .preview(index: place, try picture.drawn()))
        }
    }

    private func summary(_ request: ImageRequest, model: String, seconds: Double) -> GenerationSummary {
        GenerationSummary(
            model: model, device: "none", dtype: "uint8",
            stages: ["prior", "decoder"].map {
                GenerationSummary.Stage(
                    name: $0, solver: "ddim", steps: options.steps, guidance: 4, seconds: seconds / 2)
            },
            seconds: seconds)
    }
}

/// Which models were asked for since the last `unload`.
private final class LoadedModels: Sendable {
    private let names = Mutex<Set<String>>([])

    func isNew(_ name: String) -> Bool { names.withLock { $0.insert(name).inserted } }

    func forgetAll() { names.withLock { $0 = [] } }
}

extension ImageTask {
    /// All texts of the task.
    var words: String {
        switch self {
        case .textToImage(let prompt, _): prompt
        case .inpaint(let task): task.prompt
        case .outpaint(let task): task.prompt
        case .variation(let task): task.prompt
        case .blend(let task):
            task.sources.map { if case .text(let text) = $0 { text } else { "" } }.joined(separator: " ")
        case .textDifference(let task): "\(task.from) \(task.to)"
        }
    }
}
