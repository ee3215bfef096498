/// Terms as a tree of their folded scalars. A space in a term is an edge of its own, which may stand for nothing.
struct TermTrie: Sendable {
    /// A term that ends at a node.
    struct End: Hashable, Sendable {
        var list: Int
        /// Whether the word may go on after the term: `kill*`.
        var isPrefix: Bool
    }

    static let root: Int32 = 0
    static let space: UInt32 = 0x20

    private var edges: [UInt64: Int32] = [:]
    private var endsOfNode: [[End]] = [[]]

    func child(of node: Int32, along scalar: UInt32) -> Int32? { edges[Self.key(node, scalar)] }

    func ends(at node: Int32) -> [End] { endsOfNode[Int(node)] }

    mutating func insert(_ scalars: [UInt32], end: End) {
        var node = Self.root
        for scalar in scalars {
            let key = Self.key(node, scalar)
            if let next = edges[key] {
                node = next
            } else {
                let next = Int32(endsOfNode.count)
                endsOfNode.append([])
                edges[key] = next
                node = next
            }
        }
        if !endsOfNode[Int(node)].contains(end) { endsOfNode[Int(node)].append(end) }
    }

    private static func key(_ node: Int32, _ scalar: UInt32) -> UInt64 { UInt64(UInt32(node)) << 32 | UInt64(scalar) }
}
