import Diffusion
import Imaging
import Torch

/// What is known of the pictures that a run draws: one view each, of a frame of its canvas.
struct KnownRegion {
    /// (pictures, 3, height, width) float32 in −1…1; what the mask does not keep is filled in from its surroundings.
    let pictures: Tensor
    /// The same for all pictures.
    let mask: Mask
    /// RePaint's walk in time.
    let travel: TimeTravel
    /// Whether a network that has the channels for it is shown the known picture.
    let isConditioned: Bool

    /// The region as a stage's samples hold it.
    func sample(for stage: Stage, in run: any StageRun) throws -> KnownSample {
        let shape = stage.space.shape
        let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
        let coverage = try mask.conservativelyResized(width: width, height: height).coverage.samples
        // Only what is kept wholly is known: the rest is painted, and blended afterwards.
        let known = run.known(coverage.map { $0 == 255 ? 1 : 0 }, width: width, height: height)
        let pictures = try run.encode(pictures, for: stage).repeatingRows(stage.candidates)
        return KnownSample(
            picture: pictures, mask: Tensor(known, shape: [1, 1, height, width]).to(pictures.device),
            isConditioned: isConditioned)
    }
}

/// A known region in a stage's sample space.
struct KnownSample {
    /// (pictures, channels, height, width) float32.
    let picture: Tensor
    /// (1, 1, height, width): 1 where the picture is known.
    let mask: Tensor
    let isConditioned: Bool

    /// The first sample with the known part as noisy as it would be.
    func imposed(on initial: Tensor, noise: Tensor, at level: NoiseLevel) -> Tensor {
        mask * level.mix(picture, noise) + (1.0 - mask) * initial
    }

    /// Imposes it after every step, with one noise for the whole run; but for the step that makes the picture itself:
    /// what the network draws over the known part tells how its colours differ, and a canvas keeps the known part.
    func hook(noise: Tensor, makesPicture: Bool) -> StepHook {
        let keeping = StepHook.keeping(picture, where: mask) { _ in noise }
        return StepHook(after: { outcome in
            makesPicture && outcome.step.isLast ? nil : try keeping.after(outcome)
        })
    }
}
