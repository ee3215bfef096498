/// What a pickle of tensors is made of. Lists, tuples and dictionaries lie in the machine and are named by number, so
/// that a pickle that contains itself is no more than a number.
enum PickleValue: Sendable, Hashable {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    /// A name that the pickle wants to call or to mention, such as `torch.FloatStorage`; all are on the list of those
    /// that Limn knows.
    case global(PickleGlobal)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case storage(PickleStorage)
    case tensor(StoredTensor)
}

/// A file of an archive that holds tensors' elements.
struct PickleStorage: Sendable, Hashable {
    let type: StoredType
    let bytes: Range<Int>
    var count: Int { bytes.count / type.size }
}

/// Everything that a pickle may name. Nothing of it is run: Limn does what it stands for.
enum PickleGlobal: Sendable, Hashable {
    case rebuildTensor
    case rebuildParameter
    case orderedDictionary
    case storageType(StoredType)

    private static let known: [String: PickleGlobal] = [
        "torch._utils._rebuild_tensor_v2": .rebuildTensor,
        "torch._utils._rebuild_parameter": .rebuildParameter,
        "collections.OrderedDict": .orderedDictionary,
        "torch.DoubleStorage": .storageType(.float64),
        "torch.FloatStorage": .storageType(.float32),
        "torch.HalfStorage": .storageType(.float16),
        "torch.BFloat16Storage": .storageType(.bfloat16),
        "torch.LongStorage": .storageType(.int64),
        "torch.IntStorage": .storageType(.int32),
        "torch.ShortStorage": .storageType(.int16),
        "torch.CharStorage": .storageType(.int8),
        "torch.ByteStorage": .storageType(.uint8),
        "torch.BoolStorage": .storageType(.bool),
    ]

    init?(module: String, name: String) {
        guard let global = Self.known["\(module).\(name)"] else { return nil }
        self = global
    }
}

/// The operations of Python's pickle protocols 2 to 4 that descriptions of tensors use (pickletools.py has them all).
enum PickleOperation: UInt8 {
    case mark = 0x28
    case emptyTuple = 0x29
    case stop = 0x2E
    case binFloat = 0x47
    case binInt = 0x4A
    case binInt1 = 0x4B
    case binInt2 = 0x4D
    case none = 0x4E
    case binPersistentID = 0x51
    case reduce = 0x52
    case binUnicode = 0x58
    case emptyList = 0x5D
    case append = 0x61
    case build = 0x62
    case global = 0x63
    case appends = 0x65
    case binGet = 0x68
    case longBinGet = 0x6A
    case binPut = 0x71
    case longBinPut = 0x72
    case setItem = 0x73
    case tuple = 0x74
    case setItems = 0x75
    case emptyDictionary = 0x7D
    case protocolVersion = 0x80
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case newTrue = 0x88
    case newFalse = 0x89
    case long1 = 0x8A
    case shortBinUnicode = 0x8C
    case binUnicode8 = 0x8D
    case stackGlobal = 0x93
    case memoize = 0x94
    case frame = 0x95
}
