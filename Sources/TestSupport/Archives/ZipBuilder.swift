/// Writes zip archives of stored files, as `torch.save` does; for tests.
public struct ZipBuilder {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0
    /// Whether sizes and places are written in the fields for archives of more than 4 GB.
    private let isLarge: Bool
    /// Elements begin at multiples of this.
    private let alignment: Int

    public init(isLarge: Bool = false, alignment: Int = 64) {
        self.isLarge = isLarge
        self.alignment = alignment
    }

    public mutating func add(_ path: String, _ content: [UInt8], method: UInt16 = 0) {
        let place = bytes.count
        let padding = (alignment - (place + 30 + path.utf8.count + 4) % alignment) % alignment
        bytes += little(0x0403_4B50 as UInt32) + little(20 as UInt16) + little(0 as UInt16) + little(method)
        bytes += Array(repeating: 0, count: 8) + little(UInt32(content.count)) + little(UInt32(content.count))
        bytes += little(UInt16(path.utf8.count)) + little(UInt16(padding + 4)) + Array(path.utf8)
        bytes += little(0x4246 as UInt16) + little(UInt16(padding)) + Array(repeating: 0x5A, count: padding) + content
        let extra =
            isLarge
            ? little(1 as UInt16) + little(24 as UInt16) + little(UInt64(content.count))
                + little(UInt64(content.count)) + little(UInt64(place)) : []
        let size = isLarge ? .max : UInt32(content.count)
        directory += little(0x0201_4B50 as UInt32) + little(20 as UInt16) + little(20 as UInt16) + little(0 as UInt16)
        directory += little(method) + Array(repeating: 0, count: 8) + little(size) + little(size)
        directory += little(UInt16(path.utf8.count)) + little(UInt16(extra.count)) + Array(repeating: 0, count: 10)
        directory += little(isLarge ? .max : UInt32(place)) + Array(path.utf8) + extra
        count += 1
    }

    /// The whole archive.
    public func finished() -> [UInt8] {
        let start = bytes.count
        var end: [UInt8] = []
        if isLarge {
            end += little(0x0606_4B50 as UInt32) + little(44 as UInt64) + Array(repeating: 0, count: 12)
            end +=
                little(UInt64(count)) + little(UInt64(count)) + little(UInt64(directory.count)) + little(UInt64(start))
            end += little(0x0706_4B50 as UInt32) + little(0 as UInt32) + little(UInt64(start + directory.count))
            end += little(1 as UInt32)
        }
        end += little(0x0605_4B50 as UInt32) + little(0 as UInt32)
        let few = isLarge ? UInt16.max : UInt16(count)
        end += little(few) + little(few) + little(isLarge ? .max : UInt32(directory.count))
        end += little(isLarge ? .max : UInt32(start)) + little(0 as UInt16)
        return bytes + directory + end
    }
}

func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
func big(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
