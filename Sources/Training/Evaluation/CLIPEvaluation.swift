import Foundation
import Torch

/// How well a CLIP finds pictures by their captions, and captions by their pictures.
public struct CLIPEvaluation: Codable, Sendable {
    public var split: String
    public var pictures: Int
    /// Distinct main captions among them.
    public var captions: Int
    public var tables: [MetricTable]

    /// - Parameter size: how many captions an R-precision chooses among.
    /// - Throws: `EvaluationError` where the split has too few captions, `PackError`, `TorchError`.
    public init(_ clip: CLIPEncoder, on pack: PicturePack, split: String, among size: Int) throws {
        let indices = try pack.rows(in: split)
        let groups = pack.captionGroups(indices)
        captions = Set(groups).count
        pictures = indices.count
        self.split = split
        guard size >= 2, captions >= size else {
            throw EvaluationError.tooFewCaptions(split: split, distinct: captions, wanted: max(2, size))
        }
        let prompts = indices.map { Captions.prompt(pack.rows[$0]) }
        let found = try SimilarityMatrix(cosines: clip.encode(prompts), clip.encode(pack, indices))
        tables = Self.tables(found, groups: groups, prompts: labels(prompts), among: size)
    }

    /// - Parameters:
    ///   - similarities: of captions (rows) and pictures (columns), in the same order.
    ///   - groups: numbers of the main captions; `prompts`: numbers of the captions with their style.
    static func tables(
        _ similarities: SimilarityMatrix, groups: [Int], prompts: [Int], among size: Int
    ) -> [MetricTable] {
        let identity = Array(groups.indices)
        let shuffled = shuffledPartners(of: groups, seed: 1)
        let directions = [("caption → picture", similarities), ("picture → caption", similarities.transposed)]
        let estimate = { (values: [Double]) in Bootstrap.mean(means(of: values, by: groups)) }
        let precision = directions.map { name, matrix in
            MetricTable.Row(
                name,
                [identity, shuffled].map { own in
                    estimate(Retrieval.precision(matrix, own: own, groups: groups, among: size))
                })
        }
        let recall = directions.map { name, matrix in
            MetricTable.Row(
                name,
                [1, 5, 10].map { k in
                    estimate(Retrieval.recall(matrix, rowLabels: prompts, columnLabels: prompts, at: k))
                })
        }
        return [
            MetricTable(
                name: "r_precision", title: "R-precision@1 of \(size)",
                explanation: """
                    The chance that the own one is the nearest among \(size) of distinct captions, over all choices of \
                    the others; in brackets the 95 % interval over captions. Guessing gives \
                    \(String(format: "%.3f", 1 / Double(size))).
                    """,
                columns: ["own", "shuffled"], rows: precision),
            MetricTable(
                name: "recall", title: "Recall among all \(groups.count) of the split",
                explanation: "Right is every one with the same caption and style; each distinct caption counts alike.",
                columns: ["@1", "@5", "@10"], rows: recall),
        ]
    }

    public var markdown: String {
        "# CLIP on \(pictures) pictures of \(captions) captions (\(split))\n\n"
            + tables.map(\.markdown).joined(separator: "\n")
    }
}
