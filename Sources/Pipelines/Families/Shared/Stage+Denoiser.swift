import Diffusion
import Torch

extension Stage {
    /// A denoiser of the stage's samples from a network's: with guidance where the stage is guided, and without a
    /// predicted variance that its scheduler does not use.
    ///
    /// - Parameter network: denoises rows (unconditional, then conditional, where guided).
    func denoiser(_ observe: RunObserver, _ network: @escaping Denoiser) -> Denoiser {
        let guidance = guidance.map { ClassifierFreeGuidance(scale: $0) }
        return { sample, step in
            let rows = guidance == nil ? sample : Tensor.cat([sample, sample], dim: 0)
            let name = "\(self.network(at: step.index))/\(numbered("call", step.index))/raw"
            let raw = try observe(name, try network(rows, step).to(.float32))
            let channels = sample.size(1)
            var output = guidance?.combine(raw, channels: channels) ?? raw
            if output.size(1) > channels, diffusion?.scheduler.learnsVariance != true {
                output = output.narrow(dim: 1, start: 0, length: channels)
            }
            return try observe("\(self.name)/\(numbered("step", step.index))/guided", output)
        }
    }
}

extension GenerationPlan {
    /// A value that an earlier stage should have made.
    func need<Value>(_ value: Value?, _ maker: String) throws -> Value {
        guard let value else {
            throw PlanError("the plan has a stage that needs what \(maker) makes, and no such stage before it")
        }
        return value
    }
}
