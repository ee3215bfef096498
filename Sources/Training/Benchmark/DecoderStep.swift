import Diffusion
import Foundation
import Models
import NN
import Torch

/// The decoder's step with pictures, embeddings and captions given.
final class DecoderStep: Objective {
    struct Config: Codable, Sendable {
        var batch: Int
        /// Height and width of the pictures, in pixels.
        var size: Int
        /// Width of CLIP's embeddings and text states, and the number of a caption's tokens.
        var width: Int
        var tokens: Int
        var gamma: Double
        var network: UNet2DConditionConfig
        var scheduler: SchedulerConfig
    }

    let parameters: [(key: String, tensor: Tensor)]
    private let decoder: UNet2DConditionModel
    private let projection: UnCLIPTextProjModel
    private let diffusion: DiffusionLoss
    private let dtype: DType
    private let device: Device
    private let pictures: Tensor
    private let known: Tensor
    private let image: Tensor
    private let text: PriorText

    init(_ config: Config, dtype: DType, device: Device) throws {
        (self.dtype, self.device) = (dtype, device)
        let generator = Generator(seed: 1)
        let store = ParameterStore(device: device, generator: generator, channelsLast: device.prefersChannelsLast)
        decoder = try UNet2DConditionModel(config.network, store.root)
        var projectionConfig = UnCLIPTextProjConfig(
            timeEmbedDim: config.network.layout.timeWidth, crossAttentionDim: config.network.crossAttentionDim)
        projectionConfig.clipEmbeddingsDim = config.width
        let projectionStore = ParameterStore(device: device, generator: generator)
        projection = UnCLIPTextProjModel(projectionConfig, projectionStore.root)
        try store.verify()
        try projectionStore.verify()
        parameters =
            store.parameters.map { ("decoder/" + $0.key, $0.tensor) }
            + projectionStore.parameters.map { ("text_proj/" + $0.key, $0.tensor) }
        diffusion = try DiffusionLoss(config.scheduler, gamma: config.gamma)
        func normal(_ shape: Int...) -> Tensor { .randn([config.batch] + shape, generator: generator).to(device) }
        pictures = normal(3, config.size, config.size).clamp(min: -1, max: 1)
        known = .zeros(
            [config.batch, config.network.layout.sampleChannels.in - 3, config.size, config.size], device: device)
        image = normal(config.width)
        text = PriorText(
            embeds: normal(config.width), states: normal(config.tokens, config.width),
            mask: .ones([config.batch, config.tokens], device: device).gt(scalar: 0))
    }

    func loss(at place: StepPlace) throws -> (loss: Tensor, figures: [(name: String, value: Tensor)]) {
        let batch = try diffusion.noised(pictures, at: place)
        let error = try Autograd.autocast(dtype, on: device) {
            let projected = projection(imageEmbeds: image, textEmbeds: text.embeds, textStates: text.states)
            let context = try decoder.condition(
                UNetConditions(
                    context: projected.context, contextMask: projection.contextMask(text.mask),
                    timeEmbedding: projected.timeEmbedding))
            let input = Tensor.cat([batch.noisy, known], dim: 1).inTrainingFormat()
            return try batch.error(of: decoder(input, batch.timesteps, context: context))
        }
        return (error, [])
    }

    func export(to folder: URL, dtype: DType) throws {}
}
