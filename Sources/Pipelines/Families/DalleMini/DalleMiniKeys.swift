import Checkpoints

/// What the published checkpoints call the networks' parameters.
enum DalleMiniKeys {
    /// min-dalle's conversion of the two transformers, which has the networks' own names but, like what it was made of, no
    /// scales that are 1.
    static let converted = KeyMap(roots: [("", "")], addsUnitWeights: true)

    /// Flax's two transformers, whose layers lie behind each other in one tensor.
    static func bart(roots: [(from: String, to: String)]) -> KeyMap {
        KeyMap(
            roots: roots,
            renames: [
                .init("layers.FlaxBartEncoderLayers", "layers.*"), .init("layers.FlaxBartDecoderLayers", "layers.*"),
                .init("FlaxBartAttention_0", "self_attn"), .init("FlaxBartAttention_1", "encoder_attn"),
                .init("GLU_0.LayerNorm_#", "glu.ln#"), .init("GLU_0.Dense_#", "glu.fc#"),
                .init("LayerNorm_0", "pre_self_attn_layer_norm"), .init("LayerNorm_1", "self_attn_layer_norm"),
                .init("LayerNorm_2", "pre_encoder_attn_layer_norm"), .init("LayerNorm_3", "encoder_attn_layer_norm"),
            ], leaves: KeyMap.flaxLeaves, addsUnitWeights: true)
    }

    /// Flax's VQGAN's decoder; what belongs to its encoder is left out.
    static let vqgan = KeyMap(
        roots: [
            ("decoder.", "decoder."), ("post_quant_conv.", "post_quant_conv."),
            ("quantize.embedding.", "embedding."),
        ],
        renames: [
            .init("mid.block_#", "mid.block_#"), .init("mid.attn_#", "mid.attn_#"), .init("up_#", "up.#"),
            .init("block_#", "block.#"), .init("attn_#", "attn.#"),
        ], leaves: KeyMap.flaxLeaves)
}
