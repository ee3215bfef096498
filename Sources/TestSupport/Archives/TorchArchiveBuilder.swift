/// Writes what `torch.save` makes of a state dictionary of float32 tensors; for tests.
public struct TorchArchiveBuilder {
    /// A view of a storage.
    public struct View: Sendable {
        public var key: String
        public var storage: Int
        public var offset: Int
        public var shape: [Int]
        public var strides: [Int]

        public init(_ key: String, storage: Int = 0, offset: Int = 0, shape: [Int], strides: [Int]) {
            (self.key, self.storage, self.offset, self.shape, self.strides) = (key, storage, offset, shape, strides)
        }
    }

    public static func archive(
        _ views: [View], storages: [[Float]], isLarge: Bool = false, alignment: Int = 64
    ) -> [UInt8] {
        archive(
            pickle: pickle(state(views, storages.map(\.count))), storages: storages, isLarge: isLarge,
            alignment: alignment)
    }

    /// An archive with a pickle of its own.
    public static func archive(
        pickle: [UInt8], storages: [[Float]] = [], isLarge: Bool = false, alignment: Int = 64
    ) -> [UInt8] {
        var zip = ZipBuilder(isLarge: isLarge, alignment: alignment)
        zip.add("model/data.pkl", pickle)
        zip.add("model/byteorder", Array("little".utf8))
        for (number, storage) in storages.enumerated() {
            zip.add("model/data/\(number)", storage.flatMap { little($0.bitPattern) })
        }
        zip.add("model/version", Array("3\n".utf8))
        return zip.finished()
    }

    /// A whole pickle around the operations that make its value.
    public static func pickle(_ operations: [UInt8]) -> [UInt8] { [0x80, 2] + operations + [0x2E] }

    /// The operations that make an ordered dictionary of tensors, put together as PyTorch does.
    public static func state(_ views: [View], _ counts: [Int]) -> [UInt8] {
        global("collections", "OrderedDict") + [0x29, 0x52, 0x28]
            + views.flatMap { string($0.key) + tensor($0, elements: counts[$0.storage]) } + [0x75]
    }

    /// - Parameter elements: how many elements the storage is said to have.
    public static func tensor(_ view: View, elements: Int) -> [UInt8] {
        global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28] + string("storage")
            + global("torch", "FloatStorage")
            + string("\(view.storage)") + string("cpu") + int(elements) + [0x74, 0x51] + int(view.offset)
            + tuple(view.shape) + tuple(view.strides) + [0x89] + global("collections", "OrderedDict")
            + [0x29, 0x52, 0x74, 0x52]
    }

    public static func global(_ module: String, _ name: String) -> [UInt8] {
        [0x63] + Array("\(module)\n\(name)\n".utf8)
    }

    public static func string(_ text: String) -> [UInt8] { [0x58] + little(UInt32(text.utf8.count)) + Array(text.utf8) }

    /// In as many bytes as it takes, as a pickle's long.
    public static func int(_ value: Int) -> [UInt8] { [0x8A, 8] + little(Int64(value)) }

    public static func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(int) + [0x74] }
}
