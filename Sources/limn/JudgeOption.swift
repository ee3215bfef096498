import ArgumentParser
import Foundation
import Pipelines
import Training

/// The CLIP that judges, as the evaluations take it: the one that comes with Limn, unless another is named.
struct JudgeOption: ParsableArguments {
    static let bundled = "limn-judge"

    @Option(
        help: ArgumentHelp(
            "The folder of the CLIP that judges. Without it \(Self.bundled), which comes with Limn and took no part in "
                + "training limn-mini.", valueName: "folder"))
    var judge: String?

    /// - Throws: `EvaluationError.noJudge`, before hours of drawing.
    func folder(in library: ModelLibrary) throws -> URL {
        let places = judge.map { [URL(filePath: $0)] } ?? library.roots.map { $0.appending(path: Self.bundled) }
        let found = places.first {
            FileManager.default.fileExists(atPath: $0.appending(path: "image_encoder/config.json").path)
        }
        guard let found else {
            throw EvaluationError.noJudge(folder: places.first?.lastPathComponent ?? Self.bundled)
        }
        return found
    }
}
