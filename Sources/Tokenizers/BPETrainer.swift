/// Learns a byte-pair vocabulary in CLIP's format from texts (Sennrich et al. 2016, algorithm 1, over bytes).
///
/// The most frequent adjacent pair becomes a token, again and again, until the vocabulary is full or no pair occurs
/// often enough. Equal counts are decided by the pair's ids, so the same texts give the same vocabulary in any order.
public struct BPETrainer: Sendable {
    /// Ids in all: 512 for bytes, two for the start and end marks, the rest for merges. Fewer are used where the texts
    /// have no more to merge.
    public var vocabularySize: Int
    /// A pair that occurs less often than this is not merged.
    public var minimumCount: Int

    public init(vocabularySize: Int = 4096, minimumCount: Int = 2) {
        self.vocabularySize = vocabularySize
        self.minimumCount = max(minimumCount, 1)
    }

    /// Texts are cleaned and split into words as `CLIPTokenizer` does it.
    public func train(_ texts: some Sequence<String>) -> CLIPVocabulary {
        var corpus = Corpus(wordCounts: Self.countWords(texts))
        var vocabulary = CLIPVocabulary()
        var ids = Dictionary(uniqueKeysWithValues: vocabulary.tokens.enumerated().map { ($1, Int32($0)) })
        while vocabulary.tokens.count + CLIPVocabulary.marks.count < vocabularySize,
            let pair = corpus.mostFrequentPair(minimumCount: minimumCount)
        {
            let (left, right) = (vocabulary.tokens[Int(pair.left)], vocabulary.tokens[Int(pair.right)])
            // Two pairs can spell the same token; they share its id.
            let id = ids[left + right] ?? Int32(vocabulary.tokens.count)
            if Int(id) == vocabulary.tokens.count {
                vocabulary.tokens.append(left + right)
                ids[left + right] = id
            }
            vocabulary.merges.append((left, right))
            corpus.merge(pair, into: id)
        }
        vocabulary.tokens += CLIPVocabulary.marks
        return vocabulary
    }

    private static func countWords(_ texts: some Sequence<String>) -> [[UInt8]: Int] {
        let marks = CLIPVocabulary.marks.map { Array($0.unicodeScalars) }
        var counts: [[UInt8]: Int] = [:]
        for text in texts {
            let scalars = Normalization.composedLowercase(text.unicodeScalars)
            WordSplitter.clip(scalars[...], marks: marks) { word in
                if !marks.contains(where: word.elementsEqual) { counts[word.utf8Bytes, default: 0] += 1 }
            }
        }
        return counts
    }
}

/// The words of a corpus as token ids, with the counts of adjacent pairs kept up to date while pairs are merged.
private struct Corpus {
    struct Pair: Hashable, Comparable {
        let left, right: Int32
        static func < (a: Pair, b: Pair) -> Bool { (a.left, a.right) < (b.left, b.right) }
    }

    /// A pair with the count that it had when it was put in the heap.
    private struct Candidate: Comparable {
        let count: Int
        let pair: Pair
        static func < (a: Candidate, b: Candidate) -> Bool {
            a.count == b.count ? a.pair < b.pair : a.count > b.count
        }
    }

    private var words: [(ids: [Int32], count: Int)] = []
    private var counts: [Pair: Int] = [:]
    /// The words in which a pair occurs, or once occurred.
    private var places: [Pair: Set<Int>] = [:]
    private var candidates = MinHeap<Candidate>()

    init(wordCounts: [[UInt8]: Int]) {
        var idOfByte = [Int32](repeating: 0, count: 256)
        for (index, byte) in ByteAlphabet.bytesInVocabularyOrder.enumerated() { idOfByte[Int(byte)] = Int32(index) }
        for (word, count) in wordCounts {
            var ids = word.map { idOfByte[Int($0)] }
            ids[ids.count - 1] += 256
            words.append((ids, count))
            addPairs(of: words.count - 1, times: count)
        }
        candidates = MinHeap(counts.map { Candidate(count: $1, pair: $0) })
    }

    mutating func mostFrequentPair(minimumCount: Int) -> Pair? {
        while let best = candidates.popFirst() {
            let count = counts[best.pair] ?? 0
            if count == best.count { return count >= minimumCount ? best.pair : nil }
            if count > 0, count < best.count { candidates.insert(Candidate(count: count, pair: best.pair)) }
        }
        return nil
    }

    mutating func merge(_ pair: Pair, into id: Int32) {
        for word in places.removeValue(forKey: pair) ?? [] {
            let count = words[word].count
            addPairs(of: word, times: -count)
            words[word].ids = Self.replace(pair, with: id, in: words[word].ids)
            for grown in addPairs(of: word, times: count) {
                candidates.insert(Candidate(count: counts[grown]!, pair: grown))
            }
        }
        counts[pair] = nil
    }

    /// Returns the pairs, whose counts have changed.
    @discardableResult
    private mutating func addPairs(of word: Int, times: Int) -> [Pair] {
        let pairs = zip(words[word].ids, words[word].ids.dropFirst()).map(Pair.init)
        for pair in pairs {
            counts[pair, default: 0] += times
            if times > 0 { places[pair, default: []].insert(word) }
        }
        return pairs
    }

    private static func replace(_ pair: Pair, with id: Int32, in ids: [Int32]) -> [Int32] {
        var result: [Int32] = []
        var index = 0
        while index < ids.count {
            if index + 1 < ids.count, ids[index] == pair.left, ids[index + 1] == pair.right {
                result.append(id)
                index += 2
            } else {
                result.append(ids[index])
                index += 1
            }
        }
        return result
    }
}
