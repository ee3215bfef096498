import Checkpoints
import Diffusion
import Foundation
import ImageGeneration
import Torch

/// Replays recorded runs of min-dalle: texts with their likeliest tokens, and pictures that were sampled from recorded
/// draws.
struct DalleMiniReplayer: Replayer {
    private let golden: GoldenSet
    private let description: ModelDescription
    private let model: DalleMiniModel

    /// The super-conditioning of the runs that take the likeliest tokens.
    private static let greedyGuidance = 16.0

    /// What a sampled run recorded of its exponential draws.
    private static let draws = "exponential"

    static func claims(_ call: JSON) -> Bool { call["start_tokens"] != nil || call["supercondition_factor"] != nil }

    init(_ golden: GoldenSet, folder: URL, dtype: DType, device: Device) throws {
        self.golden = golden
        let family = DalleMiniFamily()
        let files = try GenerationError.naming(folder.lastPathComponent) {
            try ModelFolder(folder, layouts: family.layouts)
        }
        description = try ModelDescription(files, family: family)
        model = DalleMiniModel(ComponentLoader(files, dtype: dtype, device: device))
    }

    func replay(_ name: String, _ call: JSON, _ limits: ConformanceLimits) throws -> ConformanceReport.Run {
        var run = ConformanceReport.Run(name: name, subject: "min-dalle")
        var unchecked: Set<String>?
        for mode in [Check.Mode.forced, .chained] {
            let tape = Tape(golden, run: name, mode, limits)
            let checks = call["start_tokens"] == nil ? try sampled(name, call, tape) : try greedy(name, call, tape)
            run.checks += tape.checks + checks
            let left = Set(tape.unchecked(after: run.checks))
            unchecked = unchecked?.intersection(left) ?? left
        }
        let inner = golden.calls.keys.filter { $0.hasPrefix(name + "/") }
        // The draws of sampled tokens are fed, not compared.
        run.unchecked = (unchecked ?? []).filter { key in
            key != "\(name)/\(Self.draws)" && !inner.contains { key.hasPrefix($0 + "/") }
        }.sorted()
        return run
    }

    // MARK: The likeliest tokens

    private func greedy(_ name: String, _ call: JSON, _ tape: Tape) throws -> [Check] {
        let prompt = try prompt(name, call)
        var checks: [Check] = []
        if let count = call["untruncated_token_count"]?.int {
            let ids = try model.tokenizer.ids(prompt)
            checks.append(Check("untruncated_token_count", [Int32(ids.count)], recorded: [Int32(count)]))
        }
        for (start, token) in (call["start_tokens"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            let variant = "greedy_\(start)"
            let recorded = try golden.tensor("\(name)/\(variant)/tokens")
            var plan = try plan(prompt, pictures: 1)
            plan.stages[0].guidance = Self.greedyGuidance
            plan.stages[0].sampler = .tokens(
                TokenSampling(
                    startToken: try number(token, "start_tokens"), temperature: 0, topK: 1, length: recorded.size(1)))
            let margins = Margins()
            let observe = tape.observer { Self.named($0, variant) }
            let drawn = try plan.run(
                on: model, noise: RecordedNoise([]),
                observe: forcing(recorded, from: tape.mode == .forced ? 0 : .max, observe),
                hooks: RunHooks { _, _, _ in [.observing(margins.look)] })
            checks.append(try tape.check("\(variant)/margin", margins.values))
            // The recorded picture is the one of the last sequence: that of the model's own start token.
            guard try number(token, "start_tokens") == model.encoder.config.startToken else { continue }
            checks += try picture("greedy_image", drawn.select(dim: 0, index: 0), tape).map { [$0] } ?? []
        }
        return checks
    }

    private static func named(_ shown: String, _ variant: String) -> String? {
        switch shown {
        case "text_tokens", "encoder_state": shown
        case "tokens": "\(variant)/tokens"
        default: shown.hasPrefix("decoder/logits") ? "\(variant)/\(shown.dropFirst("decoder/".count))" : nil
        }
    }

    /// How far the likeliest token is from the second, at each place.
    private final class Margins {
        private var found: [Tensor] = []

        func look(_ outcome: StepOutcome) {
            let two = outcome.output.topKValues(2, dim: 1).select(dim: 0, index: 0)
            found.append(two.narrow(dim: 0, start: 0, length: 1) - two.narrow(dim: 0, start: 1, length: 1))
        }

        var values: Tensor { Tensor.cat(found, dim: 0) }
    }

    // MARK: Sampled tokens

    private func sampled(_ name: String, _ call: JSON, _ tape: Tape) throws -> [Check] {
        let parent = name.split(separator: "/").dropLast().joined(separator: "/")
        let recorded = try golden.tensor("\(name)/tokens")
        let draws = try golden.tensor("\(name)/\(Self.draws)")
        var plan = try plan(try prompt(parent, golden.calls[parent] ?? call), pictures: recorded.size(0))
        plan.stages[0].guidance = call["supercondition_factor"]?.double
        plan.stages[0].sampler = .tokens(
            TokenSampling(
                startToken: try number(call["start_token"], "start_token"),
                temperature: try temperature(call), topK: try number(call["top_k"], "top_k"),
                length: recorded.size(1)))
        // Only the first draws were recorded; what the others chose is taken as it is.
        let own = Chosen()
        let drawn = try plan.run(
            on: model, noise: ExponentialNoise(draws),
            observe: forcing(recorded, from: tape.mode == .forced ? 0 : draws.size(0), .none),
            hooks: RunHooks { _, _, _ in [.observing(own.look)] })
        let known = recorded.narrow(dim: 1, start: 0, length: draws.size(0))
        var checks = [try Check("tokens", tape.mode, own.tokens(draws.size(0)), recorded: known, gate: .equal)]
        let side = Int(Double(recorded.size(0)).squareRoot())
        checks += try picture("grid_u8", drawn.grid(side), tape).map { [$0] } ?? []
        if golden.contains("\(name)/seamless_u8") {
            let width = try model.encoder.config.side
            let whole = recorded.reshape([-1, width, width, 1]).grid(side).squeeze(2).unsqueeze(0)
            let pixels = try model.detokenizer(whole.to(model.device)).to(.float32).clamp(min: 0, max: 1)
            checks += try picture("seamless_u8", pixels.permute([0, 2, 3, 1]).squeeze(0), tape).map { [$0] } ?? []
        }
        return checks
    }

    /// What was chosen at each step, before a recorded token took its place.
    private final class Chosen {
        private var found: [Tensor] = []

        func look(_ outcome: StepOutcome) {
            found.append(outcome.sample.narrow(dim: 1, start: outcome.step.index, length: 1))
        }

        func tokens(_ count: Int) -> Tensor { Tensor.cat(Array(found.prefix(count)), dim: 1) }
    }

    // MARK: Parts

    /// Puts recorded tokens in the place of those that were chosen from a step on.
    private func forcing(_ recorded: Tensor, from first: Int, _ observe: RunObserver) -> RunObserver {
        RunObserver { name, value in
            guard name.hasSuffix("/sample_out"), let number = name.split(separator: "/").dropLast().last,
                let step = Int(number.drop { !$0.isNumber })
            else { return try observe(name, value) }
            guard step >= first else { return nil }
            let before = value.narrow(dim: 1, start: 0, length: step)
            let after = value.narrow(dim: 1, start: step + 1, length: value.size(1) - step - 1)
            return Tensor.cat(
                [before, recorded.narrow(dim: 1, start: step, length: 1).to(value.device), after], dim: 1)
        }
    }

    /// A picture (height, width, 3) in 0…1 beside a recorded one of 0…255. Where that one was cut to whole numbers, all
    /// values that are cut to the same are equal: what counts is how far outside of that range a value lies.
    private func picture(_ name: String, _ drawn: Tensor, _ tape: Tape) throws -> Check? {
        guard let recorded = try tape.recorded(name) else { return nil }
        let whole = recorded.to(.float32)
        let value = drawn.to(.cpu) * 255
        let compared =
            recorded.dtype.isFloatingPoint ? value : whole + (value - value.maximum(whole).minimum(whole + 1))
        return try Check(name, tape.mode, compared / 255, recorded: whole / 255, gate: .psnr(tape.limits.psnr))
    }

    private func plan(_ prompt: String, pictures: Int) throws -> GenerationPlan {
        var plan = try Pipelines.plan(
            for: ImageRequest(.textToImage(prompt: "recorded")), seed: 0, model: description)
        plan.subjects = [Subject(prompt: prompt, embedding: .text(prompt))]
        plan.picturesPerSubject = pictures
        plan.noise = .seeded(Array(repeating: 0, count: pictures))
        return plan
    }

    private func prompt(_ name: String, _ call: JSON) throws -> String {
        guard let prompt = call["prompt"]?.string else {
            throw ConformanceError(.malformedCall, "the run \(name) has no prompt")
        }
        return prompt
    }

    private func temperature(_ call: JSON) throws -> Double {
        guard let temperature = call["temperature"]?.double, temperature >= 0 else {
            throw ConformanceError(.malformedCall, "temperature should be a number, 0 or more")
        }
        return temperature
    }

    private func number(_ value: JSON?, _ key: String) throws -> Int {
        guard let number = value?.int, number >= 0 else {
            throw ConformanceError(.malformedCall, "\(key) should be a whole number")
        }
        return number
    }
}

/// Normal draws from which a `TokenLoop` makes the recorded exponential ones.
private final class ExponentialNoise: NoiseSource {
    private let draws: Tensor
    private var step = 0

    /// - Parameter draws: (steps, pictures, codes)
    init(_ draws: Tensor) { self.draws = draws }

    func next(_ label: String, _ shape: [Int]) throws -> Tensor {
        defer { step += 1 }
        guard step < draws.size(0) else { return .ones(shape) }
        let normal = (draws.select(dim: 0, index: step) * 2).sqrt()
        return Tensor.stack([normal, normal * 0], dim: 1)
    }
}

extension Tensor {
    /// Pictures (side², height, width, channels) as one, column after column.
    fileprivate func grid(_ side: Int) -> Tensor {
        let (height, width, channels) = (size(1), size(2), size(3))
        return reshape([side, side * height, width, channels]).transpose(0, 1)
            .reshape([side * height, side * width, channels])
    }
}
