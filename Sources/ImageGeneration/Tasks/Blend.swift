import Imaging

/// Pictures between pictures and texts: their embeddings are interpolated on the sphere
/// (Ramesh et al. 2022, section 3.2).
public struct Blend: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        case picture(ImageBuffer)
        case text(String)
    }

    /// What the frames of a series have in common beside their sources.
    public enum Noise: String, Codable, CaseIterable, Sendable {
        /// Every frame begins with the same noise.
        case shared
        /// Every source has noise of its own, and a frame's is interpolated like its embedding.
        case slerped
    }

    public static let sourceCounts = 2...8
    public static let maximumFrames = 64

    public var sources: [Source]
    /// A row of weights for each frame, as many as there are sources; none negative, and not all zero. They count by
    /// their shares.
    public var frames: [[Double]]
    public var noise: Noise

    public init(_ sources: [Source], weights: [Double], noise: Noise = .shared) {
        self.sources = sources
        self.frames = [weights]
        self.noise = noise
    }

    /// A series from one source to another, both included, in equal steps.
    public init(from first: Source, to last: Source, frames: Int, noise: Noise = .shared) {
        sources = [first, last]
        self.frames = (0..<max(0, frames)).map { index in
            let share = frames > 1 ? Double(index) / Double(frames - 1) : 0.5
            return [1 - share, share]
        }
        self.noise = noise
    }
}
