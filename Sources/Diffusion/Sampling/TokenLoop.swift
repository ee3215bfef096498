import Torch

/// How an autoregressive stage chooses tokens.
public struct TokenSampling: Hashable, Sendable {
    /// What the model is given before the first token.
    public var startToken: Int
    /// What logits are divided by; 0 takes the likeliest token.
    public var temperature: Double
    /// How many of the likeliest tokens are chosen from.
    public var topK: Int
    /// How many tokens are drawn.
    public var length: Int

    public init(startToken: Int, temperature: Double = 1, topK: Int = 256, length: Int) {
        (self.startToken, self.temperature, self.topK, self.length) = (startToken, temperature, topK, length)
    }
}

/// Predicts the next token of each row: (B) int64, the last ones → (B, codes) logits, float32, guided where it is.
public typealias TokenPredictor = (_ last: Tensor, _ step: SamplingStep) throws -> Tensor

/// The loop through which autoregressive stages draw: a token a step for each row of the batch.
///
/// A token is argmax(p / q), q ~ Exp(1), which chooses with the probabilities p (Kool et al. 2019, "Gumbel-max"; what
/// `torch.multinomial` does). q comes of each row's own noise, so that a picture is the same alone as in a batch.
public struct TokenLoop {
    /// What a place without a token yet holds.
    public static let unknown: Int64 = -1

    /// The stage's name; labels its noise: `decoder_step00`, ….
    public let stage: String
    public let sampling: TokenSampling
    public let predictor: TokenPredictor
    public let noise: any NoiseSource
    /// Told of each step's outcome: `output` are the logits, `sample` and `predictedPicture` the tokens so far. What one
    /// returns takes the tokens' place.
    public let hooks: [StepHook]

    public init(
        stage: String, sampling: TokenSampling, predictor: @escaping TokenPredictor, noise: any NoiseSource,
        hooks: [StepHook] = []
    ) {
        (self.stage, self.sampling, self.predictor) = (stage, sampling, predictor)
        (self.noise, self.hooks) = (noise, hooks)
    }

    /// - Returns: (batch, length) int64.
    /// - Throws: what the predictor, the noise source or a hook throws; `TorchError` at the step that met it.
    public func run(batch: Int, device: Device = .cpu) throws -> Tensor {
        try Autograd.noGrad {
            let unknown = [Int64](repeating: Self.unknown, count: batch * sampling.length)
            var tokens = Tensor(unknown, shape: [batch, sampling.length]).to(device)
            var last = Tensor([Int64](repeating: Int64(sampling.startToken), count: batch)).to(device)
            for step in steps {
                let before = tokens
                let logits = try predictor(last, step).to(.float32)
                let chosen = try choose(logits, step).unsqueeze(1)
                tokens = Tensor.cat(
                    [
                        before.narrow(dim: 1, start: 0, length: step.index), chosen,
                        before.narrow(dim: 1, start: step.index + 1, length: sampling.length - step.index - 1),
                    ], dim: 1)
                for hook in hooks {
                    let outcome = StepOutcome(
                        step: step, previous: before, output: logits, predictedPicture: tokens, sample: tokens)
                    tokens = try hook.after(outcome) ?? tokens
                }
                try tokens.check()
                last = tokens.select(dim: 1, index: step.index)
            }
            return tokens
        }
    }

    private var steps: [SamplingStep] {
        SamplingStep.sequence(
            timesteps: (0..<sampling.length).map(Double.init),
            levels: Array(repeating: .clean, count: sampling.length))
    }

    /// (B, codes) → (B) int64
    private func choose(_ logits: Tensor, _ step: SamplingStep) throws -> Tensor {
        guard sampling.temperature > 0 else { return logits.argmax(dim: 1) }
        let codes = logits.size(1)
        let largest = logits.topKValues(min(sampling.topK, codes), dim: 1)
        let least = largest.narrow(dim: 1, start: largest.size(1) - 1, length: 1)
        let scaled = (logits - largest.narrow(dim: 1, start: 0, length: 1)) / sampling.temperature
        let weights = scaled.exp().maskedFill(logits.lt(least), 0)
        return (weights / (try exponential(step, rows: logits.size(0), codes)).to(logits.device)).argmax(dim: 1)
    }

    /// Half the sum of two squared normal draws is exponentially distributed, with mean 1.
    private func exponential(_ step: SamplingStep, rows: Int, _ codes: Int) throws -> Tensor {
        try noise.next(step.noiseLabel(stage: stage), [rows, 2, codes]).square().sum(dims: [1]) * 0.5
    }
}
