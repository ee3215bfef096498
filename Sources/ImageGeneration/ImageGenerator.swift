/// Something that makes pictures: the engine in this process, or a stand-in for tests.
public protocol ImageGenerator: Sendable {
    /// What a model (a name or folder; nil for the default one) can do. Loads no weights.
    /// - Throws: `GenerationError`.
    func capabilities(of model: String?) async throws -> Capabilities

    /// Works on a request. Ending or cancelling the consumption stops the work at the next step.
    ///
    /// The stream throws `GenerationError`, or `CancellationError` where the consuming task was cancelled. After the
    /// last `.picture` comes one `.finished`.
    func generate(_ request: ImageRequest) -> AsyncThrowingStream<ImageEvent, any Error>
}

extension ImageGenerator {
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
