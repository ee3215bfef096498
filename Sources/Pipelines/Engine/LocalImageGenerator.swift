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
        /// How many pictures are drawn together; more take more memory.
        public var batch: Int

        public init(device: Device = .cpu, dtype: DType = .float32, batch: Int = 4) {
            self.device = device
            self.dtype = dtype
            self.batch = max(1, batch)
        }
    }

    public let options: Options
    private let registry: ModelRegistry
    private let worker = TorchWorker()
    private let queue = RequestQueue()

    public init(library: ModelLibrary, options: Options = Options()) {
        self.options = options
        registry = ModelRegistry(library: library, worker: worker, device: options.device, dtype: options.dtype)
    }

    public func capabilities(of model: String?) async throws -> Capabilities {
        try ModelRegistry.describe(model, in: registry.library).capabilities
    }

    public func generate(_ request: ImageRequest) -> AsyncThrowingStream<ImageEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await work(on: request) { continuation.yield($0) }
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

    private func work(on request: ImageRequest, _ emit: @escaping @Sendable (ImageEvent) -> Void) async throws {
        // A request that the model cannot do is refused before it waits and before anything is loaded.
        let description = try ModelRegistry.describe(request.model, in: registry.library)
        let plan = try plan(for: request, model: description)
        try await queue.turn { ahead in
            if ahead > 0 { emit(.queued(ahead: ahead)) }
        } body: {
            try Task.checkCancellation()
            emit(.loading(model: description.name))
            let loaded = try await self.registry.model(request.model)
            let summary = try await self.worker.run(with: loaded.model) { [options] model in
                try PlanExecution(
                    plan: plan, model: model, options: options, name: description.name, previews: request.previews,
                    emit: emit
                ).run()
            }
            emit(.finished(summary))
        }
    }

    private func plan(for request: ImageRequest, model: ModelDescription) throws -> GenerationPlan {
        let seed = request.seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        return try Pipelines.plan(for: request, seed: seed, model: model)
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
