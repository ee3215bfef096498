import Foundation
import NN
import TestSupport
import Testing
import Torch

@testable import Models

@Suite struct DynamicFilterUpsamplerTests {
    private static func config(_ change: (inout DynamicFilterUpsamplerConfig) -> Void = { _ in })
        -> DynamicFilterUpsamplerConfig
    {
        var config = DynamicFilterUpsamplerConfig()
        (config.width, config.blocks) = (8, 2)
        change(&config)
        return config
    }

    private static func sample(_ small: Tensor, noise: UInt64) -> Tensor {
        let size = [4 * small.size(2), 4 * small.size(3)]
        let enlarged = small.interpolate(size: size, mode: .bicubic, antialias: true)
        let noise = Tensor.randn([small.size(0), 3] + size, generator: Generator(seed: noise))
        return Tensor.cat([noise, enlarged], dim: 1)
    }

    private let time = Tensor([999 as Float])

    @Test func itMakesNoColourThatWasNotThere() throws {
        let generator = Generator(seed: 1)
        let store = ParameterStore(generator: generator)
        let network = DynamicFilterUpsampler(Self.config(), store.root)
        for (_, tensor) in store.parameters {
            tensor.copyInPlace(from: Tensor.randn(tensor.shape, generator: generator))
        }
        // Red channel of one half 0.5, of the other −0.5: enlarging rings beyond both, mixing does not.
        let row = (0..<16).map { $0 < 8 ? Float(0.5) : -0.5 }
        let small = Tensor.zeros([2, 3, 16, 16], device: .cpu) + Tensor(row)
        let input = Self.sample(small, noise: 3)
        #expect(try input.narrow(dim: 1, start: 3, length: 3).amax().item() > 0.51)
        let picture = network(input, time)
        #expect(picture.shape == [2, 3, 64, 64])
        let colours = try picture.floats()
        #expect(colours.allSatisfy { abs($0) < 0.505 })
        #expect(colours.contains { $0 > 0.45 } && colours.contains { $0 < -0.45 })
    }

    /// With all logits far below the one of the pixel's own colour, each is painted as a square.
    @Test func eachSquareHasItsOwnPlace() throws {
        let store = ParameterStore()
        let network = DynamicFilterUpsampler(Self.config { $0.blocks = 0 }, store.root)
        for (key, tensor) in store.parameters {
            let own = (0..<tensor.size(0)).map { $0 < 16 ? Float(50) : 0 }
            tensor.copyInPlace(
                from: key == "conv_out.bias" ? Tensor(own) : Tensor.zeros(tensor.shape, device: .cpu))
        }
        let small = Tensor.randn([1, 3, 4, 6], generator: Generator(seed: 2)).clamp(min: -1, max: 1)
        let input = Self.sample(small, noise: 1)
        let seen = input.narrow(dim: 1, start: 3, length: 3).interpolate(size: [4, 6], mode: .bilinear)
        let expected = seen.interpolate(size: [16, 24], mode: .nearest)
        #expect(try (network(input, time) - expected).abs().amax().item() < 1e-5)
        #expect(try (seen - small).abs().amax().item() < 0.15, "what it sees is nearly the small picture")
    }

    @Test func neitherNoiseNorTimeNorTheOtherPicturesMatter() throws {
        let network = DynamicFilterUpsampler(Self.config(), ParameterStore(generator: Generator(seed: 5)).root)
        let small = Tensor.randn([2, 3, 8, 8], generator: Generator(seed: 6)) * 0.4
        let both = network(Self.sample(small, noise: 1), time)
        let second = network(
            Self.sample(small.narrow(dim: 0, start: 1, length: 1), noise: 9), Tensor([3 as Float]))
        #expect(try (both.narrow(dim: 0, start: 1, length: 1) - second).abs().amax().item() < 1e-5)
    }

    @Test func itsConfigurationIsReadBack() throws {
        let config = UpsamplerConfig.dynamicFilter(Self.config { ($0.sampleSize, $0.reaches) = (1024, [1, 2]) })
        let again = try JSONDecoder().decode(UpsamplerConfig.self, from: JSONEncoder().encode(config))
        #expect(again == config && again.sampleSize == 1024 && again.pictureChannels == 3 && again.factor == 4)
        let store = ParameterStore()
        #expect(try again.network(store.root).sizeMultiple == 4)
        let out = try #require(store.parameters.first { $0.key == "conv_out.weight" })
        #expect(out.tensor.shape == [17 * 16, 8, 3, 3])
    }

    @Test func aUNetIsReadAsBefore() throws {
        let unet = UNet2DConfig(inChannels: 6, outChannels: 3, blockOutChannels: [32, 64], patchSize: 4)
        let again = try JSONDecoder().decode(UpsamplerConfig.self, from: JSONEncoder().encode(unet))
        #expect(again == .unet(unet) && again.pictureChannels == 3 && again.patchSize == 4)
    }

    @Test(arguments: [
        (#"{"factor": 1}"#, "factor"), (#"{"factor": 4, "width": 0}"#, "width"),
        (#"{"factor": 4, "width": 8, "blocks": 2, "reaches": [100]}"#, "reaches"),
        (#"{"factor": 4, "width": 8, "blocks": 2}"#, "reaches"),
    ])
    func whatCannotBeIsRefusedByName(_ json: String, _ key: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try JSONDecoder().decode(DynamicFilterUpsamplerConfig.self, from: Data(json.utf8))
        }
        #expect(error.map { "\($0)".contains(key) } == true)
    }
}
