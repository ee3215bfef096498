import Diffusion
import Foundation
import Models
import NN
import Scenes
import Torch

/// Small pictures as another upsampler makes them of even smaller ones.
public struct UpsamplerRedrawingConfig: Codable, Sendable, RedrawingConfig {
    /// The folder of the model, and the names of the upsampler and of its scheduler there.
    public var model: String
    public var component: String
    public var scheduler: String
    public var factor: Int
    public var steps: Int
    public var probability: Double

    func redrawing(device: Device, dtype: DType) throws -> any Redrawing {
        try UpsamplerRedrawing(self, device: device, dtype: dtype)
    }
}

final class UpsamplerRedrawing: Redrawing {
    private let config: UpsamplerRedrawingConfig
    private let upsampler: any Upsampler
    private let scheduler: SchedulerConfig
    private let device: Device
    private let dtype: DType

    init(_ config: UpsamplerRedrawingConfig, device: Device, dtype: DType) throws {
        (self.config, self.device, self.dtype) = (config, device, dtype)
        let folder = URL(filePath: config.model)
        let component = folder.appending(path: config.component)
        let store = try Component.store(of: component, device: device, channelsLast: device.prefersChannelsLast)
        upsampler = try (Component.config(of: component) as UpsamplerConfig).network(store.root)
        try store.verify()
        let published: SchedulerConfig = try Component.config(
            of: folder.appending(path: config.scheduler), file: "scheduler_config.json")
        scheduler = try published.converted(to: .ddpm)
    }

    func redraw(_ pictures: Tensor, _ captions: [String], _ random: inout Randomness) throws -> Tensor {
        let enlarging = Enlarging(factor: config.factor)
        let loop = SamplingLoop(
            stage: config.component, solver: try scheduler.solver(RunOptions(steps: config.steps)),
            denoiser: upsampler.denoiser(beside: enlarging.enlarged(enlarging.shrunk(pictures))),
            noise: random.noise(count: captions.count))
        return try Autograd.autocast(dtype, on: device) {
            try loop.run(shape: pictures.shape, device: device).clamp(min: -1, max: 1)
        }
    }
}
