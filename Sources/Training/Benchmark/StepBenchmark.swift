import Diffusion
import Models
import Torch

/// Times training steps on made-up data that stays in memory: networks, losses and optimiser as in training, without
/// the pictures and captions.
public struct StepBenchmark: Codable, Sendable {
    public enum Part: String, CaseIterable, Sendable {
        case decoder
        case clip
    }

    /// The loop's settings; those of data, steps and places are not looked at.
    var training: TrainingConfig
    var decoder: DecoderStep.Config
    var clip: CLIPStep.Config

    /// The seconds of each step, after some that are not counted.
    public func seconds(_ part: Part, steps: Int, warmup: Int = 2) throws -> [Double] {
        let device = try Device.named(training.device)
        let objective: any Objective =
            switch part {
            case .decoder: try DecoderStep(decoder, dtype: training.productType(on: device), device: device)
            case .clip: try CLIPStep(clip, dtype: training.productType(on: device), device: device)
            }
        let (optimizer, average) = (Optimizer(objective.parameters, training), AveragedWeights(objective.parameters))
        let clock = ContinuousClock()
        return try (0..<warmup + steps).map { step in
            let time = try clock.measure {
                optimizer.clearGradients()
                let place = StepPlace(seed: training.seed, step: step, part: 0)
                let loss = try objective.loss(at: place).loss
                try loss.backward()
                _ = optimizer.step(rate: training.rate, training)
                average.update(decay: training.ema)
                // Waits for a device that computes on its own.
                _ = try loss.item()
            }
            return time / .seconds(1)
        }.suffix(steps)
    }
}
