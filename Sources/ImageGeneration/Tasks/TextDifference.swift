import Imaging

/// A picture moved along the difference of two texts, from the noise that it inverts to
/// (Ramesh et al. 2022, section 3.3: slerp(z_i, norm(z_t − z_t0), θ)).
public struct TextDifference: Hashable, Sendable {
    /// θ: the share of the way from the picture's embedding to the difference.
    public static let amounts = 0.0...0.5

    public var picture: ImageBuffer
    /// What the picture shows, such as "a photo of a cat".
    public var from: String
    /// What it shall show, such as "a photo of a lion".
    public var to: String
    /// θ of each frame, in `TextDifference.amounts`.
    public var amounts: [Double]

    public init(_ picture: ImageBuffer, from: String, to: String, amounts: [Double] = [0.35]) {
        self.picture = picture
        self.from = from
        self.to = to
        self.amounts = amounts
    }

    /// A series from the picture as it is to θ = `amount`, in equal steps.
    public init(_ picture: ImageBuffer, from: String, to: String, upTo amount: Double, frames: Int) {
        self.init(
            picture, from: from, to: to,
            amounts: frames > 1
                ? (0..<frames).map { amount * Double($0) / Double(frames - 1) } : [amount])
    }
}
