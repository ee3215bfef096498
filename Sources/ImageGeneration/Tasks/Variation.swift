import Imaging

/// Other pictures with the content and style of one: drawn from its CLIP embedding, without a prior
/// (Ramesh et al. 2022, section 3.1).
public struct Variation: Hashable, Sendable {
    public var picture: ImageBuffer
    /// What else the pictures shall show; empty for nothing in particular.
    public var prompt: String
    public var negative: String
    /// 0 draws the picture itself again, from the noise that it inverts to; 1 draws from fresh noise. Between them the
    /// two are mixed, and DDIM's η grows with it.
    public var strength: Double

    public init(of picture: ImageBuffer, prompt: String = "", negative: String = "", strength: Double = 1) {
        self.picture = picture
        self.prompt = prompt
        self.negative = negative
        self.strength = strength
    }
}
