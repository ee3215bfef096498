import NN
import Torch

/// A transformer over a picture's places: each block attends to the places, then to the context tokens (Rombach et al.
/// 2022, appendix E.2.1; diffusers' `Transformer2DModel`).
final class SpatialTransformer: UNetLayer {
    struct Shape {
        let channels: Int
        /// A divisor of `channels`.
        let heads: Int
        let contextWidth: Int
        let layers: Int
        let groups: Int
        /// Whether it goes in and out by linear layers rather than by 1 × 1 convolutions; the numbers are the same.
        let projectsLinearly: Bool
    }

    let name: String
    private let norm: GroupNorm
    private let projIn: PlaceProjection
    private let blocks: [SpatialTransformerBlock]
    private let projOut: PlaceProjection

    init(_ p: ParameterScope, _ shape: Shape) {
        name = p.prefix
        norm = GroupNorm(p / "norm", groups: shape.groups, channels: shape.channels, eps: 1e-6)
        projIn = PlaceProjection(p / "proj_in", shape, initial: nil)
        blocks = (0..<shape.layers).map { SpatialTransformerBlock(p / "transformer_blocks" / $0, shape) }
        // A fresh transformer passes its input on.
        projOut = PlaceProjection(p / "proj_out", shape, initial: .zeros)
    }

    func keyValues(of context: Tensor) -> [String: KeyValue] {
        Dictionary(uniqueKeysWithValues: blocks.map { ($0.name, $0.keyValue(of: context)) })
    }

    func callAsFunction(_ x: Tensor, _ step: UNetStep) -> Tensor {
        let places = projIn(norm(x).flatten(from: 2).transpose(1, 2))
        let kept = step.context.keyValues(for: self)
        let mask = step.context.mask(before: 0)
        let states = blocks.reduce(places) { states, block in
            let states = block(states, context: kept[block.name], mask: mask)
            step.probe?(block.name, states)
            return states
        }
        return x + projOut(states).transpose(1, 2).reshape(x.shape)
    }
}

/// A linear map of every place's channels, whose weight lies in the file as a linear layer's or as a convolution's.
private struct PlaceProjection {
    private let weight: Tensor
    private let bias: Tensor

    init(_ p: ParameterScope, _ shape: SpatialTransformer.Shape, initial: Initializer?) {
        let width = shape.channels
        let stored = shape.projectsLinearly ? [width, width] : [width, width, 1, 1]
        weight = p.parameter("weight", stored, initial ?? .fanIn(width))
        bias = p.parameter("bias", [width], initial ?? .fanIn(width))
    }

    /// (batch, places, channels)
    func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight.flatten(from: 1), bias) }
}

/// Self-attention, attention to the context, and a gated perceptron, each before its residual sum (diffusers'
/// `BasicTransformerBlock` with GEGLU; Shazeer 2020).
private final class SpatialTransformerBlock {
    let name: String
    private let norm1: LayerNorm
    private let own: TokenAttention
    private let norm2: LayerNorm
    private let cross: TokenAttention
    private let norm3: LayerNorm
    private let gated: Linear
    private let down: Linear

    init(_ p: ParameterScope, _ shape: SpatialTransformer.Shape) {
        let width = shape.channels
        name = p.prefix
        norm1 = LayerNorm(p / "norm1", width)
        own = TokenAttention(p / "attn1", width: width, from: width, heads: shape.heads)
        norm2 = LayerNorm(p / "norm2", width)
        cross = TokenAttention(p / "attn2", width: width, from: shape.contextWidth, heads: shape.heads)
        norm3 = LayerNorm(p / "norm3", width)
        gated = Linear(p / "ff" / "net" / 0 / "proj", width, 8 * width)
        down = Linear(p / "ff" / "net" / 2, 4 * width, width)
    }

    func keyValue(of context: Tensor) -> KeyValue { cross.keyValue(of: context) }

    /// - Parameters:
    ///   - x: (batch, places, width)
    ///   - context: the context tokens' keys and values; nil: the second attention is to the places too
    func callAsFunction(_ x: Tensor, context: KeyValue?, mask: Tensor?) -> Tensor {
        var x = x
        var h = norm1(x)
        x = x + own(h, own.keyValue(of: h), mask: nil)
        h = norm2(x)
        x = x + cross(h, context ?? cross.keyValue(of: h), mask: context == nil ? nil : mask)
        let parts = gated(norm3(x)).chunk(2, dim: 2)
        return parts.count == 2 ? x + down(parts[0] * parts[1].gelu()) : x
    }
}

/// Attention without biases but for the last layer's.
private struct TokenAttention {
    private let heads: Int
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let out: Linear

    init(_ p: ParameterScope, width: Int, from inputs: Int, heads: Int) {
        self.heads = heads
        query = Linear(p / "to_q", width, width, bias: false)
        key = Linear(p / "to_k", inputs, width, bias: false)
        value = Linear(p / "to_v", inputs, width, bias: false)
        out = Linear(p / "to_out" / 0, width, width)
    }

    func keyValue(of tokens: Tensor) -> KeyValue { KeyValue(key(tokens), value(tokens), heads: heads) }

    func callAsFunction(_ x: Tensor, _ seen: KeyValue, mask: Tensor?) -> Tensor {
        out(seen.attended(by: query(x), heads: heads, mask: mask))
    }
}
