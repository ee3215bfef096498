import Diffusion
import Models
import Torch

/// A decoder with the CLIP that it was trained with, as far as runs draw with it.
struct GuidedDecoder {
    let clip: FrozenCLIP
    let decoder: UNet2DConditionModel
    let projection: UnCLIPTextProjModel
    let device: Device

    /// What the decoder is told, from pictures' embeddings (batch, width) and texts.
    func conditions(image: Tensor, text: FrozenCLIP.Text) -> UNetConditions {
        let projected = projection(imageEmbeds: image, textEmbeds: text.embeds, textStates: text.states)
        return UNetConditions(
            context: projected.context, contextMask: projection.contextMask(text.mask),
            timeEmbedding: projected.timeEmbedding)
    }

    /// A denoiser of pictures (batch, 3, height, width), with guidance towards pictures' embeddings (batch, width) and
    /// captions. Of the pictures nothing is known, where the decoder could be told of it.
    ///
    /// - Parameter pictures: (batch, 3, height, width) in −1…1: those whose sketch is the decoder's, where it sees one.
    func denoiser(
        for embeds: Tensor, _ captions: [String], like pictures: Tensor, guidance: Double
    ) throws -> Denoiser {
        let count = captions.count
        let text = clip.encode(captions + [""])
        let rows = Array(repeating: count, count: count) + Array(0..<count)
        let context = try Autograd.noGrad {
            try decoder.prepare(conditions(image: projection.guided(embeds), text: text.rows(rows)))
        }
        let sketch = decoder.config.sketchSize.map {
            Sketch.shown(Sketch.of(pictures, size: [$0, $0]), size: Array(pictures.shape.suffix(2)))
        }
        return ClassifierFreeGuidance(scale: guidance).guiding { [decoder, device] sample, step in
            let unknown = Tensor.zeros(
                [sample.size(0), decoder.config.inpaintingChannels, sample.size(2), sample.size(3)], device: device)
            let shown = sketch.map { [unknown, $0.tile([sample.size(0) / count, 1, 1, 1])] } ?? [unknown]
            return decoder(
                Tensor.cat([sample] + shown, dim: 1).inTrainingFormat(), Tensor([Float(step.timestep)]).to(device),
                context: context)
        }
    }
}
