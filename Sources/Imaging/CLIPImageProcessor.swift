/// What CLIP's image encoder does to a picture before it looks at it, read from `preprocessor_config.json`.
///
/// Resizes in 8 bits, crops the centre, scales to 0…1 and normalises. The same numbers as transformers'
/// `CLIPImageProcessor` on Pillow.
public struct CLIPImageProcessor: Hashable, Sendable {
    public enum Size: Hashable, Sendable {
        /// The shorter side becomes this long, the other keeps the proportion (truncated).
        case shortestEdge(Int)
        case exact(width: Int, height: Int)
    }

    public struct Crop: Hashable, Sendable {
        public var width: Int
        public var height: Int

        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// Nil: not resized.
    public var size: Size? = .shortestEdge(224)
    public var filter: ResizeFilter = .bicubic
    /// Nil: not cropped.
    public var crop: Crop? = Crop(width: 224, height: 224)
    public var scale: Double = 1 / 255
    /// Per channel, of the scaled samples.
    public var mean = [0.48145466, 0.4578275, 0.40821073]
    public var standardDeviation = [0.26862954, 0.26130258, 0.27577711]

    /// OpenAI's CLIP at 224 pixels.
    public init() {}

    /// The picture as the encoder sees it, still in 8 bits: RGB, over white if it has alpha, resized and cropped.
    /// Where the picture is smaller than the crop, black is added around it.
    /// - Throws: `ImageError.invalidArgument` for sizes below 1, and for a proportion that no picture can have.
    public func prepared(_ picture: ImageBuffer) throws -> ImageBuffer {
        var result = picture.flattened(on: .white).converted(channels: 3)
        switch size {
        case .shortestEdge(let edge):
            let (short, long) = (min(result.width, result.height), max(result.width, result.height))
            let (product, overflow) = edge.multipliedReportingOverflow(by: long)
            // Past this a sliver would cost gigabytes.
            guard !overflow, product / short <= 1 << 20 else {
                throw ImageError.invalidArgument(
                    "A picture of \(result.width) × \(result.height) is too long and thin for CLIP. Crop it first.")
            }
            let longEdge = Int(Double(product) / Double(short))
            result =
                result.width <= result.height
                ? try result.resized(width: edge, height: longEdge, filter: filter)
                : try result.resized(width: longEdge, height: edge, filter: filter)
        case .exact(let width, let height):
            result = try result.resized(width: width, height: height, filter: filter)
        case nil:
            break
        }
        guard let crop else { return result }
        var canvas = try ImageBuffer(width: crop.width, height: crop.height, color: .black)
        // An arithmetic shift rounds down also where the picture is the smaller one.
        canvas.paste(result, x: -((result.width - canvas.width) >> 1), y: -((result.height - canvas.height) >> 1))
        return canvas
    }

    /// Pixel values of `prepared(picture)`: `[3, height, width]`, float32, normalised.
    public func pixelValues(_ picture: ImageBuffer) throws -> (values: [Float], height: Int, width: Int) {
        let prepared = try prepared(picture)
        let values = try prepared.planarFloats(scale: scale, mean: mean, standardDeviation: standardDeviation)
        return (values, prepared.height, prepared.width)
    }
}

extension ImageBuffer {
    /// `[channels, height, width]`: (sample · scale − mean) / standard deviation, each step rounded to float32.
    /// - Throws: `ImageError.invalidArgument` if there are not as many means and deviations as channels.
    public func planarFloats(scale: Double, mean: [Double], standardDeviation: [Double]) throws -> [Float] {
        guard mean.count == channels, standardDeviation.count == channels else {
            throw ImageError.invalidArgument(
                "A picture of \(channels) channels takes \(channels) means and deviations, not \(mean.count) and \(standardDeviation.count)."
            )
        }
        var values: [Float] = []
        values.reserveCapacity(samples.count)
        for channel in 0..<channels {
            let table = (0...255).map {
                (Float(Double($0) * scale) - Float(mean[channel])) / Float(standardDeviation[channel])
            }
            for pixel in 0..<width * height { values.append(table[Int(samples[pixel * channels + channel])]) }
        }
        return values
    }
}

extension CLIPImageProcessor: Decodable {
    private enum Key: String, CodingKey {
        case size, resample
        case cropSize = "crop_size", rescaleFactor = "rescale_factor", mean = "image_mean", deviation = "image_std"
        case doResize = "do_resize", doCrop = "do_center_crop", doRescale = "do_rescale", doNormalize = "do_normalize"
    }

    /// A number, or an object with either a shortest edge or both sides.
    private struct SizeEntry: Decodable {
        let shortestEdge: Int?
        let width: Int?
        let height: Int?

        private enum Key: String, CodingKey {
            case width, height
            case shortestEdge = "shortest_edge"
        }

        init(from decoder: any Decoder) throws {
            if let edge = try? decoder.singleValueContainer().decode(Int.self) {
                (shortestEdge, width, height) = (edge, nil, nil)
                return
            }
            let fields = try decoder.container(keyedBy: Key.self)
            shortestEdge = try fields.decodeIfPresent(Int.self, forKey: .shortestEdge)
            width = try fields.decodeIfPresent(Int.self, forKey: .width)
            height = try fields.decodeIfPresent(Int.self, forKey: .height)
        }
    }

    private static let filters: [Int: ResizeFilter] = [0: .nearest, 1: .lanczos3, 2: .bilinear, 3: .bicubic, 4: .box]

    /// Entries that are missing are those of OpenAI's CLIP.
    /// - Throws: `DecodingError` that names the entry.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        func refuse(_ key: Key, _ what: String) -> DecodingError {
            DecodingError.dataCorruptedError(forKey: key, in: fields, debugDescription: what)
        }
        func wants(_ key: Key) throws -> Bool { try fields.decodeIfPresent(Bool.self, forKey: key) ?? true }

        if let entry = try fields.decodeIfPresent(SizeEntry.self, forKey: .size) {
            switch (entry.shortestEdge, entry.width, entry.height) {
            case (let edge?, _, _) where edge > 0: size = .shortestEdge(edge)
            case (nil, let width?, let height?) where width > 0 && height > 0:
                size = .exact(width: width, height: height)
            default: throw refuse(.size, "size must have a positive shortest_edge, or a width and a height.")
            }
        }
        if let entry = try fields.decodeIfPresent(SizeEntry.self, forKey: .cropSize) {
            guard let width = entry.width ?? entry.shortestEdge, let height = entry.height ?? entry.shortestEdge,
                width > 0, height > 0
            else { throw refuse(.cropSize, "crop_size must be a positive number, or a width and a height.") }
            crop = Crop(width: width, height: height)
        }
        if let code = try fields.decodeIfPresent(Int.self, forKey: .resample) {
            guard let known = Self.filters[code] else {
                throw refuse(
                    .resample, "resample \(code) is not one of 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic, 4 box.")
            }
            filter = known
        }
        scale = try fields.decodeIfPresent(Double.self, forKey: .rescaleFactor) ?? scale
        mean = try fields.decodeIfPresent([Double].self, forKey: .mean) ?? mean
        standardDeviation = try fields.decodeIfPresent([Double].self, forKey: .deviation) ?? standardDeviation
        guard mean.count == 3 else { throw refuse(.mean, "image_mean must have 3 numbers.") }
        guard standardDeviation.count == 3, !standardDeviation.contains(0) else {
            throw refuse(.deviation, "image_std must have 3 numbers other than 0.")
        }
        if try !wants(.doResize) { size = nil }
        if try !wants(.doCrop) { crop = nil }
        if try !wants(.doRescale) { scale = 1 }
        if try !wants(.doNormalize) { (mean, standardDeviation) = ([0, 0, 0], [1, 1, 1]) }
    }
}
