/// Something that makes pictures: the engine in this process, or a stand-in for tests.
public protocol ImageGenerator: Sendable {
    /// The names of the models that may be asked for, sorted; the default model first.
    func models() async throws -> [String]

    /// What a model (a name or folder; nil for the default one) can do. Loads no weights.
    /// - Throws: `GenerationError`.
    func capabilities(of model: String?) async throws -> Capabilities

    /// Works on a request. Ending or cancelling the consumption stops the work at the next step.
    ///
    /// The stream throws `GenerationError`, or `CancellationError` where the consuming task was cancelled. After the
    /// last `.picture` comes one `.finished`.
    func generate(_ request: ImageRequest) -> AsyncThrowingStream<ImageEvent, any Error>

    /// Works on requests with one `batchKey` together, which takes less time than one after the other and draws the
    /// same pictures. Every request gets its own events, `.finished` last; an error ends all of them.
    func generate(together requests: [ImageRequest]) -> AsyncThrowingStream<BatchEvent, any Error>

    /// Gives back the memory of models that no request needs now. They are loaded again when one does.
    func unload() async
}

/// An event of one of the requests that are worked on together.
public struct BatchEvent: Hashable, Sendable {
    /// The request's place in what was given.
    public var request: Int
    public var event: ImageEvent

    public init(request: Int, event: ImageEvent) {
        self.request = request
        self.event = event
    }
}

/// Requests with equal keys can be drawn in one batch.
public struct BatchKey: Hashable, Sendable {
    private let model: String?
    private let size: PictureSize?
    private let preset: String?
    private let stages: [String: StageSettings]
    private let candidates: Int?
    private let negative: String

    fileprivate init(_ request: ImageRequest, negative: String) {
        model = request.model
        size = request.size
        preset = request.preset
        stages = request.stages
        candidates = request.candidates
        self.negative = negative
    }
}

extension ImageRequest {
    /// What requests that are drawn together have in common; nil for a request that is drawn by itself.
    public var batchKey: BatchKey? {
        guard case .textToImage(_, let negative) = task else { return nil }
        return BatchKey(self, negative: negative)
    }
}

extension ImageGenerator {
    /// One request after the other.
    public func generate(together requests: [ImageRequest]) -> AsyncThrowingStream<BatchEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    for (index, request) in requests.enumerated() {
                        for try await event in generate(request) {
                            continuation.yield(BatchEvent(request: index, event: event))
                        }
                        try Task.checkCancellation()
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    public func unload() async {}

    /// All pictures of a request, in order.
    public func pictures(_ request: ImageRequest) async throws -> [GeneratedPicture] {
        var pictures: [GeneratedPicture] = []
        for try await event in generate(request) {
            if case .picture(let picture) = event { pictures.append(picture) }
        }
        try Task.checkCancellation()
        return pictures.sorted { $0.index < $1.index }
    }
}
