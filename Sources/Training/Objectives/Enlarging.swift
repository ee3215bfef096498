import Diffusion
import Models
import Torch

/// Between a small picture and the large one of which it is made.
struct Enlarging {
    /// How many times larger the large one is.
    let factor: Int

    func shrunk(_ large: Tensor) -> Tensor {
        large.interpolate(size: [large.size(2) / factor, large.size(3) / factor], mode: .area)
    }

    /// As the pipeline does it before the first step.
    func enlarged(_ small: Tensor) -> Tensor {
        small.clamp(min: -1, max: 1).interpolate(
            size: [small.size(2) * factor, small.size(3) * factor], mode: .bicubic, antialias: true)
    }
}

extension Upsampler {
    /// A denoiser of large pictures that sees the enlarged ones, (batch, 3, height, width), beside them.
    func denoiser(beside enlarged: Tensor) -> Denoiser {
        { [self] sample, step in
            self(
                Tensor.cat([sample, enlarged], dim: 1).inTrainingFormat(),
                Tensor([Float(step.timestep)]).to(enlarged.device))
        }
    }
}
