import Checkpoints
import Imaging
import Models
import Torch

/// Compares what a Kandinsky fixture records beside its runs: outputs inside the networks, MoVQ with codes, and the
/// pictures and masks as they go in.
struct Kandinsky22LayerReplay {
    private let golden: GoldenSet
    private let model: Kandinsky22Model
    private let limits: ConformanceLimits

    init(_ golden: GoldenSet, _ model: Kandinsky22Model, _ limits: ConformanceLimits) {
        (self.golden, self.model, self.limits) = (golden, model, limits)
    }

    func replay() throws -> [ConformanceReport.Run] {
        [try layers(), try codes()].filter { !$0.checks.isEmpty || !$0.unchecked.isEmpty }
    }

    private func layers() throws -> ConformanceReport.Run {
        var report = ConformanceReport.Run(name: "layers", subject: "networks, at their first calls")
        let names = golden.names("layers/")
        var failure: (any Error)?
        func probe(_ component: String) -> LayerProbe {
            { layer, output in
                let name = "layers/\(component)/\(layer)"
                guard golden.contains(name) else { return }
                do {
                    report.checks.append(try check("\(component)/\(layer)", output, recorded: name))
                } catch { failure = error }
            }
        }
        if let run = run(of: "layers/unet/"), golden.contains("\(run)/unet/call00/sample") {
            let decoder = try model.decoder("unet")
            let embeds = try input("\(run)/unet/image_embeds")
            for (layer, output) in try decoder.embedded(UNetConditions(imageEmbeds: embeds)) {
                probe("unet")(layer, output)
            }
            let time = try golden.tensor("\(run)/timesteps").narrow(dim: 0, start: 0, length: 1)
            let rows = try input("\(run)/unet/call00/sample")
            _ = decoder(
                rows, time.to(.float32).to(model.device).expand([rows.size(0)]),
                context: try decoder.prepare(UNetConditions(imageEmbeds: embeds)), probe: probe("unet"))
        }
        if let run = run(of: "layers/movq/encoder") {
            _ = try model.autoencoder.encode(input("\(run)/movq_encode/in"), probe: probe("movq"))
        }
        if let run = run(of: "layers/movq/decoder") {
            _ = try model.autoencoder.decode(input("\(run)/movq_decode/in"), probe: probe("movq"))
        }
        if let failure { throw failure }
        let compared = Set(report.checks.map { "layers/" + $0.name })
        report.unchecked = names.filter { !compared.contains($0) }
        return report
    }

    /// The pipelines decode without rounding to codes; the autoencoder can do both.
    private func codes() throws -> ConformanceReport.Run {
        var report = ConformanceReport.Run(name: "movq_quantised_decode", subject: "MoVQ with codes")
        guard let run = run(of: "layers/movq/decoder"), golden.contains("movq_quantised_decode/out") else {
            return report
        }
        let rounded = try model.autoencoder.quantised(input("\(run)/movq_decode/in"))
        report.checks = [
            try Check(
                "indices", .forced, rounded.indices, recorded: golden.tensor("movq_quantised_decode/indices"),
                gate: .equal),
            try check(
                "out", model.autoencoder.decode(rounded.latents).to(.float32), recorded: "movq_quantised_decode/out"),
        ]
        return report
    }

    /// The run whose call is named in what the recording says of its layers.
    private func run(of prefix: String) -> String? {
        let words = golden.names(prefix).lazy.compactMap { golden.tensors[$0]?.what }
            .flatMap { $0.split(whereSeparator: { " /".contains($0) }).map(String.init) }
        return words.first { golden.calls[$0] != nil }
    }

    private func check(_ name: String, _ output: Tensor, recorded: String) throws -> Check {
        try Check(
            name, .forced, output, recorded: golden.tensor(recorded), gate: .relative(limits.tolerance))
    }

    private func input(_ name: String) throws -> Tensor { try golden.tensor(name).to(model.dtype).to(model.device) }
}
