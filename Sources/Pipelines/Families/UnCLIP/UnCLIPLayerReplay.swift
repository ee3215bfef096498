import Checkpoints
import Diffusion
import Foundation
import Models
import Torch

/// Compares outputs inside the networks, `layers/COMPONENT/LAYER`, which were recorded at the first call of each network
/// in one of the runs: for finding the first difference.
struct UnCLIPLayerReplay {
    private let golden: GoldenSet
    private let model: UnCLIPModel
    private let limits: ConformanceLimits
    /// The run whose first calls were recorded.
    private let run: String

    private static let prefix = "layers/"

    init(_ golden: GoldenSet, _ model: UnCLIPModel, _ limits: ConformanceLimits) {
        self.golden = golden
        self.model = model
        self.limits = limits
        let words = golden.names(Self.prefix).lazy.compactMap { golden.tensors[$0]?.what.split(separator: " ") }
        run = words.joined().map(String.init).first { golden.calls[$0] != nil } ?? golden.calls.keys.min() ?? ""
    }

    func replay() throws -> ConformanceReport.Run {
        var report = ConformanceReport.Run(name: "layers", subject: "networks, at the first calls of \(run)")
        let names = golden.names(Self.prefix)
        for component in Set(names.compactMap(Self.component)).sorted() {
            try call(component) { layer, output in
                let name = "\(Self.prefix)\(component)/\(layer)"
                guard golden.contains(name), let recorded = try? golden.tensor(name) else { return }
                do {
                    report.checks.append(
                        try Check(
                            "\(component)/\(layer)", .forced, output, recorded: recorded,
                            gate: .relative(limits.tolerance)))
                } catch {
                    // The operation's error stays with the run, which ends with it.
                }
            }
        }
        let compared = Set(report.checks.map { Self.prefix + $0.name })
        report.unchecked = names.filter { !compared.contains($0) }
        return report
    }

    private static func component(_ name: String) -> String? {
        let parts = name.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : nil
    }

    /// Runs a network on the inputs of its first call.
    private func call(_ component: String, _ probe: @escaping LayerProbe) throws {
        switch component {
        case "text_encoder":
            let ids = try [recorded("text/uncond/input_ids"), recorded("text/cond/input_ids")]
            _ = try model.textEncoder(Tensor.cat(ids, dim: 0).to(model.device), probe: probe)
        case "image_encoder":
            _ = try model.imageEncoder(input("image/pixel_values"), probe: probe)
        case "prior":
            let rows = try rows("prior", component)
            _ = try model.prior(component)(rows, time("prior", rows), text: priorText(), probe: probe)
        case "decoder":
            let decoder = try model.decoder(component)
            let mask = try model.textProjection.contextMask(recorded("text/mask").to(model.device))
            let context = try decoder.prepare(
                UNetConditions(
                    context: input("text_proj/encoder_hidden_states"), contextMask: mask,
                    timeEmbedding: input("text_proj/additive_clip_time_embeddings")))
            let rows = try rows("decoder", component)
            _ = decoder(rows, try time("decoder", rows), context: context, probe: probe)
        case "super_res_first":
            let rows = Tensor.cat(
                try [rows("super_res", component), input("super_res/image_upscaled")], dim: 1)
            let (upsampler, time) = (try model.upsampler(component), try time("super_res", rows))
            _ = upsampler(rows, time, probe: probe)
        default:
            break
        }
    }

    private func priorText() throws -> PriorText {
        let embeds = try input("text_proj/prompt_embeds")
        let states = try Tensor.cat(
            [input("text/uncond/last_hidden_state"), input("text/cond/last_hidden_state")], dim: 0)
        return PriorText(
            embeds: embeds, states: states.repeatInterleave(embeds.size(0) / max(1, states.size(0)), dim: 0),
            mask: try recorded("text/mask").to(model.device))
    }

    /// The first sample of a stage, as many times as the network answered it.
    private func rows(_ stage: String, _ network: String) throws -> Tensor {
        let sample = try input("\(stage)/init_latents")
        let answered = try recorded("\(network)/call00/raw").size(0) / max(1, sample.size(0))
        return Tensor.cat(Array(repeating: sample, count: max(1, answered)), dim: 0)
    }

    /// The first timestep, for every row.
    private func time(_ stage: String, _ rows: Tensor) throws -> Tensor {
        let first = try recorded("\(stage)/timesteps").narrow(dim: 0, start: 0, length: 1)
        return first.to(.float32).to(model.device).expand([rows.size(0)])
    }

    private func input(_ name: String) throws -> Tensor { try recorded(name).to(model.dtype).to(model.device) }

    private func recorded(_ name: String) throws -> Tensor { try golden.tensor("\(run)/\(name)") }
}
