import Imaging

/// A picture with a region of it painted anew (Ramesh et al. 2022, section 3; Nichol et al. 2022, section 3.2).
///
/// Pixels that the mask keeps wholly (255) come back bit for bit. A picture of another size than the model's is edited
/// in a window around the region.
public struct Inpainting: Hashable, Sendable {
    public var picture: ImageBuffer
    /// Of the picture's size; nil takes the picture's own alpha.
    public var mask: Mask?
    public var prompt: String
    public var negative: String
    public var method: KnownRegionMethod
    /// Over how many pixels, inwards from the region's edge, what was painted is blended with what was there.
    public var feather: Int
    /// How much of its surroundings the model sees, as a share of the region's longer side on each side of it.
    public var context: Double

    public init(
        _ picture: ImageBuffer, mask: Mask? = nil, prompt: String, negative: String = "",
        method: KnownRegionMethod = .automatic, feather: Int = 0, context: Double = 0.5
    ) {
        self.picture = picture
        self.mask = mask
        self.prompt = prompt
        self.negative = negative
        self.method = method
        self.feather = feather
        self.context = context
    }
}

/// How the known part of a picture is imposed while the rest is drawn.
public enum KnownRegionMethod: Hashable, Codable, Sendable {
    /// `conditioning` where the model was trained for it, else `resampling` with its usual numbers.
    case automatic
    /// The decoder is shown the known picture and the mask in channels of their own.
    case conditioning
    /// The known picture, noised alike, replaces the sample there at every step, and the run goes back and forth in
    /// time so that the two parts come to fit each other (RePaint; Lugmayr et al. 2022). Works with any model.
    case resampling(Resampling = Resampling())
}

/// RePaint's walk in time: after every `length` steps the run goes back by as many, `repeats` − 1 times.
public struct Resampling: Hashable, Codable, Sendable {
    /// Steps of a jump back; RePaint's `jump_length`.
    public var length: Int
    /// How often each stretch is walked; 1 never goes back. RePaint's `jump_n_sample`.
    public var repeats: Int

    public init(length: Int = 5, repeats: Int = 3) {
        self.length = length
        self.repeats = repeats
    }
}
