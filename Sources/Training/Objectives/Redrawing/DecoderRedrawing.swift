import Diffusion
import Foundation
import Models
import NN
import Scenes
import Torch

/// Small pictures as the decoder draws them: each is noised to a level of its batch, and drawn again from there
/// (SDEdit, Meng et al. 2022). The layout stays, and what the decoder does badly shows.
public struct DecoderRedrawingConfig: Codable, Sendable, RedrawingConfig {
    /// The folder of the model: its CLIP, `decoder`, `text_proj` and `decoder_scheduler`.
    public var model: String
    /// In how many steps the whole schedule is walked, and how many of these a picture is drawn again in, at most.
    public var steps: Int
    public var most: Int
    public var guidance: Double
    public var probability: Double

    func redrawing(device: Device, dtype: DType) throws -> any Redrawing {
        try DecoderRedrawing(self, device: device, dtype: dtype)
    }
}

final class DecoderRedrawing: Redrawing {
    private let config: DecoderRedrawingConfig
    private let drawer: GuidedDecoder
    private let walk: PartialWalk
    private let dtype: DType

    init(_ config: DecoderRedrawingConfig, device: Device, dtype: DType) throws {
        self.config = config
        self.dtype = dtype
        let folder = URL(filePath: config.model)
        let decoder = folder.appending(path: "decoder")
        let decoderStore = try Component.store(of: decoder, device: device, channelsLast: device.prefersChannelsLast)
        let projection = folder.appending(path: "text_proj")
        let projectionStore = try Component.store(of: projection, device: device)
        drawer = GuidedDecoder(
            clip: try FrozenCLIP(folder: folder, device: device, dtype: dtype),
            decoder: try UNet2DConditionModel(Component.config(of: decoder), decoderStore.root),
            projection: UnCLIPTextProjModel(try Component.config(of: projection), projectionStore.root), device: device)
        try decoderStore.verify()
        try projectionStore.verify()
        let published: SchedulerConfig = try Component.config(
            of: folder.appending(path: "decoder_scheduler"), file: "scheduler_config.json")
        walk = try PartialWalk(
            stage: "decoder", published.converted(to: .ddpm), RunOptions(steps: config.steps), most: config.most)
    }

    func redraw(_ pictures: Tensor, _ captions: [String], _ random: inout Randomness) throws -> Tensor {
        try Autograd.autocast(dtype, on: drawer.device) {
            try walk.redrawn(
                pictures, &random,
                by: drawer.denoiser(
                    for: drawer.clip.encode(pictures: pictures), captions, like: pictures, guidance: config.guidance))
        }
    }
}
