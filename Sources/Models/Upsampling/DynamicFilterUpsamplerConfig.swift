/// `config.json` of a `DynamicFilterUpsampler`, which the reference does not have.
public struct DynamicFilterUpsamplerConfig: Codable, Equatable, Sendable {
    public static let className = "DynamicFilterUpsampler"

    /// Height and width of the pictures that it was trained to make, where the file says so.
    public var sampleSize: Int?
    /// How many times larger they are than the small ones.
    public var factor = 4
    /// Channels of its convolutions.
    public var width = 48
    /// Residual blocks, of two convolutions each.
    public var blocks = 6
    /// How far away, in pixels of the small picture, the colours lie that it mixes: beside the pixel's own, the eight at
    /// each of these distances.
    public var reaches = [1, 3]
    private let className = Self.className

    enum CodingKeys: String, CodingKey {
        case sampleSize = "sample_size"
        case factor, width, blocks, reaches
        case className = "_class_name"
    }

    public init() {}

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: Self.className)
        sampleSize = try reader.optionalInt("sample_size")
        factor = try reader.int("factor", in: 2...16)
        width = try reader.int("width")
        blocks = try reader.int("blocks", in: 0...1024)
        reaches = try reader.ints("reaches")
        guard reaches.allSatisfy({ $0 <= 64 }) else {
            throw reader.inconsistent("reaches", "numbers of at most 64")
        }
    }

    /// Where the colours lie, rows and columns from the pixel's own, which comes first.
    var offsets: [(y: Int, x: Int)] {
        let around = reaches.flatMap { reach in
            [-reach, 0, reach].flatMap { y in [-reach, 0, reach].map { (y: y, x: $0) } }.filter { $0 != (y: 0, x: 0) }
        }
        return [(y: 0, x: 0)] + around
    }
}
