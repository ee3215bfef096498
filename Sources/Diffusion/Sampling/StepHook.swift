import Torch

/// Something done at every step of a run: showing progress, cancelling, keeping a known region.
///
/// A hook that returns a tensor replaces the sample; one that throws ends the run, with that error.
public struct StepHook {
    /// Called with the sample that the denoiser is about to see, at `step.level`.
    public var before: (_ sample: Tensor, _ step: SamplingStep) throws -> Tensor?
    /// Called with what the step made, at `outcome.step.nextLevel`.
    public var after: (_ outcome: StepOutcome) throws -> Tensor?

    public init(
        before: @escaping (_ sample: Tensor, _ step: SamplingStep) throws -> Tensor? = { _, _ in nil },
        after: @escaping (_ outcome: StepOutcome) throws -> Tensor? = { _ in nil }
    ) {
        self.before = before
        self.after = after
    }

    /// A hook that looks at each step's outcome and changes nothing.
    public static func observing(_ body: @escaping (_ outcome: StepOutcome) throws -> Void) -> StepHook {
        StepHook(after: { outcome in
            try body(outcome)
            return nil
        })
    }

    /// Puts a known picture, noised to the level at hand, back wherever the mask says, after every step
    /// (Lugmayr et al. 2022, equation 8; at the end the region is the picture itself).
    /// - Parameters:
    ///   - picture: in the sample's space, broadcastable to `[B, …]`.
    ///   - mask: 1 where the picture is kept, 0 where it is drawn anew; fractions blend.
    ///   - noise: for the picture at a step; the reference uses the run's initial noise at every step.
    public static func keeping(
        _ picture: Tensor, where mask: Tensor, noise: @escaping (_ step: SamplingStep) throws -> Tensor
    ) -> StepHook {
        StepHook(after: { outcome in
            let level = outcome.step.nextLevel
            let known = level.noise == 0 ? picture : level.mix(picture, try noise(outcome.step))
            return mask * known + (1.0 - mask) * outcome.sample
        })
    }
}

/// What a step was given and what it made.
public struct StepOutcome {
    public let step: SamplingStep
    /// The sample that the step was given.
    public let previous: Tensor
    /// What the denoiser predicted for it.
    public let output: Tensor
    /// The clean picture predicted at this step: a preview.
    public let predictedPicture: Tensor
    /// The sample of the next step.
    public let sample: Tensor
}
