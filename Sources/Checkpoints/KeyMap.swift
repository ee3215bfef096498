/// How another program's names and layouts of weights become a network's own, as data.
public struct KeyMap: Sendable {
    /// A part of a key, between dots, that gets another name.
    ///
    /// `#` in both stands for a number. `*` in `to` stands for the number of a layer: the tensors of all layers lie
    /// behind each other along the first dimension, and become one for each.
    public struct Rename: Sendable {
        let from: [String]
        let to: String

        public init(_ from: String, _ to: String) {
            self.from = from.split(separator: ".").map(String.init)
            self.to = to
        }
    }

    /// What the last part of a key becomes, and the order of a tensor's dimensions by their number.
    public struct Leaf: Sendable {
        let name: String
        let orders: [Int: [Int]]

        public init(_ name: String, orders: [Int: [Int]] = [:]) {
            self.name = name
            self.orders = orders
        }
    }

    /// What keys begin with, and what instead; keys that begin with none of these belong to other networks.
    public var roots: [(from: String, to: String)]
    /// At each place of a key the first that fits counts.
    public var renames: [Rename]
    public var leaves: [String: Leaf]
    /// Whether a `bias` without a `weight` belongs to a normalisation whose scale is in the layer after it, and so is 1.
    public var addsUnitWeights: Bool

    public init(
        roots: [(from: String, to: String)], renames: [Rename] = [], leaves: [String: Leaf] = [:],
        addsUnitWeights: Bool = false
    ) {
        self.roots = roots
        self.renames = renames
        self.leaves = leaves
        self.addsUnitWeights = addsUnitWeights
    }

    /// Flax keeps a linear layer as (in, out), a convolution as (height, width, in, out).
    public static let flaxLeaves = [
        "kernel": Leaf("weight", orders: [2: [1, 0], 4: [3, 2, 0, 1]]), "scale": Leaf("weight"),
        "embedding": Leaf("weight"),
    ]

    /// - Parameter file: how errors call the file.
    func renamed(
        _ tensors: [String: StoredTensor], file: String
    ) throws(CheckpointError) -> [String: StoredTensor] {
        var renamed: [String: StoredTensor] = [:]
        for (key, tensor) in tensors {
            guard let root = roots.first(where: { key.hasPrefix($0.from) }) else { continue }
            for (name, tensor) in try named(root.to + key.dropFirst(root.from.count), tensor, key, file) {
                guard renamed.updateValue(tensor, forKey: name) == nil else {
                    throw CheckpointError(.malformed, file: file, key: key, "and another tensor both mean \(name)")
                }
            }
        }
        if addsUnitWeights { addUnitWeights(&renamed) }
        return renamed
    }

    private func addUnitWeights(_ tensors: inout [String: StoredTensor]) {
        for (key, bias) in tensors where key.hasSuffix(".bias") {
            let weight = String(key.dropLast("bias".count)) + "weight"
            if tensors[weight] == nil {
                tensors[weight] = StoredTensor(bias.type, shape: bias.shape, content: .ones)
            }
        }
    }

    private func named(
        _ path: String, _ tensor: StoredTensor, _ key: String, _ file: String
    ) throws(CheckpointError) -> [(String, StoredTensor)] {
        var parts = path.split(separator: ".").map(String.init)
        let leaf = parts.last.flatMap { leaves[$0] }
        if let leaf { parts[parts.count - 1] = leaf.name }
        let name = rename(parts)
        guard name.contains("*") else { return [(name, ordered(tensor, leaf))] }
        guard let layers = tensor.shape.first, layers <= 4096 else {
            throw CheckpointError(.malformed, file: file, key: key, "should have all layers along its first dimension")
        }
        return (0..<layers).map {
            (name.replacing("*", with: "\($0)"), ordered(tensor.layer($0), leaf))
        }
    }

    private func ordered(_ tensor: StoredTensor, _ leaf: Leaf?) -> StoredTensor {
        leaf?.orders[tensor.shape.count].map(tensor.permuted) ?? tensor
    }

    private func rename(_ parts: [String]) -> String {
        var result: [String] = []
        var rest = parts[...]
        while !rest.isEmpty {
            if let (name, length) = renames.lazy.compactMap({ match($0, rest) }).first {
                if !name.isEmpty { result.append(name) }
                rest = rest.dropFirst(length)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result.joined(separator: ".")
    }

    private func match(_ rename: Rename, _ parts: ArraySlice<String>) -> (name: String, length: Int)? {
        guard parts.count >= rename.from.count else { return nil }
        var numbers: [Substring] = []
        for (pattern, part) in zip(rename.from, parts) {
            guard pattern.hasSuffix("#") else {
                guard pattern == part else { return nil }
                continue
            }
            let stem = pattern.dropLast()
            let number = part.dropFirst(stem.count)
            guard part.hasPrefix(stem), !number.isEmpty, number.allSatisfy(\.isASCIIDigit) else { return nil }
            numbers.append(number)
        }
        var name = rename.to
        for number in numbers {
            guard let place = name.firstIndex(of: "#") else { break }
            name.replaceSubrange(place...place, with: number)
        }
        return (name, rename.from.count)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
