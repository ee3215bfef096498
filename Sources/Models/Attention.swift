import Torch

/// The keys and values of some tokens, split into heads: (batch, heads, tokens, width of a head).
///
/// They depend on the tokens alone, so those of tokens that stay the same over a run are computed once.
struct KeyValue {
    let key: Tensor
    let value: Tensor

    /// - Parameter key, value: (batch, tokens, heads · width of a head)
    init(_ key: Tensor, _ value: Tensor, heads: Int) {
        self.init(key: key.splitHeads(heads), value: value.splitHeads(heads))
    }

    init(key: Tensor, value: Tensor) {
        self.key = key
        self.value = value
    }

    /// These tokens followed by others.
    func appending(_ other: KeyValue) -> KeyValue {
        KeyValue(key: Tensor.cat([key, other.key], dim: 2), value: Tensor.cat([value, other.value], dim: 2))
    }

    /// softmax(Q Kᵀ / √d + mask) V
    ///
    /// - Parameters:
    ///   - query: (batch, queries, heads · width of a head)
    ///   - mask: added to the scores; it broadcasts to (batch, heads, queries, tokens)
    ///   - causal: query i sees tokens 0…i only
    /// - Returns: (batch, queries, heads · width of a head)
    func attended(by query: Tensor, heads: Int, mask: Tensor? = nil, causal: Bool = false) -> Tensor {
        let query = query.splitHeads(heads)
        if isFasterPlain(query) { return plain(query, mask: mask, causal: causal).mergeHeads() }
        return Tensor.scaledDotProductAttention(query, key, value, mask: mask, causal: causal).mergeHeads()
    }

    /// On the CPU the gradients of libtorch's fused attention take 4 to 8 times as long as those of its parts, where
    /// tokens are few and the products are in bfloat16.
    private func isFasterPlain(_ query: Tensor) -> Bool {
        query.dtype == .bfloat16 && query.device == .cpu && query.requiresGrad && key.size(2) <= 512
    }

    private func plain(_ query: Tensor, mask: Tensor?, causal: Bool) -> Tensor {
        let width = Double(query.size(3))
        var scores = (query * (1 / width.squareRoot())).matmul(key.transpose(2, 3))
        if let mask { scores = scores + mask.to(scores.dtype) }
        if causal {
            let future = Tensor.full([query.size(2), key.size(2)], -10000, dtype: scores.dtype).triu(diagonal: 1)
            scores = scores + future
        }
        return scores.softmax(dim: -1).matmul(value)
    }
}

extension Tensor {
    /// (batch, tokens, heads · d) to (batch, heads, tokens, d)
    fileprivate func splitHeads(_ heads: Int) -> Tensor {
        reshape([size(0), size(1), heads, -1]).transpose(1, 2)
    }

    /// (batch, heads, tokens, d) to (batch, tokens, heads · d)
    fileprivate func mergeHeads() -> Tensor {
        transpose(1, 2).flatten(from: 2)
    }

    /// A mask of tokens (true: seen) as what is added to attention scores: 0 or −10000, in `dtype`.
    ///
    /// The reference adds −10000 and not −∞; after a softmax in float32 both give exactly 0.
    func additiveMask(_ dtype: DType) -> Tensor {
        (1 - to(dtype)) * -10000
    }
}
