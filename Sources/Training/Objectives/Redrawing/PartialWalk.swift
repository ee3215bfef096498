import Diffusion
import Scenes
import Torch

/// The last steps of a walk: pictures are noised to a level by chance and led back from there (SDEdit, Meng et al. 2022).
/// What lies where stays, the more the fewer steps there are.
struct PartialWalk {
    private let stage: String
    private let scheduler: SchedulerConfig
    private let schedule: NoiseSchedule
    private let run: RunOptions
    private let most: Int

    /// - Parameters:
    ///   - run: how the whole schedule is walked
    ///   - most: how many of its steps are taken, at most
    /// - Throws: `TrainingError.badConfiguration`
    init(stage: String, _ scheduler: SchedulerConfig, _ run: RunOptions, most: Int) throws {
        guard 1...run.steps ~= most else {
            throw TrainingError.badConfiguration(key: "most", expected: "from 1 to steps")
        }
        self.stage = stage
        self.scheduler = scheduler
        self.run = run
        self.most = most
        schedule = try NoiseSchedule(scheduler)
    }

    /// Draws pictures (count, channels, height, width) in −1…1 again; all of a batch from one level.
    func redrawn(_ pictures: Tensor, _ random: inout Randomness, by denoiser: @escaping Denoiser) throws -> Tensor {
        var run = run
        run.skipped = run.steps - Int.random(in: 1...most, using: &random)
        let solver = try scheduler.solver(run)
        let count = pictures.size(0)
        let noise = random.noise(count: count)
        let noised = try schedule.addNoise(
            pictures, noise.next("\(stage)_init_latents", pictures.shape).to(pictures.device),
            timesteps: Array(repeating: Int(solver.steps[0].timestep), count: count))
        return try SamplingLoop(stage: stage, solver: solver, denoiser: denoiser, noise: noise).run(from: noised)
            .clamp(min: -1, max: 1)
    }
}
