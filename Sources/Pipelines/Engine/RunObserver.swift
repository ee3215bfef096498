import Diffusion
import Torch

/// Sees every named value of a run, in order. Conformance compares them there, and may put recorded ones in their
/// place so that each step is checked by itself; the product lets them pass.
///
/// Names are those of the reference fixtures, such as `decoder/step03/sample_out`.
struct RunObserver {
    /// Returns what the run shall go on with instead, or nil to leave the value as it is.
    private let body: ((_ name: String, _ value: Tensor) throws -> Tensor?)?

    init(_ body: @escaping (_ name: String, _ value: Tensor) throws -> Tensor?) { self.body = body }
    private init() { body = nil }

    static var none: RunObserver { RunObserver() }

    /// Shows a value and returns what to go on with.
    func callAsFunction(_ name: @autoclosure () -> String, _ value: Tensor) throws -> Tensor {
        try body?(name(), value) ?? value
    }

    /// Shows what a stage's steps are given and what they make.
    func hook(stage: String) -> StepHook? {
        guard let body else { return nil }
        func name(_ step: SamplingStep, _ value: String) -> String {
            "\(stage)/\(numbered("step", step.index))/\(value)"
        }
        return StepHook(
            before: { sample, step in
                _ = try body(name(step, "t"), Tensor([step.timestep]).reshape([]))
                return try body(name(step, "sample_in"), sample)
            },
            after: { outcome in
                _ = try body(name(outcome.step, "pred_x0"), outcome.predictedPicture)
                return try body(name(outcome.step, "sample_out"), outcome.sample)
            })
    }
}

/// `step03`, `call12`: how the reference fixtures number steps and calls.
func numbered(_ word: String, _ number: Int) -> String { word + (number < 10 ? "0" : "") + "\(number)" }
