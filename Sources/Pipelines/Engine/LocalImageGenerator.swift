import Diffusion
import Foundation
import ImageGeneration
import Imaging
import Torch

/// The engine in this process: plans a request, runs it on one worker thread, and streams what happens.
public final class LocalImageGenerator: ImageGenerator {
    public struct Options: Hashable, Sendable {
        public var device: Device
        public var dtype: DType
        /// How many pictures are drawn together at most; more take more memory. Nil: as many as suit the model.
        public var batch: Int?
        /// How networks are held in memory. Pictures are the same in both ways.
        public var residency: Residency

        public init(
            device: Device = .cpu, dtype: DType = .float32, batch: Int? = nil, residency: Residency = .all
        ) {
            self.device = device
            self.dtype = dtype
            self.batch = batch.map { max(1, $0) }
            self.residency = residency
        }
    }

    public let options: Options
    private let registry: ModelRegistry
    private let worker = TorchWorker()
    private let queue = RequestQueue()

    public init(library: ModelLibrary, options: Options = Options()) {
        self.options = options
        registry = ModelRegistry(
            library: library, worker: worker, device: options.device, dtype: options.dtype,
            residency: options.residency)
    }

    public func models() async throws -> [String] {
        let usual = registry.library.defaultModel
        return [usual] + registry.library.names.filter { $0 != usual }
    }

    public func capabilities(of model: String?) async throws -> Capabilities {
        try ModelRegistry.describe(model, in: registry.library).capabilities
    }

    public func generate(_ request: ImageRequest) -> AsyncThrowingStream<ImageEvent, any Error> {
        stream { emit in try await self.work(on: [request]) { emit($0.event) } }
    }

    public func generate(together requests: [ImageRequest]) -> AsyncThrowingStream<BatchEvent, any Error> {
        stream { emit in try await self.work(on: requests, emit) }
    }

    public func unload() async {
        await registry.unload()
    }

    /// A stream of what the work emits; ending it cancels the work.
    private func stream<Event: Sendable>(
        _ work: @escaping @Sendable (@escaping @Sendable (Event) -> Void) async throws -> Void
    ) -> AsyncThrowingStream<Event, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await work { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: GenerationError(cause: error) ?? error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// The CLIP image embeddings that a request's pictures are drawn from, one a picture, not normalised: what the
    /// prior makes of the text, or what the pictures' own are.
    /// - Throws: `GenerationError`; `CancellationError` where the task was cancelled.
    public func imageEmbeddings(_ request: ImageRequest) async throws -> [[Float]] {
        let description = try ModelRegistry.describe(request.model, in: registry.library)
        let plan = try plan(for: request, model: description)
        do {
            return try await queue.turn(announce: { _ in }) {
                try Task.checkCancellation()
                let loaded = try await self.registry.model(request.model)
                return try await self.worker.run(with: loaded.model) { model in
                    let embeddings = try plan.imageEmbeddings(on: model)
                    let width = embeddings.size(1)
                    let values = try embeddings.floats()
                    return (0..<plan.count).map { Array(values[$0 * width..<($0 + 1) * width]) }
                }
            }
        } catch {
            throw GenerationError(cause: error) ?? error
        }
    }

    /// Waits until no request is being worked on: a cancelled one goes on until its step is done.
    public func drain() async {
        try? await queue.turn(announce: { _ in }, body: {})
    }

    /// Works on requests that are drawn as one batch, and tells of each event as it happens.
    /// - Throws: `CancellationError` at the first step after the task was cancelled; what the parts below throw.
    func work(on requests: [ImageRequest], _ emit: @escaping @Sendable (BatchEvent) -> Void) async throws {
        guard let first = requests.first else { return }
        // A request that the model cannot do is refused before it waits and before anything is loaded.
        let description = try ModelRegistry.describe(first.model, in: registry.library)
        let batch = try PlanBatch(try requests.map { try plan(for: $0, model: description) })
        let tellAll = { @Sendable (event: ImageEvent) in
            for request in requests.indices { emit(BatchEvent(request: request, event: event)) }
        }
        try await queue.turn { ahead in
            if ahead > 0 { tellAll(.queued(ahead: ahead)) }
        } body: {
            try Task.checkCancellation()
            tellAll(.loading(model: description.name))
            let loaded = try await self.registry.model(first.model)
            let recipes = await self.recipes(requests, model: description.name)
            let summary = try await self.worker.run(with: loaded.model) { [options] model in
                try PlanExecution(
                    plan: batch.plan, model: model, options: options, name: description.name,
                    previews: requests.map(\.previews).max() ?? 0,
                    emit: { event in
                        for told in batch.events(of: event, previews: requests.map(\.previews)) {
                            emit(told.with(recipes[told.request]))
                        }
                    }
                ).run()
            }
            tellAll(.finished(summary))
        }
    }

    /// What the requests' pictures will carry. The first time, the model's files are read for their digest.
    private func recipes(_ requests: [ImageRequest], model: String) async -> [RecipeBook] {
        let installed = try? registry.library.locate(requests.first?.model)
        let digest = installed.flatMap { try? ModelDigest().digest(of: $0.folder) }
        return requests.map {
            // The folder's or the repository's name: by that the model is found again.
            RecipeBook(
                $0, model: installed?.name ?? model, digest: digest, device: "\(options.device)",
                dtype: options.dtype.name)
        }
    }

    private func plan(for request: ImageRequest, model: ModelDescription) throws -> GenerationPlan {
        let seed = request.seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        return try Pipelines.plan(for: request, seed: seed, model: model)
    }
}

extension BatchEvent {
    /// A finished picture gets its recipe.
    fileprivate func with(_ recipes: RecipeBook) -> BatchEvent {
        guard case .picture(var picture) = event else { return self }
        picture.recipe = recipes.recipe(index: picture.index, seed: picture.seed)
        return BatchEvent(request: request, event: .picture(picture))
    }
}

/// Lets one request after the other do its work, in the order of arrival.
private actor RequestQueue {
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isBusy = false

    func turn<R: Sendable>(announce: (Int) -> Void, body: @Sendable () async throws -> R) async throws -> R {
        announce(waiting.count + (isBusy ? 1 : 0))
        if isBusy {
            await withCheckedContinuation { waiting.append($0) }
        }
        isBusy = true
        defer {
            if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
        }
        return try await body()
    }
}
