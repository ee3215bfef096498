/// A picture of which a part is known, painted frame by frame.
///
/// Pixels that the mask keeps wholly (255) are never written: they leave as they came, in all channels. Where it keeps in
/// part, what was there and what is painted are blended by its share.
public struct Canvas: Hashable, Sendable {
    /// 3 channels, 4 where the picture has alpha: what is painted in colour on grey is colour.
    private var picture: ImageBuffer
    /// How much of what was there stays.
    private let share: Mask
    /// 255 what is known by now: kept from the beginning, or painted.
    private var known: Mask
    private let seed: UInt64

    /// - Parameters:
    ///   - picture: what the mask does not keep wholly means nothing to a model.
    ///   - mask: of the picture's size.
    ///   - feather: over how many pixels, inwards from the edge of what is painted, old and new are blended.
    ///   - seed: of the grain in what is filled where nothing is known yet.
    public init(_ picture: ImageBuffer, mask: Mask, feather: Int = 0, seed: UInt64 = 0) {
        precondition(
            (mask.width, mask.height) == (picture.width, picture.height), "a canvas's mask has the picture's size")
        self.picture = picture.converted(channels: picture.hasAlpha ? 4 : 3)
        share = mask.feathered(by: feather)
        known = mask
        self.seed = seed
    }

    /// What a model sees of a frame: `side` × `side` pixels, 3 channels (transparency over white), with what is unknown
    /// filled from what is known; and which of them are known (255).
    /// - Throws: `ImageError.invalidArgument` if `side` is below 1 or the frame lies outside the picture.
    public func view(of frame: Frame, side: Int) throws -> (picture: ImageBuffer, mask: Mask) {
        let part = try part(of: frame)
        let columns = GridCells(picture.width, in: frame.x, side: frame.side, over: side)
        let rows = GridCells(picture.height, in: frame.y, side: frame.side, over: side)
        // Known as alpha: no colour of what is unknown comes into what is known.
        let opaque = try known.coverage.cropped(to: part).thresholded()
        let seen = try picture.cropped(to: part).flattened(on: .white).withAlpha(opaque)
        let (across, down) = (columns.box, rows.box)
        let scaled = seen.resampled(
            from: .init(
                x: across.start - Double(part.x), y: down.start - Double(part.y), width: across.extent,
                height: down.extent), width: columns.count, height: rows.count, filter: .lanczos3)
        let cells = known.pooled(columns: columns, rows: rows)
        var (samples, weights) = (
            [UInt8](repeating: 0, count: side * side * 3), [Float](repeating: 0, count: side * side)
        )
        var coverage = [UInt8](repeating: 0, count: side * side)
        for y in 0..<rows.count {
            for x in 0..<columns.count {
                let (from, to) = (y * columns.count + x, (rows.first + y) * side + columns.first + x)
                let isKnown = cells.coverage.samples[from] == 255
                coverage[to] = isKnown ? 255 : 0
                weights[to] = isKnown ? 1 : Float(scaled.samples[from * 4 + 3]) / 256
                for channel in 0..<3 { samples[to * 3 + channel] = scaled.samples[from * 4 + channel] }
            }
        }
        let filled = UnknownFill(seed: seed).filled(ImageBuffer(unchecked: side, side, 3, samples), weights: weights)
        return (filled, Mask(unchecked: side, side, coverage))
    }

    /// Puts what was painted in a frame where the picture is not known yet: resized to the frame, its colours matched and
    /// its seam joined to what is known. From then on it is known too.
    /// - Throws: `ImageError.invalidArgument` if the frame lies outside the picture.
    public mutating func paint(_ image: ImageBuffer, in frame: Frame) throws {
        let part = try part(of: frame)
        let scale = (Double(image.width) / Double(frame.side), Double(image.height) / Double(frame.side))
        let painted = image.flattened(on: .white).converted(channels: 3).resampled(
            from: .init(
                x: Double(part.x - frame.x) * scale.0, y: Double(part.y - frame.y) * scale.1,
                width: Double(part.width) * scale.0, height: Double(part.height) * scale.1),
            width: part.width, height: part.height, filter: .lanczos3)
        let isKnown = try known.coverage.cropped(to: part).samples.map { $0 == 255 }
        let joined = Seam(known: isKnown, width: part.width, height: part.height)
            .joined(painted, to: try picture.cropped(to: part).flattened(on: .white))
        var coverage = known.coverage
        for pixel in isKnown.indices where !isKnown[pixel] {
            let place = (part.y + pixel / part.width) * picture.width + part.x + pixel % part.width
            blend(joined.samples[pixel * 3..<pixel * 3 + 3], into: place)
            coverage.samples[place] = 255
        }
        known = Mask(unchecked: known.width, known.height, coverage.samples)
    }

    /// The picture as it is now.
    public func finished() throws -> ImageBuffer { picture }

    /// Mixes an opaque colour with what is there, by the share of that which stays and by its alpha.
    private mutating func blend(_ color: ArraySlice<UInt8>, into pixel: Int) {
        let start = pixel * picture.channels
        let stays = Int(share.coverage.samples[pixel])
        let alpha = picture.hasAlpha ? Int(picture.samples[start + 3]) : 255
        let (old, new) = (stays * alpha, (255 - stays) * 255)
        guard old + new > 0 else { return }
        for (channel, painted) in color.enumerated() {
            let sum = old * Int(picture.samples[start + channel]) + new * Int(painted)
            picture.samples[start + channel] = UInt8((sum + (old + new) / 2) / (old + new))
        }
        if picture.hasAlpha { picture.samples[start + 3] = UInt8((old + new + 127) / 255) }
    }

    /// The part of a frame that lies inside the picture.
    private func part(of frame: Frame) throws -> PixelRectangle {
        let part = frame.rectangle.intersection(picture.bounds)
        guard !part.isEmpty else {
            throw ImageError.invalidArgument(
                "The frame of \(frame.side) pixels at (\(frame.x), \(frame.y)) lies outside the picture of \(picture.width) × \(picture.height)."
            )
        }
        return part
    }
}

extension ImageBuffer {
    /// Without alpha: the colours as they are stored.
    public var opaque: ImageBuffer { converted(channels: colorChannels) }

    /// With room around it, and the mask that keeps the picture and paints the room.
    /// - Throws: `ImageError.invalidArgument` for a negative width of the room, and for more pixels than can be.
    public func grown(left: Int, top: Int, right: Int, bottom: Int) throws -> (picture: ImageBuffer, mask: Mask) {
        let limit = 1 << 30
        guard [left, top, right, bottom].allSatisfy({ (0...limit).contains($0) }) else {
            throw ImageError.invalidArgument(
                "A picture grows by 0 to \(limit) pixels on a side, not \(left), \(top), \(right), \(bottom).")
        }
        let (newWidth, newHeight) = (left + width + right, top + height + bottom)
        try Self.check(width: newWidth, height: newHeight, channels: channels)
        var grown = ImageBuffer(
            unchecked: newWidth, newHeight, channels, Array(repeating: 0, count: newWidth * newHeight * channels))
        grown.paste(self, x: left, y: top)
        var coverage = ImageBuffer(
            unchecked: newWidth, newHeight, 1, Array(repeating: 0, count: newWidth * newHeight))
        coverage.paste(try ImageBuffer(width: width, height: height, channels: 1, color: .white), x: left, y: top)
        return (grown, try Mask(coverage: coverage))
    }

    /// 255 where a sample is, 0 elsewhere.
    fileprivate func thresholded() -> ImageBuffer {
        ImageBuffer(unchecked: width, height, channels, samples.map { $0 == 255 ? 255 : 0 })
    }
}
