/// What pictures shall be made from. A task is data: a planner turns it into stages, and no engine has a method per task.
public enum ImageTask: Hashable, Sendable {
    /// Pictures that show what a text says.
    /// - Parameter negative: what they shall not show; empty for nothing in particular.
    case textToImage(prompt: String, negative: String = "")
    /// A picture with a region of it painted anew.
    case inpaint(Inpainting)
    /// A picture that goes on past its edges.
    case outpaint(Outpainting)
    /// Other pictures with the content and style of one.
    case variation(Variation)
    /// Pictures between pictures and texts.
    case blend(Blend)
    /// A picture moved along the difference of two texts.
    case textDifference(TextDifference)

    public var kind: TaskKind {
        switch self {
        case .textToImage: .textToImage
        case .inpaint: .inpaint
        case .outpaint: .outpaint
        case .variation: .variation
        case .blend: .blend
        case .textDifference: .textDifference
        }
    }

    /// How many pictures one take has: more than 1 for a series. A request makes `count` takes.
    public var frames: Int {
        switch self {
        case .textToImage, .inpaint, .outpaint, .variation: 1
        case .blend(let blend): blend.frames.count
        case .textDifference(let difference): difference.amounts.count
        }
    }
}

/// A task without its data, as capabilities, manifests and recipes name it.
public enum TaskKind: String, Codable, CaseIterable, Sendable, CodingKeyRepresentable {
    case textToImage = "text_to_image"
    case inpaint
    case outpaint
    case variation
    case blend
    case textDifference = "text_difference"
}
