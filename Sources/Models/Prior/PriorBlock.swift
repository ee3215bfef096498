import NN
import Torch

/// A pre-norm transformer block whose attention can see tokens that were computed before.
final class PriorBlock {
    private let name: String
    private let heads: Int
    private let norm1: LayerNorm
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let out: Linear
    private let norm3: LayerNorm
    private let up: Linear
    private let down: Linear

    init(_ p: ParameterScope, width: Int, heads: Int) {
        name = p.prefix
        self.heads = heads
        let attention = p / "attn1"
        norm1 = LayerNorm(p / "norm1", width)
        query = Linear(attention / "to_q", width, width)
        key = Linear(attention / "to_k", width, width)
        value = Linear(attention / "to_v", width, width)
        out = Linear(attention / "to_out" / 0, width, width)
        norm3 = LayerNorm(p / "norm3", width)
        up = Linear(p / "ff" / "net" / 0 / "proj", width, 4 * width)
        down = Linear(p / "ff" / "net" / 2, 4 * width, width)
    }

    /// - Parameters:
    ///   - x: (batch, tokens, width)
    ///   - past: keys and values of the tokens before these
    ///   - mask: (batch, 1, tokens, past and present tokens), added to the scores
    /// - Returns: (batch, tokens, width), and the keys and values of the past and these tokens
    func callAsFunction(
        _ x: Tensor, past: KeyValue?, mask: Tensor, probe: LayerProbe?
    ) -> (states: Tensor, keyValue: KeyValue) {
        let h = norm1(x)
        let present = KeyValue(key(h), value(h), heads: heads)
        let seen = past?.appending(present) ?? present
        let attended = out(seen.attended(by: query(h), heads: heads, mask: mask))
        probe?("\(name).attn1", attended)
        let x = x + attended
        let fed = down(up(norm3(x)).gelu())
        probe?("\(name).ff", fed)
        probe?(name, x + fed)
        return (x + fed, seen)
    }
}
