import Torch

/// What conditions a U-Net, brought into its own widths: the same for all steps of a run.
///
/// Made by the network that it is for. `UNet2DConditionModel.prepare` keeps the keys and values of the context tokens
/// in it, so that no step computes them again; without them each layer computes its own, with the same numbers.
public struct UNetContext {
    /// (batch, tokens, width); nil for an unconditional network.
    let tokens: Tensor?
    /// (batch, 1, 1, tokens), added to attention scores; nil where all tokens are seen.
    private let mask: Tensor?
    /// (batch, time width), added to the time embedding.
    let timeEmbedding: Tensor?
    /// By the name of the attention layer.
    private let kept: [String: KeyValue]

    /// - Parameter mask: (batch, tokens) bool, true: seen
    init(
        tokens: Tensor? = nil, mask: Tensor? = nil, timeEmbedding: Tensor? = nil, kept: [String: KeyValue] = [:]
    ) {
        self.tokens = tokens
        self.mask = mask.map { $0.additiveMask(tokens?.dtype ?? .float32).unsqueeze(1).unsqueeze(1) }
        self.timeEmbedding = timeEmbedding
        self.kept = kept
    }

    private init(_ other: UNetContext, kept: [String: KeyValue]) {
        tokens = other.tokens
        mask = other.mask
        timeEmbedding = other.timeEmbedding
        self.kept = kept
    }

    /// The same with keys and values kept.
    func keeping(_ keyValues: [String: KeyValue]) -> UNetContext { UNetContext(self, kept: keyValues) }

    /// The context's keys and values for the attention of a layer's own name, or nil where there is no context.
    func keyValue(for layer: any UNetLayer) -> KeyValue? {
        kept[layer.name] ?? tokens.flatMap { layer.keyValues(of: $0)[layer.name] }
    }

    /// The same for a layer with several attentions, by their names; empty where there is no context.
    func keyValues(for layer: any UNetLayer) -> [String: KeyValue] {
        if !kept.isEmpty { return kept }
        return tokens.map { layer.keyValues(of: $0) } ?? [:]
    }

    /// The mask of the context tokens followed by `count` tokens that are all seen.
    func mask(before count: Int) -> Tensor? { mask?.constantPad([0, count]) }
}
