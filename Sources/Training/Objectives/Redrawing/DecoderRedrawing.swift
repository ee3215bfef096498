import Diffusion
import Foundation
import Models
import NN
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
    private let scheduler: SchedulerConfig
    private let schedule: NoiseSchedule
    private let dtype: DType

    init(_ config: DecoderRedrawingConfig, device: Device, dtype: DType) throws {
        guard 1...config.steps ~= config.most else {
            throw TrainingError.badConfiguration(key: "most", expected: "from 1 to steps")
        }
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
        scheduler = try published.converted(to: .ddpm)
        schedule = try NoiseSchedule(scheduler)
    }

    func redraw(_ pictures: Tensor, _ captions: [String], _ random: inout Randomness) throws -> Tensor {
        let taken = Int.random(in: 1...config.most, using: &random)
        let solver = try scheduler.solver(RunOptions(steps: config.steps, skipped: config.steps - taken))
        let noise = random.noise(count: captions.count)
        let noised = try schedule.addNoise(
            pictures, noise.next("decoder_init_latents", pictures.shape).to(drawer.device),
            timesteps: captions.map { _ in Int(solver.steps[0].timestep) })
        return try Autograd.autocast(dtype, on: drawer.device) {
            let loop = SamplingLoop(
                stage: "decoder", solver: solver,
                denoiser: try drawer.denoiser(
                    for: drawer.clip.encode(pictures: pictures), captions, like: pictures,
                    guidance: config.guidance),
                noise: noise)
            return try loop.run(from: noised).clamp(min: -1, max: 1)
        }
    }
}
