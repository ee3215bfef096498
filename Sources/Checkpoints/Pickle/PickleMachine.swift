/// Works through a pickle that describes tensors. It runs nothing: what the pickle may name is on a list, and a name that
/// is not refuses the file. Time and memory are in proportion to the pickle's own bytes.
struct PickleMachine {
    private var reader: ByteReader
    /// The bytes of a storage by its key.
    private let storage: (String) -> Range<Int>?
    private var stack: [PickleValue] = []
    /// How high the stack was at each mark.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var collections: [Collection] = []

    /// The items of a list or a tuple; of a dictionary, keys and values by turns.
    private final class Collection {
        var items: [PickleValue]
        init(_ items: [PickleValue]) { self.items = items }
    }

    /// More than a description of 50,000 tensors needs.
    private static let mostCollections = 1 << 19

    init(_ reader: ByteReader, storage: @escaping (String) -> Range<Int>?) {
        self.reader = reader
        self.storage = storage
    }

    /// - Returns: what the pickle makes.
    /// - Throws: `CheckpointError`.
    mutating func run() throws(CheckpointError) -> PickleValue {
        while true {
            let code: UInt8 = try reader.little()
            guard let operation = PickleOperation(rawValue: code) else {
                throw CheckpointError(
                    .unsupported, file: reader.name,
                    "its description uses the pickle operation \(code), which none of tensors needs")
            }
            if operation == .stop { return try pop() }
            try perform(operation)
        }
    }

    /// The values of a dictionary whose keys are strings; nil for what is no dictionary.
    func dictionary(_ value: PickleValue) -> [String: PickleValue]? {
        guard case .dictionary(let number) = value else { return nil }
        let items = collections[number].items
        var values: [String: PickleValue] = [:]
        for index in stride(from: 0, to: items.count - 1, by: 2) {
            if case .string(let key) = items[index] { values[key] = items[index + 1] }
        }
        return values
    }

    private mutating func perform(_ operation: PickleOperation) throws(CheckpointError) {
        switch operation {
        case .stop: break
        case .protocolVersion: try checkVersion()
        case .frame: _ = try reader.take(8)
        case .mark: marks.append(stack.count)
        case .none: stack.append(.none)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .binInt1: stack.append(.int(Int(try reader.little(UInt8.self))))
        case .binInt2: stack.append(.int(Int(try reader.little(UInt16.self))))
        case .binInt: stack.append(.int(Int(try reader.little(Int32.self))))
        case .long1: stack.append(.int(try long(Int(try reader.little(UInt8.self)))))
        case .binFloat: stack.append(.double(Double(bitPattern: try reader.big())))
        case .shortBinUnicode: stack.append(.string(try reader.text(Int(try reader.little(UInt8.self)))))
        case .binUnicode: stack.append(.string(try reader.text(Int(try reader.little(UInt32.self)))))
        case .binUnicode8: stack.append(.string(try reader.text(reader.size(try reader.little()))))
        case .emptyList: stack.append(.list(try collect([])))
        case .emptyDictionary: stack.append(.dictionary(try collect([])))
        case .emptyTuple: stack.append(.tuple(try collect([])))
        case .tuple: stack.append(.tuple(try collect(try popMarked())))
        case .tuple1: stack.append(.tuple(try collect(try pop(count: 1))))
        case .tuple2: stack.append(.tuple(try collect(try pop(count: 2))))
        case .tuple3: stack.append(.tuple(try collect(try pop(count: 3))))
        case .append: try extend(with: try pop(count: 1), isDictionary: false)
        case .appends: try extend(with: try popMarked(), isDictionary: false)
        case .setItem: try extend(with: try pop(count: 2), isDictionary: true)
        case .setItems: try extend(with: try popMarked(), isDictionary: true)
        case .binPut: memo[Int(try reader.little(UInt8.self))] = try top()
        case .longBinPut: memo[Int(try reader.little(UInt32.self))] = try top()
        case .memoize: memo[memo.count] = try top()
        case .binGet: stack.append(try remembered(Int(try reader.little(UInt8.self))))
        case .longBinGet: stack.append(try remembered(Int(try reader.little(UInt32.self))))
        case .global: stack.append(try global(module: try reader.line(), name: try reader.line()))
        case .stackGlobal: stack.append(try stackGlobal())
        case .binPersistentID: stack.append(try persistent(try pop()))
        case .reduce: try reduce()
        // The state of an ordered dictionary holds versions of modules.
        case .build: _ = try pop()
        }
    }

    // MARK: The stack

    private func fault(_ message: String) -> CheckpointError {
        CheckpointError(.malformed, file: reader.name, "its description of tensors is broken: " + message)
    }

    private func top() throws(CheckpointError) -> PickleValue {
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw fault("a value is missing") }
        return value
    }

    private mutating func pop() throws(CheckpointError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(count: Int) throws(CheckpointError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw fault("a value is missing") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popMarked() throws(CheckpointError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw fault("a mark is missing") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private mutating func collect(_ items: [PickleValue]) throws(CheckpointError) -> Int {
        guard collections.count < Self.mostCollections else { throw fault("it has more parts than any model needs") }
        collections.append(Collection(items))
        return collections.count - 1
    }

    private mutating func extend(with items: [PickleValue], isDictionary: Bool) throws(CheckpointError) {
        switch (try top(), isDictionary) {
        case (.list(let number), false): collections[number].items += items
        case (.dictionary(let number), true) where items.count.isMultiple(of: 2): collections[number].items += items
        default: throw fault("items are added to what takes none")
        }
    }

    private func remembered(_ place: Int) throws(CheckpointError) -> PickleValue {
        guard let value = memo[place] else { throw fault("the value \(place) was never kept") }
        return value
    }

    // MARK: Values

    private mutating func checkVersion() throws(CheckpointError) {
        let version: UInt8 = try reader.little()
        guard 2...4 ~= version else {
            throw CheckpointError(
                .unsupported, file: reader.name, "its pickle has the protocol \(version); expected 2 to 4")
        }
    }

    private mutating func long(_ count: Int) throws(CheckpointError) -> Int {
        let bytes = reader.bytes[try reader.take(count)]
        guard count <= 8 else { throw fault("a number has \(count) bytes") }
        guard let last = bytes.last else { return 0 }
        var value = last & 0x80 == 0 ? 0 : -1
        for byte in bytes.reversed() { value = value << 8 | Int(byte) }
        return value
    }

    private func global(module: String, name: String) throws(CheckpointError) -> PickleValue {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw CheckpointError(
                .unsupported, file: reader.name, key: "\(module).\(name)",
                "is named by the file and not by any that holds nothing but tensors. It was not run. "
                    + "Do not open the file with other programs unless you trust its author")
        }
        return .global(global)
    }

    private mutating func stackGlobal() throws(CheckpointError) -> PickleValue {
        let names = try pop(count: 2)
        guard case (.string(let module), .string(let name)) = (names[0], names[1]) else {
            throw fault("a name is no text")
        }
        return try global(module: module, name: name)
    }

    private func items(_ value: PickleValue) throws(CheckpointError) -> [PickleValue] {
        guard case .tuple(let number) = value else { throw fault("a tuple is missing") }
        return collections[number].items
    }

    /// `("storage", type, key, device, count)`
    private func persistent(_ value: PickleValue) throws(CheckpointError) -> PickleValue {
        let items = try items(value)
        guard items.count >= 5, items[0] == .string("storage"), case .global(.storageType(let type)) = items[1],
            case .string(let key) = items[2], case .int(let count) = items[4]
        else { throw fault("a storage is not described as PyTorch does") }
        guard let bytes = storage(key) else {
            throw CheckpointError(.malformed, file: reader.name, key: "data/\(key)", "is named and not in the archive")
        }
        let (needed, overflow) = count.multipliedReportingOverflow(by: type.size)
        guard count >= 0, !overflow, needed <= bytes.count else {
            throw CheckpointError(
                .truncated, file: reader.name, key: "data/\(key)", "has \(bytes.count) bytes for \(count) elements")
        }
        return .storage(PickleStorage(type: type, bytes: bytes.lowerBound..<bytes.lowerBound + needed))
    }

    private mutating func reduce() throws(CheckpointError) {
        let arguments = try items(try pop())
        guard case .global(let global) = try pop() else { throw fault("what is called has no name") }
        switch global {
        case .orderedDictionary where arguments.isEmpty: stack.append(.dictionary(try collect([])))
        case .rebuildTensor: stack.append(.tensor(try tensor(arguments)))
        case .rebuildParameter:
            guard case .tensor? = arguments.first else { throw fault("a parameter is no tensor") }
            stack.append(arguments[0])
        case .orderedDictionary, .storageType: throw fault("a name is called in a way that it cannot be")
        }
    }

    /// `(storage, offset, sizes, strides, …)`
    private func tensor(_ arguments: [PickleValue]) throws(CheckpointError) -> StoredTensor {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .int(let offset) = arguments[1]
        else {
            throw fault("a tensor is not described as PyTorch does")
        }
        let (shape, strides) = (try ints(arguments[2]), try ints(arguments[3]))
        guard shape.count == strides.count, shape.count <= 64, offset >= 0, offset <= storage.count,
            strides.allSatisfy({ $0 >= 0 }), let count = shape.elementCount, count <= storage.count
        else { throw fault("a tensor of \(shape) does not fit its storage") }
        guard count == 0 || last(shape, strides, offset).map({ $0 < storage.count }) == true else {
            throw fault("a tensor of \(shape) ends outside its storage")
        }
        return StoredTensor(
            storage.type, shape: shape, strides: strides, offset: offset, content: .bytes([storage.bytes]))
    }

    /// The place of the last element; nil if it is too far to be counted.
    private func last(_ shape: [Int], _ strides: [Int], _ offset: Int) -> Int? {
        var place = offset
        for (size, stride) in zip(shape, strides) {
            let (far, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflows) = place.addingReportingOverflow(far)
            guard !overflow, !overflows else { return nil }
            place = sum
        }
        return place
    }

    private func ints(_ value: PickleValue) throws(CheckpointError) -> [Int] {
        let items = try items(value)
        guard items.count <= 64 else { throw fault("a tensor has \(items.count) dimensions") }
        var numbers: [Int] = []
        for item in items {
            guard case .int(let number) = item else { throw fault("a size is no number") }
            numbers.append(number)
        }
        return numbers
    }
}
