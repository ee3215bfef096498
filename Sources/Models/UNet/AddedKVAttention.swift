import NN
import Torch

/// Attention of a picture's places to the context tokens and to each other in one softmax: keys and values are those
/// of the context, then those of the picture (GLIDE, Nichol et al. 2021; diffusers' `AttnAddedKVProcessor`).
final class AddedKVAttention: UNetLayer {
    let name: String
    private let heads: Int
    private let norm: GroupNorm
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let contextKey: Linear
    private let contextValue: Linear
    private let out: Linear

    /// - Parameter headWidth: a divisor of `channels`
    init(_ p: ParameterScope, channels: Int, headWidth: Int, contextWidth: Int, groups: Int) {
        name = p.prefix
        heads = channels / headWidth
        // The reference leaves this epsilon at its default, whatever the configuration's norm_eps.
        norm = GroupNorm(p / "group_norm", groups: groups, channels: channels, eps: 1e-5)
        query = Linear(p / "to_q", channels, channels)
        key = Linear(p / "to_k", channels, channels)
        value = Linear(p / "to_v", channels, channels)
        contextKey = Linear(p / "add_k_proj", contextWidth, channels)
        contextValue = Linear(p / "add_v_proj", contextWidth, channels)
        out = Linear(p / "to_out" / 0, channels, channels, initial: .zeros)
    }

    func keyValues(of context: Tensor) -> [String: KeyValue] {
        [name: KeyValue(contextKey(context), contextValue(context), heads: heads)]
    }

    func callAsFunction(_ x: Tensor, _ step: UNetStep) -> Tensor {
        let places = norm(x).flatten(from: 2).transpose(1, 2)
        let own = KeyValue(key(places), value(places), heads: heads)
        let seen = step.context.keyValue(for: self)?.appending(own) ?? own
        let mask = step.context.mask(before: places.size(1))
        let attended = out(seen.attended(by: query(places), heads: heads, mask: mask))
        return x + attended.transpose(1, 2).reshape(x.shape)
    }
}
