/// What checkpoints call the parts of an autoencoder; the parts are the same.
struct AutoencoderNames: Sendable {
    var middle: String
    var middleResnets: [String]
    var middleAttention: String
    /// A level of the decoder, counted from the coarsest, of so many.
    var level: @Sendable (_ index: Int, _ count: Int) -> String
    var resnets: String
    var attentions: String
    var upsample: String
    var shortcut: String
    var normOut: String
    var attention: Attention

    struct Attention: Sendable {
        var norm: String
        var query: String
        var key: String
        var value: String
        var out: String
    }

    /// diffusers'.
    static let diffusers = AutoencoderNames(
        middle: "mid_block", middleResnets: ["resnets.0", "resnets.1"], middleAttention: "attentions.0",
        level: { index, _ in "up_blocks.\(index)" }, resnets: "resnets", attentions: "attentions",
        upsample: "upsamplers.0.conv", shortcut: "conv_shortcut", normOut: "conv_norm_out",
        attention: Attention(norm: "group_norm", query: "to_q", key: "to_k", value: "to_v", out: "to_out.0"))

    /// Those of VQGAN's first program (Esser et al. 2021), which counts levels from the finest.
    static let taming = AutoencoderNames(
        middle: "mid", middleResnets: ["block_1", "block_2"], middleAttention: "attn_1",
        level: { index, count in "up.\(count - 1 - index)" }, resnets: "block", attentions: "attn",
        upsample: "upsample.conv", shortcut: "nin_shortcut", normOut: "norm_out",
        attention: Attention(norm: "norm", query: "q", key: "k", value: "v", out: "proj_out"))

    /// diffusers', with what it called attention before 2023, where the checkpoint has that.
    func fitting(hasOldAttention: Bool) -> AutoencoderNames {
        guard hasOldAttention else { return self }
        var names = self
        (names.attention.query, names.attention.key, names.attention.value) = ("query", "key", "value")
        names.attention.out = "proj_attn"
        return names
    }
}
