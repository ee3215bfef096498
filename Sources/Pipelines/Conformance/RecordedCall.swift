import Checkpoints
import Foundation
import Imaging
import Torch

/// The arguments of a recorded run of one of the reference's pipelines, by its argument names.
struct RecordedCall {
    let arguments: JSON
    /// With the pictures that arguments name.
    private let folder: URL

    init(_ arguments: JSON, folder: URL) {
        self.arguments = arguments
        self.folder = folder
    }

    var prompts: [String] { texts("prompt") }

    /// The pictures that the run begins with.
    func pictures() throws -> [ImageBuffer] {
        try texts("image").map(picture)
    }

    /// A picture by its name in the fixture's folder.
    func picture(_ name: String) throws -> ImageBuffer {
        guard !name.contains("/"), !name.hasPrefix(".") else {
            throw ConformanceError(.malformedCall, "the picture's name leads out of the fixture's folder")
        }
        return try ImageBuffer(contentsOf: folder.appending(path: name))
    }

    /// Puts in what the planner would not take as it was recorded, such as empty prompts.
    func fill(_ plan: inout GenerationPlan, run: String) throws {
        let prompts = prompts
        let pictures = try pictures()
        plan.subjects =
            pictures.isEmpty
            ? prompts.map { Subject(prompt: $0, embedding: .text($0)) }
            : pictures.enumerated().map { index, picture in
                Subject(prompt: prompts.isEmpty ? "" : prompts[index % prompts.count], embedding: .picture(picture))
            }
        plan.negative = texts("negative_prompt").first ?? ""
        plan.picturesPerSubject = arguments["num_images_per_prompt"]?.int ?? 1
        guard (1...1024).contains(plan.picturesPerSubject), !plan.subjects.isEmpty else {
            throw ConformanceError(.malformedCall, "the run \(run) makes no picture, or more than 1024 of a prompt")
        }
    }

    /// An argument that is one text or several.
    func texts(_ name: String) -> [String] {
        switch arguments[name] {
        case .string(let text): [text]
        case .array(let texts): texts.compactMap(\.string)
        default: []
        }
    }

    /// Compares the picture of a recording's calls, decoded.
    static func decodedPicture(of golden: GoldenSet, folder: URL) throws -> ConformanceReport.Run {
        var run = ConformanceReport.Run(name: "input", subject: "picture")
        let name = "input/uint8_hwc"
        guard golden.contains(name), let call = golden.calls.values.first(where: { $0["image"] != nil }),
            let picture = try RecordedCall(call, folder: folder).pictures().first
        else { return run }
        let samples = Tensor(picture.samples, shape: [picture.height, picture.width, picture.channels])
        run.checks = [try Check("uint8_hwc", .forced, samples, recorded: try golden.tensor(name), gate: .equal)]
        return run
    }
}
