import Torch

/// Where a tensor lies in a file, and how its elements are strided there.
///
/// Its views are made by arithmetic alone; nothing is read for them.
struct StoredTensor: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        /// Ranges of the file's bytes, each of whole elements, that follow each other.
        case bytes([Range<Int>])
        /// Every element is 1, and none is in the file.
        case ones
    }

    let type: StoredType
    var shape: [Int]
    /// Elements between neighbours in each dimension; none is negative.
    var strides: [Int]
    /// The place of the first element among the content's elements.
    var offset: Int
    let content: Content

    /// A tensor in row-major order.
    init(_ type: StoredType, shape: [Int], content: Content) {
        self.type = type
        self.shape = shape
        strides = shape.rowMajorStrides
        offset = 0
        self.content = content
    }

    init(_ type: StoredType, shape: [Int], strides: [Int], offset: Int, content: Content) {
        (self.type, self.shape, self.strides, self.offset, self.content) = (type, shape, strides, offset, content)
    }

    /// The ranges of the file's bytes that make the content.
    var pieces: [Range<Int>] { if case .bytes(let pieces) = content { pieces } else { [] } }

    /// The tensor with its dimensions in another order.
    func permuted(_ order: [Int]) -> StoredTensor {
        StoredTensor(
            type, shape: order.map { shape[$0] }, strides: order.map { strides[$0] }, offset: offset, content: content)
    }

    /// One of the tensors that lie behind each other along the first dimension.
    func layer(_ index: Int) -> StoredTensor {
        StoredTensor(
            type, shape: Array(shape.dropFirst()), strides: Array(strides.dropFirst()),
            offset: offset + index * (strides.first ?? 0), content: content)
    }

    /// The elements, from the first to the last one used.
    private var span: Range<Int> {
        guard !shape.contains(0) else { return offset..<offset }
        return offset..<offset + 1 + zip(shape, strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
    }

    /// The bytes of the file that hold the span, in order.
    private var spannedBytes: [Range<Int>] {
        var wanted = span.lowerBound * type.size..<span.upperBound * type.size
        var found: [Range<Int>] = []
        for piece in pieces {
            let part = wanted.clamped(to: 0..<piece.count)
            if !part.isEmpty { found.append(piece.lowerBound + part.lowerBound..<piece.lowerBound + part.upperBound) }
            wanted = max(0, wanted.lowerBound - piece.count)..<max(0, wanted.upperBound - piece.count)
        }
        return found
    }

    /// Whether the file's own memory can be the tensor, in row-major order.
    func canBeMapped(from mapping: MappedFile) -> Bool {
        let places = spannedBytes
        return strides == shape.rowMajorStrides && places.count == 1
            && Self.isAligned(mapping.base + places[0].lowerBound, size: type.size)
    }

    /// The tensor over the file's own memory, without a copy where the elements lie in one piece at multiples of their
    /// size.
    ///
    /// - Throws: `CheckpointError` for a type that no tensor has.
    func tensor(in mapping: MappedFile, name: String, key: String) throws -> Tensor {
        guard let dtype = type.dtype else {
            throw CheckpointError(
                .unsupported, file: name, key: key, "is stored as \(type.rawValue), which tensors cannot hold")
        }
        guard case .bytes = content else { return .ones(shape, dtype: dtype) }
        let pieces = try spannedBytes.map { try Self.elements(in: $0, of: mapping, dtype, name: name, key: key) }
        let elements = pieces.count == 1 ? pieces[0] : pieces.isEmpty ? .empty([0], dtype: dtype) : .cat(pieces, dim: 0)
        guard strides != shape.rowMajorStrides else { return elements.reshape(shape) }
        return elements.asStrided(shape, strides: strides)
    }

    /// Asks for the tensor's bytes in one large piece.
    func prefetch(in mapping: MappedFile) {
        for bytes in spannedBytes { mapping.prefetch(bytes) }
    }

    /// Lets the pages go that the tensor was read from: for one that was copied.
    func forget(in mapping: MappedFile) {
        for bytes in spannedBytes { mapping.forget(bytes) }
    }

    private static func elements(
        in range: Range<Int>, of mapping: MappedFile, _ dtype: DType, name: String, key: String
    ) throws -> Tensor {
        let memory = mapping.base + range.lowerBound
        let shape = [range.count / dtype.size]
        if isAligned(memory, size: dtype.size) {
            return Tensor(mapping: memory, shape: shape, dtype: dtype, owner: mapping)
        }
        let bytes = UnsafeRawBufferPointer(start: memory, count: range.count)
        guard let copy = TransientMemory(copying: bytes) else {
            throw CheckpointError(.unreadable, file: name, key: key, "needs \(bytes.count) bytes of memory at once")
        }
        return Tensor(mapping: copy.base, shape: shape, dtype: dtype, owner: copy)
    }

    /// Some formats do not align; libtorch wants elements at multiples of their size.
    private static func isAligned(_ memory: UnsafeRawPointer, size: Int) -> Bool {
        UInt(bitPattern: memory) % UInt(size) == 0
    }
}

extension [Int] {
    /// The strides of a tensor of this shape whose last dimension's elements are neighbours.
    var rowMajorStrides: [Int] {
        var stride = 1
        var strides = map { _ in 0 }
        for dimension in indices.reversed() {
            strides[dimension] = stride
            stride = stride.multipliedReportingOverflow(by: Swift.max(1, self[dimension])).partialValue
        }
        return strides
    }

    /// The number of elements of a tensor of this shape; nil if a size is negative or there are too many to count.
    var elementCount: Int? {
        var count = 1
        for size in self {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard size >= 0, !overflow else { return nil }
            count = product
        }
        return count
    }
}
