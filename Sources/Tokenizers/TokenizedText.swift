/// A text as token ids, padded or cut to a context length.
public struct TokenizedText: Equatable, Sendable {
    /// Token ids, as many as the context length.
    public let ids: [Int32]
    /// True where `ids` holds a token of the text (start and end tokens included), false where it holds padding.
    public let mask: [Bool]

    public init(ids: [Int32], mask: [Bool]) {
        self.ids = ids
        self.mask = mask
    }

    /// Keeps the first `contextLength` of `ids` and fills up with `pad`.
    init(_ ids: some Collection<Int32>, contextLength: Int, pad: Int32) {
        let kept = ids.prefix(max(contextLength, 0))
        let missing = max(contextLength - kept.count, 0)
        self.ids = Array(kept) + Array(repeating: pad, count: missing)
        self.mask = Array(repeating: true, count: kept.count) + Array(repeating: false, count: missing)
    }
}
