import ArgumentParser
import Foundation
import ImageGeneration
import Imaging
import Pipelines
import Training

/// How the pictures of an evaluation are drawn.
struct EvaluationDrawing: ParsableArguments {
    @OptionGroup var size: SizeOption

    @OptionGroup var settings: StageOptions

    @OptionGroup var candidates: CandidatesOption

    /// What the folder's pictures belong to.
    func plan(model: URL, dtype: String, cases: [EvaluationCase]) throws -> EvaluationFolder.Plan {
        EvaluationFolder.Plan(
            weights: try EvaluationFolder.fingerprint(of: model), dtype: dtype, size: size.size,
            preset: settings.preset, stages: settings.stages, candidates: candidates.candidates, cases: cases)
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
        ImageRequest(
            .textToImage(prompt: item.prompt), model: model, size: try size.resolved(), seed: item.seed,
            preset: settings.preset, stages: settings.stages, candidates: candidates.candidates)
    }
}
