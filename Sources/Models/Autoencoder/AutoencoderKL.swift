import NN
import Torch

/// The autoencoder of latent diffusion: pictures to latents and back (Rombach et al. 2022; diffusers' `AutoencoderKL`).
public final class AutoencoderKL {
    public let config: AutoencoderKLConfig
    private let encoder: AutoencoderEncoder
    private let decoder: AutoencoderDecoder
    private let quant: Conv2d?
    private let postQuant: Conv2d?

    public init(_ config: AutoencoderKLConfig, _ p: ParameterScope) {
        self.config = config
        let (layout, moments) = (config.layout, 2 * config.layout.latentChannels)
        encoder = AutoencoderEncoder(p / "encoder", layout, outputs: moments)
        decoder = AutoencoderDecoder(p / "decoder", layout, .group(groups: layout.normNumGroups))
        quant = config.useQuantConv ? Conv2d(p / "quant_conv", moments, moments, kernel: 1) : nil
        postQuant =
            config.usePostQuantConv
            ? Conv2d(p / "post_quant_conv", layout.latentChannels, layout.latentChannels, kernel: 1) : nil
    }

    /// The mean of a picture's latents.
    ///
    /// - Parameter pictures: (batch, channels, height, width) in −1…1, both multiples of `config.layout.factor`
    /// - Returns: (batch, latent channels, height / factor, width / factor), scaled as a diffusion sees them
    public func encode(_ pictures: Tensor) -> Tensor {
        let encoded = encoder(pictures.to(encoder.dtype), probe: nil)
        let moments = quant?(encoded) ?? encoded
        let mean = moments.narrow(dim: 1, start: 0, length: config.layout.latentChannels)
        return (mean - config.shiftFactor) * config.scalingFactor
    }

    /// The latents of a diffusion as `decode` takes them: its scale and shift undone.
    public func unscaled(_ latents: Tensor) -> Tensor { latents / config.scalingFactor + config.shiftFactor }

    /// - Parameter latents: (batch, latent channels, height, width), `unscaled`
    /// - Returns: (batch, channels, height · factor, width · factor), about −1…1, in the weights' dtype
    public func decode(_ latents: Tensor) -> Tensor {
        let latents = latents.to(decoder.dtype)
        return decoder(postQuant?(latents) ?? latents, latents, probe: nil)
    }
}
