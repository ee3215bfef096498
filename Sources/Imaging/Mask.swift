/// Which part of a picture is kept and which is painted anew.
///
/// 255 is kept, 0 is painted anew, between them the two are blended: the alpha channel of a mask picture as it is.
public struct Mask: Hashable, Sendable {
    /// One channel.
    public let coverage: ImageBuffer

    public var width: Int { coverage.width }
    public var height: Int { coverage.height }

    /// - Throws: `ImageError.invalidArgument` if `coverage` has more than one channel.
    public init(coverage: ImageBuffer) throws {
        guard coverage.channels == 1 else {
            throw ImageError.invalidArgument("A mask's coverage has 1 channel, not \(coverage.channels).")
        }
        self.coverage = coverage
    }

    /// Takes the alpha of a picture.
    /// - Throws: `ImageError.invalidArgument` if the picture has none.
    public init(alphaOf picture: ImageBuffer) throws {
        guard let alpha = picture.alphaPlane else {
            throw ImageError.invalidArgument(
                "The mask has no transparency. Send a PNG or WebP that is transparent where the picture should be painted anew."
            )
        }
        coverage = alpha
    }

    /// Nothing is to be painted.
    public var keepsAll: Bool { coverage.samples.allSatisfy { $0 == 255 } }

    /// Everything is to be painted.
    public var keepsNothing: Bool { coverage.samples.allSatisfy { $0 == 0 } }

    /// - Throws: `ImageError.invalidArgument` if a size is below 1.
    public func resized(width: Int, height: Int, filter: ResizeFilter = .box) throws -> Mask {
        try Mask(coverage: coverage.resized(width: width, height: height, filter: filter))
    }
}
