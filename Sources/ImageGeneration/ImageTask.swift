import Imaging

/// What a picture shall be made from. A task is data: a planner turns it into stages, and no engine has a method per task.
public enum ImageTask: Hashable, Sendable {
    /// Pictures that show what a text says.
    /// - Parameter negative: what they shall not show; empty for nothing in particular.
    case textToImage(prompt: String, negative: String = "")
    /// Other pictures with the content and style of this one.
    case variation(of: ImageBuffer)

    public var kind: TaskKind {
        switch self {
        case .textToImage: .textToImage
        case .variation: .variation
        }
    }
}

/// A task without its data, as capabilities and manifests name it.
public enum TaskKind: String, Codable, CaseIterable, Sendable, CodingKeyRepresentable {
    case textToImage = "text_to_image"
    case variation
}
