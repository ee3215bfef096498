import CTorch

/// The operations that a body runs on this thread, as libtorch tells its profiler: what it takes to prove that nothing
/// is computed twice. An operation that is made of others comes before them.
public struct OperationRecord: Sendable {
    public struct Operation: Hashable, Sendable {
        /// libtorch's name, such as `aten::linear`.
        public var name: String
        /// The shapes of its tensors, in the order of its operands.
        public var shapes: [[Int]]
    }

    public private(set) var operations: [Operation] = []

    /// Runs a body and records it. What other threads do is not seen.
    public static func of<R>(_ body: () throws -> R) rethrows -> (result: R, record: OperationRecord) {
        let box = Box()
        let observer = ct_observe_begin(Unmanaged.passUnretained(box).toOpaque()) { context, name, shapes in
            guard let context else { return }
            Unmanaged<Box>.fromOpaque(context).takeUnretainedValue().add(String(cString: name), String(cString: shapes))
        }
        defer { ct_observe_end(observer) }
        let result = try body()
        return (result, box.record)
    }

    /// How many operations of a name there are whose shapes are as the condition says.
    public func count(_ name: String, where condition: ([[Int]]) -> Bool = { _ in true }) -> Int {
        operations.count { $0.name == name && condition($0.shapes) }
    }

    private final class Box {
        var record = OperationRecord()

        func add(_ name: String, _ shapes: String) {
            let sizes = shapes.split(separator: ",").map { $0.split(separator: "x").compactMap { Int($0) } }
            record.operations.append(Operation(name: name, shapes: sizes))
        }
    }
}
