/// What a run decides, beside the model's scheduler configuration.
public struct RunOptions: Hashable, Sendable {
    /// How many timesteps the whole schedule is walked in.
    public var steps: Int
    /// How many of them are left out at the start, for a run that begins with a noised picture.
    public var skipped: Int
    /// DDIM's η: 0 is deterministic, 1 as noisy as DDPM.
    public var eta: Double
    /// DDIM: whether ε̂ is computed again from the limited x̂_0 (as GLIDE does) rather than taken from the denoiser.
    public var rederivesNoise: Bool

    public init(steps: Int, skipped: Int = 0, eta: Double = 0, rederivesNoise: Bool = false) {
        self.steps = steps
        self.skipped = skipped
        self.eta = eta
        self.rederivesNoise = rederivesNoise
    }
}
