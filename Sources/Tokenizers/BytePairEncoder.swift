/// Byte-pair encoding over token ids (Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword
/// Units"): the adjacent pair with the lowest rank is merged, the leftmost first, until no pair has a rank.
///
/// A word of n bytes takes O(n log n), so one word of 20,000 letters is no worse than 20,000 letters in words.
struct BytePairEncoder: Sendable {
    /// The id of each single byte, indexed by the byte; nil where the vocabulary does not have it.
    let byteIDs: [Int32?]
    /// The same for a word's last byte, which carries the end-of-word suffix.
    let lastByteIDs: [Int32?]
    /// What stands for a byte that the vocabulary does not have. Nil: such bytes are left out.
    let unknown: Int32?

    private struct Merge { let rank: UInt32, id: Int32 }
    private let merges: [UInt64: Merge]

    /// - Parameters:
    ///   - endOfWord: the suffix of a word's last token: `</w>` for CLIP, nothing for BART.
    /// - Throws: `TokenizerError` when a merge speaks of a token that the vocabulary does not have.
    init(_ vocabulary: Vocabulary, endOfWord: String, unknown: Int32?) throws {
        let ids = vocabulary.ids
        byteIDs = ByteAlphabet.characters.map { ids[String($0)] }
        lastByteIDs = ByteAlphabet.characters.map { ids[String($0) + endOfWord] }
        self.unknown = unknown
        var merges: [UInt64: Merge] = [:]
        merges.reserveCapacity(vocabulary.merges.count)
        for (rank, (left, right)) in vocabulary.merges.enumerated() {
            guard let first = ids[left], let second = ids[right], let merged = ids[left + right] else {
                throw TokenizerError(
                    .malformedFile, file: vocabulary.mergesFile,
                    "merge \(rank + 1) needs a token that the vocabulary does not have; "
                        + "vocabulary and merges must come from the same model")
            }
            merges[Self.pair(first, second)] = Merge(rank: UInt32(rank), id: merged)
        }
        self.merges = merges
    }

    /// Appends the ids of one word, given as its UTF-8 bytes.
    func encode(_ word: some BidirectionalCollection<UInt8>, into ids: inout [Int32]) {
        guard let last = word.last else { return }
        var symbols: [Int32] = []
        for byte in word.dropLast() {
            if let id = byteIDs[Int(byte)] ?? unknown { symbols.append(id) }
        }
        if let id = lastByteIDs[Int(last)] ?? unknown { symbols.append(id) }
        ids += merged(symbols)
    }

    /// Merges a word's symbols. Positions form a linked list; the heap holds candidate merges by rank, then position,
    /// and a candidate whose pair has changed since is passed over.
    func merged(_ symbols: [Int32]) -> [Int32] {
        guard symbols.count > 1 else { return symbols }
        let end = symbols.count
        var ids = symbols
        var next = Array(1...end)
        var previous = Array(-1..<(end - 1))
        var alive = [Bool](repeating: true, count: end)
        var candidates = MinHeap((0..<(end - 1)).compactMap { candidate(ids[$0], ids[$0 + 1], at: $0) })

        while let best = candidates.popFirst() {
            let left = Int(best & 0xFFFF_FFFF)
            guard alive[left], next[left] < end else { continue }
            let right = next[left]
            guard let merge = merges[Self.pair(ids[left], ids[right])], merge.rank == best >> 32 else { continue }
            ids[left] = merge.id
            alive[right] = false
            next[left] = next[right]
            if next[left] < end {
                previous[next[left]] = left
                if let new = candidate(ids[left], ids[next[left]], at: left) { candidates.insert(new) }
            }
            if previous[left] >= 0, let new = candidate(ids[previous[left]], ids[left], at: previous[left]) {
                candidates.insert(new)
            }
        }
        return ids.indices.filter { alive[$0] }.map { ids[$0] }
    }

    private func candidate(_ left: Int32, _ right: Int32, at position: Int) -> UInt64? {
        merges[Self.pair(left, right)].map { UInt64($0.rank) << 32 | UInt64(position) }
    }

    private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }
}
