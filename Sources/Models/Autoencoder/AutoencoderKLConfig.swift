/// `config.json` of an `AutoencoderKL`, keys and defaults as in diffusers.
public struct AutoencoderKLConfig: Decodable, Equatable, Sendable {
    public let layout: AutoencoderLayout
    /// What latents are multiplied by, so that their standard deviation is about 1.
    public let scalingFactor: Double
    /// What is subtracted from latents before that.
    public let shiftFactor: Double
    public let useQuantConv: Bool
    public let usePostQuantConv: Bool

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: "AutoencoderKL")
        layout = try AutoencoderLayout(reader)
        scalingFactor = try reader.double("scaling_factor", default: 0.18215)
        shiftFactor = try reader.optionalDouble("shift_factor") ?? 0
        useQuantConv = try reader.bool("use_quant_conv", default: true)
        usePostQuantConv = try reader.bool("use_post_quant_conv", default: true)
        guard scalingFactor > 0 else { throw reader.invalid("scaling_factor", "a number above 0") }
        try reader.require(["latents_mean": [.null], "latents_std": [.null]])
    }
}
