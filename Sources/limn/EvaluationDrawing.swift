import ArgumentParser
import Foundation
import ImageGeneration
import Imaging
import Pipelines
import Training

/// How the pictures of an evaluation are drawn.
struct EvaluationDrawing: ParsableArguments {
    @OptionGroup var size: SizeOption

    @Option(help: ArgumentHelp("One of the model's presets.", valueName: "name"))
    var preset: String?

    @Option(help: ArgumentHelp("Steps of the decoder, or of another stage: prior=25. May be repeated.", valueName: "n"))
    var steps: [StageValue<Int>] = []

    @Option(
        help: ArgumentHelp("Guidance scale of the decoder, or of another stage. May be repeated.", valueName: "scale"))
    var guidance: [StageValue<Double>] = []

    /// What the folder's pictures belong to.
    func plan(model: URL, dtype: String, cases: [EvaluationCase]) throws -> EvaluationFolder.Plan {
        EvaluationFolder.Plan(
            weights: try EvaluationFolder.fingerprint(of: model), dtype: dtype, size: size.size, preset: preset,
            steps: Dictionary(steps.map { ($0.stage, $0.value) }) { $1 },
            guidance: Dictionary(guidance.map { ($0.stage, $0.value) }) { $1 }, cases: cases)
    }

    /// Draws what the folder does not have yet.
    func draw(
        _ cases: [EvaluationCase], of model: String, with generator: LocalImageGenerator, into folder: EvaluationFolder,
        _ progress: ProgressLine
    ) async throws {
        let missing = cases.filter { folder.record(of: $0) == nil }
        for (place, item) in missing.enumerated() {
            try Task.checkCancellation()
            let done = cases.count - missing.count + place
            progress.show(
                "drawing \(done + 1)/\(cases.count)", stage: "drawing from \(done / 20 * 20 + 1) of \(cases.count)",
                fraction: Double(place) / Double(missing.count))
            let request = try request(item, model)
            var picture: ImageBuffer?
            var summary: GenerationSummary?
            for try await event in generator.generate(request) {
                if case .picture(let drawn) = event { picture = drawn.image }
                if case .finished(let facts) = event { summary = facts }
            }
            try Task.checkCancellation()
            let predicted = try await generator.imageEmbeddings(request).first
            guard let picture, let summary else {
                throw GenerationError(.engineFailed, "the model ended without a picture")
            }
            try folder.keep(picture, EvaluationFolder.Record(summary: summary, predicted: predicted), of: item)
        }
    }

    private func request(_ item: EvaluationCase, _ model: String) throws -> ImageRequest {
        var stages: [String: StageSettings] = [:]
        for value in steps { stages[value.stage, default: StageSettings()].steps = value.value }
        for value in guidance { stages[value.stage, default: StageSettings()].guidance = value.value }
        return ImageRequest(
            .textToImage(prompt: item.prompt), model: model, size: try size.resolved(), seed: item.seed, preset: preset,
            stages: stages
        )
    }
}
