/// One step of a run: where it stands, and the noise levels it goes between.
public struct SamplingStep: Hashable, Sendable {
    /// 0 for the first step of the run.
    public let index: Int
    /// How many steps the run has.
    public let count: Int
    /// What the denoiser is told. Whole for most solvers; Euler and Karras grids have fractions.
    public let timestep: Double
    /// The level of the sample before the step.
    public let level: NoiseLevel
    /// The level at which the next step finds the sample; `.clean` after the last step.
    public let nextLevel: NoiseLevel

    public var isLast: Bool { index == count - 1 }

    /// What its draw of noise is called: `decoder_step03`.
    func noiseLabel(stage: String) -> String { "\(stage)_step" + (index < 10 ? "0" : "") + "\(index)" }

    /// The steps of a run through these timesteps.
    static func sequence(timesteps: [Double], levels: [NoiseLevel]) -> [SamplingStep] {
        timesteps.indices.map { i in
            SamplingStep(
                index: i, count: timesteps.count, timestep: timesteps[i], level: levels[i],
                nextLevel: i + 1 < timesteps.count ? levels[i + 1] : .clean)
        }
    }
}
