import Diffusion
import Foundation
import Models
import NN
import Scenes
import Torch

/// Sketches as the sketcher draws them: each is noised to a level of its batch, and drawn again from there (SDEdit, Meng
/// et al. 2022), from its caption as in a drawing. What the sketcher does not know is blurred, as it will be.
public struct SketcherRedrawingConfig: Codable, Sendable, RedrawingConfig {
    /// The folder of the model: its CLIP, `linear_prior`, `sketcher` and `sketcher_scheduler`.
    public var model: String
    /// In how many steps the whole schedule is walked, and how many of these a sketch is drawn again in, at most.
    public var steps: Int
    public var most: Int
    public var probability: Double

    func redrawing(device: Device, dtype: DType) throws -> any Redrawing {
        try SketcherRedrawing(self, device: device, dtype: dtype)
    }
}

final class SketcherRedrawing: Redrawing {
    private let clip: FrozenCLIP
    private let prior: LinearPrior
    private let sketcher: Sketcher
    private let walk: PartialWalk
    private let device: Device
    private let dtype: DType

    init(_ config: SketcherRedrawingConfig, device: Device, dtype: DType) throws {
        (self.device, self.dtype) = (device, dtype)
        let folder = URL(filePath: config.model)
        clip = try FrozenCLIP(folder: folder, device: device, dtype: dtype)
        prior = try Component.linearPrior(of: folder, device: device)
        let component = folder.appending(path: "sketcher")
        let store = try Component.store(of: component, device: device)
        sketcher = Sketcher(try Component.config(of: component), store.root)
        try store.verify()
        let published: SchedulerConfig = try Component.config(
            of: folder.appending(path: "sketcher_scheduler"), file: "scheduler_config.json")
        walk = try PartialWalk(
            stage: "sketch", published.converted(to: .ddim), RunOptions(steps: config.steps, rederivesNoise: true),
            most: config.most)
    }

    func redraw(_ pictures: Tensor, _ captions: [String], _ random: inout Randomness) throws -> Tensor {
        try Autograd.noGrad {
            try Autograd.autocast(dtype, on: device) {
                let texts = clip.encode(captions).embeds
                let context = sketcher.condition(imageEmbeds: prior(texts), textEmbeds: texts)
                return try walk.redrawn(pictures, &random) { [sketcher, device] sample, step in
                    sketcher(sample, Tensor([Float(step.timestep)]).to(device), context: context).to(.float32)
                }
            }
        }
    }
}
