import Checkpoints
import Diffusion
import Foundation
import TestSupport
import Testing
import Torch

/// The steps of recorded pipelines, each from its own sample and guided prediction.
@Suite struct PipelineStepTests {
    /// A stage of a recorded run, and where its scheduler's configuration lies.
    struct Stage: CustomTestStringConvertible, Sendable {
        let folder: String
        let run: String
        let name: String
        let scheduler: String
        var testDescription: String { "\(folder) \(run) \(name)" }
        var prefix: String { name.isEmpty ? run : "\(run)/\(name)" }
    }

    static let stages: [Stage] = [
        ("karlo-tiny", "a_3_3_2", "prior", "prior_scheduler"),
        ("karlo-tiny", "a_3_3_2", "decoder", "decoder_scheduler"),
        ("karlo-tiny", "a_3_3_2", "super_res", "super_res_scheduler"),
        ("karlo-variation-tiny", "a_3_2", "decoder", "decoder_scheduler"),
        ("karlo-variation-tiny", "a_3_2", "super_res", "super_res_scheduler"),
        ("kandinsky22-tiny", "prior_a", "", "prior/scheduler"),
        ("kandinsky22-tiny", "t2i_a", "", "decoder/scheduler"),
        ("kandinsky22-tiny", "i2i_a", "", "decoder/scheduler"),
        ("kandinsky22-tiny", "inpaint_a", "", "inpaint/scheduler"),
        ("stable-unclip-tiny", "t2i_a", "prior", "t2i/prior_scheduler"),
        ("stable-unclip-tiny", "t2i_a", "unet", "t2i/scheduler"),
        ("stable-unclip-tiny", "i2i_a", "unet", "i2i/scheduler"),
    ].map { Stage(folder: $0, run: $1, name: $2, scheduler: $3) }

    @Test(.enabled(if: Fixtures.canRun("karlo-tiny")), arguments: stages)
    func everyStepIsTheReferences(_ stage: Stage) throws {
        let folder = try Fixtures.folder(stage.folder)
        let golden = try GoldenSet(folder: folder)
        let config = try JSONDecoder().decode(
            SchedulerConfig.self,
            from: Data(contentsOf: folder.appending(path: "\(stage.scheduler)/scheduler_config.json")))
        func recorded(_ name: String) throws -> Tensor? {
            golden.contains(name) ? try golden.tensor(name) : nil
        }
        let timesteps = try golden.tensor("\(stage.prefix)/timesteps").int64s().map(Double.init)
        let count = golden.names("\(stage.prefix)/step").filter { $0.hasSuffix("/guided") }.count
        #expect(count >= 2)
        var solver = try config.solver(RunOptions(steps: timesteps.count, skipped: timesteps.count - count))
        #expect(solver.steps.map(\.timestep) == timesteps.suffix(count))

        var previous = try recorded("\(stage.prefix)/init_latents")
        for step in solver.steps {
            let label = "step0\(step.index)"
            let folder = "\(stage.prefix)/\(label)"
            let sample = try #require(try recorded("\(folder)/sample_in") ?? previous)
            let guided = try golden.tensor("\(folder)/guided")
            let draw = golden.names("\(stage.run)/noise/").first { name in
                name.hasSuffix(label) && (stage.name.isEmpty || name.contains(stage.name))
            }
            let noise = try draw.map(golden.tensor)
            let update = try solver.advance(sample, output: guided, at: step) { try #require(noise) }
            let next = try golden.tensor("\(folder)/sample_out")
            #expect(try relativeError(update.sample, next) < 1e-6)
            if let picture = try recorded("\(folder)/pred_x0") {
                #expect(try relativeError(update.predictedPicture, picture) < 1e-6)
            }
            previous = next
        }
    }
}
