import Torch

/// A small picture for a run's samples: rows of red, green and blue bytes.
public struct RGBPicture: Sendable, Equatable {
    public let width: Int
    public let height: Int
    public let bytes: [UInt8]

    public init(width: Int, height: Int, bytes: [UInt8]) {
        self.width = width
        self.height = height
        self.bytes = bytes
    }

    /// Pictures (count, 3, height, width) in −1…1 side by side in a grid.
    public init(grid pictures: Tensor, columns: Int) throws {
        let count = pictures.size(0)
        let rows = (count + columns - 1) / columns
        let (high, wide) = (pictures.size(2), pictures.size(3))
        let missing = rows * columns - count
        let filled =
            missing == 0
            ? pictures.to(.float32).to(.cpu)
            : .cat([pictures.to(.float32).to(.cpu), .ones([missing, 3, high, wide])], dim: 0)
        let sheet = filled.reshape([rows, columns, 3, high, wide]).permute([0, 3, 1, 4, 2])
        let bytes = ((sheet + 1) * 127.5).round().clamp(min: 0, max: 255).to(.uint8).contiguous()
        self.init(width: columns * wide, height: rows * high, bytes: try bytes.bytes())
    }

    /// The picture as a PNG file. Runs write their samples without an image library, so that a training machine
    /// needs none.
    public var png: [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(height * (width * 3 + 1))
        for y in 0..<height {
            lines.append(0)
            lines += bytes[(y * width * 3)..<((y + 1) * width * 3)]
        }
        let header = Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height)) + [8, 2, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header)
            + Self.chunk("IDAT", Deflate.compress(lines)) + Self.chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        return bigEndian(UInt32(content.count)) + body + bigEndian(Deflate.checksum(body))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
}
