/// `config.json` of DALL·E mini and mega, keys as in the published checkpoints.
public struct DalleBartConfig: Decodable, Equatable, Sendable {
    public let width: Int
    public let encoder: Stack
    public let decoder: Stack
    public let textVocabulary: Int
    /// Image tokens that the network knows besides the start token; of those the autoencoder's codes are the first.
    public let imageVocabulary: Int
    /// Image tokens of a picture, a square row by row.
    public let imageLength: Int
    public let textLength: Int
    /// What the decoder is given before the first image token.
    public let startToken: Int

    /// One of the two transformers.
    public struct Stack: Equatable, Sendable {
        public let layers: Int
        public let heads: Int
        /// Width inside the gated feed-forward layer.
        public let inner: Int
    }

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: "DalleBart")
        width = try reader.int("d_model", default: 1024)
        encoder = Stack(
            layers: try reader.int("encoder_layers", default: 12, in: 1...256),
            heads: try reader.int("encoder_attention_heads", default: 16),
            inner: try reader.int("encoder_ffn_dim", default: 2730))
        self.decoder = Stack(
            layers: try reader.int("decoder_layers", default: 12, in: 1...256),
            heads: try reader.int("decoder_attention_heads", default: 16),
            inner: try reader.int("decoder_ffn_dim", default: 2730))
        textVocabulary = try reader.int("encoder_vocab_size", default: 50264)
        imageVocabulary = try reader.int("image_vocab_size", default: 16384)
        imageLength = try reader.int("image_length", default: 256, in: 1...65536)
        textLength = try reader.int("max_text_length", default: 64, in: 2...4096)
        startToken = try reader.int("decoder_start_token_id", default: imageVocabulary, in: 0...imageVocabulary)
        guard width.isMultiple(of: encoder.heads), width.isMultiple(of: self.decoder.heads) else {
            throw reader.inconsistent("d_model", "a multiple of encoder_attention_heads and decoder_attention_heads")
        }
        let side = Int(Double(imageLength).squareRoot())
        guard side * side == imageLength else { throw reader.invalid("image_length", "a square number") }
        // What the published checkpoints are; later ones of the same program tried other things.
        try reader.require([
            "activation_function": [.string("gelu")], "use_bias": [.bool(false)], "ln_type": [.string("layernorm")],
            "ln_positions": [.string("normformer")], "use_glu": [.bool(true)], "use_head_scale": [.bool(false)],
            "use_cosine_attention": [.bool(false)], "use_alibi": [.bool(false)],
            "use_swin_position_embeddings": [.bool(false)], "use_deepnet_scaling": [.bool(false)],
            "use_absolute_position_embeddings": [.bool(true)], "use_final_ln_encoder": [.bool(true)],
            "use_final_ln_decoder": [.bool(true)],
        ])
    }

    /// Image tokens in a row of the picture.
    public var side: Int { Int(Double(imageLength).squareRoot()) }
}
