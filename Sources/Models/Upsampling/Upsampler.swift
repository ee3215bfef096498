import NN
import Torch

/// A network that makes a large picture of a small one, which it sees enlarged beside the noisy large one (Ramesh et al.
/// 2022, section 2.1; Ho et al. 2022, cascaded diffusion).
public protocol Upsampler: AnyObject {
    /// Height and width of a sample must be multiples of this.
    var sizeMultiple: Int { get }

    /// - Parameters:
    ///   - sample: (batch, channels, height, width): the noisy picture, then the enlarged one
    ///   - timesteps: (batch) or (1)
    /// - Returns: (batch, channels of a picture, height, width)
    func callAsFunction(_ sample: Tensor, _ timesteps: Tensor, probe: LayerProbe?) -> Tensor
}

extension Upsampler {
    public func callAsFunction(_ sample: Tensor, _ timesteps: Tensor) -> Tensor { self(sample, timesteps, probe: nil) }
}

extension UNet2DModel: Upsampler {}

/// `config.json` of an upsampler; `_class_name` says which network it is, a `UNet2DModel` where it says nothing.
public enum UpsamplerConfig: Codable, Equatable, Sendable {
    case unet(UNet2DConfig)
    case dynamicFilter(DynamicFilterUpsamplerConfig)

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: "upsampler")
        self =
            switch try reader.optionalString("_class_name") {
            case DynamicFilterUpsamplerConfig.className: .dynamicFilter(try DynamicFilterUpsamplerConfig(from: decoder))
            default: .unet(try UNet2DConfig(from: decoder))
            }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .unet(let config): try config.encode(to: encoder)
        case .dynamicFilter(let config): try config.encode(to: encoder)
        }
    }

    /// Builds the network that it describes.
    public func network(_ p: ParameterScope) throws -> any Upsampler {
        switch self {
        case .unet(let config): try UNet2DModel(config, p)
        case .dynamicFilter(let config): DynamicFilterUpsampler(config, p)
        }
    }

    /// Channels of a picture, half of those that go in.
    public var pictureChannels: Int {
        switch self {
        case .unet(let config):
            let (seen, _) = config.layout.sampleChannels
            return seen / 2
        case .dynamicFilter:
            return DynamicFilterUpsampler.channels
        }
    }

    /// Height and width of the pictures that it makes, where the file says so.
    public var sampleSize: Int? {
        switch self {
        case .unet(let config): config.layout.sampleSize
        case .dynamicFilter(let config): config.sampleSize
        }
    }

    /// Side of the squares of pixels that it folds; nil where it cannot fold any.
    public var patchSize: Int? {
        switch self {
        case .unet(let config): config.layout.patchSize
        case .dynamicFilter: nil
        }
    }

    /// How many times larger a picture becomes; nil where it enlarges by any factor.
    public var factor: Int? {
        switch self {
        case .unet: nil
        case .dynamicFilter(let config): config.factor
        }
    }

    /// Whether it sees the noisy picture, so that it can predict noise or v, and not the picture alone.
    public var seesNoise: Bool {
        switch self {
        case .unet: true
        case .dynamicFilter: false
        }
    }
}
