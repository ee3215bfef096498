import Foundation
import Torch

/// Replays a recorded run of a reference scheduler with a synthetic model.
///
/// The recording is the tensors of one call: `timesteps`, `x` (samples, the initial one first), `model_out`, and where
/// they apply `sigmas`, `model_in`, `noise`, `alphas_cumprod`, `betas`; without `x`, its tables alone. A forward
/// process has `x0`, `noise`, `t` and `out`.
public struct SchedulerReplay {
    /// One quantity, as recorded and as computed here.
    public struct Comparison {
        /// Which: a tensor's name, with `teacher_forced` or `chained` for samples.
        public let name: String
        public let expected: Tensor
        public let actual: Tensor
    }

    let config: SchedulerConfig
    let eta: Double
    let rederivesNoise: Bool
    /// The synthetic model is gain · (0.1 · x + sin(t / 100)).
    let modelGain: Double
    /// Whether it has a second half, tanh(0.5 · x) · cos(t / 150), for the variance.
    let learnsVariance: Bool
    /// The recorded scale of the initial noise.
    let initialNoiseScale: Double?

    /// - Parameter recorded: the call's tensor of a name, nil if it has none.
    public func run(recorded: (String) throws -> Tensor?) throws -> [Comparison] {
        func required(_ name: String) throws -> Tensor {
            guard let tensor = try recorded(name) else { throw DiffusionError.missingRecording(name: name) }
            return tensor
        }
        if let noised = try recorded("out") {
            return [try forward(noised, try required("x0"), try required("noise"), try required("t"))]
        }
        let steps = try required("timesteps").size(0)
        let solver = try config.solver(RunOptions(steps: steps, eta: eta, rederivesNoise: rederivesNoise))
        let tables = try tables(solver, recorded)
        guard let samples = try recorded("x") else { return tables }
        let noise = try recorded("noise")
        let forced = try teacherForced(
            solver, samples, try required("model_out"), noise, try recorded("model_in"))
        return tables + forced + (try chained(solver, samples, noise))
    }

    private func forward(
        _ noised: Tensor, _ pictures: Tensor, _ noise: Tensor, _ timesteps: Tensor
    ) throws -> Comparison {
        let rows = try timesteps.int64s().map { Int($0) }
        let schedule = try NoiseSchedule(config)
        return Comparison(
            name: "out", expected: noised, actual: try schedule.addNoise(pictures, noise, timesteps: rows))
    }

    /// Everything that does not depend on samples.
    private func tables(_ solver: any Solver, _ recorded: (String) throws -> Tensor?) throws -> [Comparison] {
        let schedule = try NoiseSchedule(config)
        let sigmaBased = [.dpmSolver, .euler, .uniPC].contains(config.kind)
        let alphas = sigmaBased ? SigmaGrid.finite(schedule, config) : schedule.alphasCumprod
        var computed: [(String, [Float])] = [
            ("timesteps", solver.steps.map { Float($0.timestep) }),
            ("betas", schedule.betas),
            ("alphas_cumprod", alphas),
        ]
        let steps = solver.steps.count
        switch config.kind {
        case .dpmSolver: computed.append(("sigmas", try config.dpmGrid(steps, schedule).sigmas))
        case .euler: computed.append(("sigmas", try config.eulerGrid(steps, schedule).sigmas))
        case .uniPC: computed.append(("sigmas", try config.uniPCGrid(steps, schedule).sigmas))
        default: break
        }
        var found: [Comparison] = try computed.compactMap { name, values in
            try recorded(name).map {
                Comparison(name: name, expected: $0.to(.float32), actual: Tensor(values, shape: [values.count]))
            }
        }
        if let initialNoiseScale {
            found.append(
                Comparison(
                    name: "init_noise_sigma", expected: Tensor([Float(initialNoiseScale)], shape: [1]),
                    actual: Tensor([solver.initialNoiseScale], shape: [1])))
        }
        return found
    }

    /// Every step from its recorded sample and model output.
    private func teacherForced(
        _ solver: any Solver, _ samples: Tensor, _ outputs: Tensor, _ noise: Tensor?, _ inputs: Tensor?
    ) throws -> [Comparison] {
        var solver = solver
        var found: [Comparison] = []
        for step in solver.steps {
            let i = step.index
            let sample = samples.select(dim: 0, index: i)
            let input = solver.modelInput(sample, at: step)
            if let inputs {
                found.append(
                    Comparison(
                        name: "model_in/\(i)", expected: inputs.select(dim: 0, index: i), actual: input))
            }
            let update = try solver.advance(sample, output: outputs.select(dim: 0, index: i), at: step) {
                try StepwiseNoise(noise, step: i).next("step \(i)", sample.shape)
            }
            found.append(
                Comparison(
                    name: "x/\(i + 1)/teacher_forced", expected: samples.select(dim: 0, index: i + 1),
                    actual: update.sample))
        }
        return found
    }

    /// The whole run from its first sample, through the sampling loop.
    private func chained(_ solver: any Solver, _ samples: Tensor, _ noise: Tensor?) throws -> [Comparison] {
        var found: [Comparison] = []
        let source = StepwiseNoise(noise)
        let loop = SamplingLoop(
            stage: "replay", solver: solver, denoiser: syntheticModel, noise: source,
            hooks: [
                StepHook(before: { _, step in
                    source.step = step.index
                    return nil
                }),
                .observing { outcome in
                    let i = outcome.step.index + 1
                    found.append(
                        Comparison(
                            name: "x/\(i)/chained", expected: samples.select(dim: 0, index: i), actual: outcome.sample))
                },
            ])
        _ = try loop.run(from: samples.select(dim: 0, index: 0))
        return found
    }

    private func syntheticModel(_ x: Tensor, _ step: SamplingStep) -> Tensor {
        let mean = modelGain * (0.1 * x + sin(step.timestep / 100))
        guard learnsVariance else { return mean }
        return Tensor.cat([mean, (0.5 * x).tanh() * cos(step.timestep / 150)], dim: 1)
    }
}

extension SchedulerReplay: Decodable {
    private enum Key: String, CodingKey {
        case scheduler, config, eta
        case rederivesNoise = "rederives_noise"
        case modelGain = "model_gain"
        case learnsVariance = "learned_variance_channels"
        case initialNoiseScale = "init_noise_sigma"
    }

    /// Reads a call of `golden.json`. Its `-Infinity` is not JSON: let the decoder allow JSON5.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        config = try SchedulerConfig(
            className: try container.decode(String.self, forKey: .scheduler),
            try container.decode([String: OptionValue].self, forKey: .config))
        eta = try container.decodeIfPresent(Double.self, forKey: .eta) ?? 0
        rederivesNoise = try container.decodeIfPresent(Bool.self, forKey: .rederivesNoise) ?? false
        modelGain = try container.decodeIfPresent(Double.self, forKey: .modelGain) ?? 1
        learnsVariance = try container.decodeIfPresent(Bool.self, forKey: .learnsVariance) ?? false
        initialNoiseScale = try container.decodeIfPresent(Double.self, forKey: .initialNoiseScale)
    }
}

/// Noise recorded with a row for every step, whether the step draws or not.
private final class StepwiseNoise: NoiseSource {
    private let recorded: Tensor?
    var step: Int

    init(_ recorded: Tensor?, step: Int = 0) {
        self.recorded = recorded
        self.step = step
    }

    func next(_ label: String, _ shape: [Int]) throws -> Tensor {
        guard let recorded, recorded.size(0) > step else {
            throw DiffusionError.noiseExhausted(label: label, recorded: recorded?.size(0) ?? 0)
        }
        return recorded.select(dim: 0, index: step)
    }
}
