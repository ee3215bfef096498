import ArgumentParser
import Foundation
import ImageGeneration
import Imaging
import Pipelines

struct Draw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw pictures of what a text says, or in the manner of another picture.",
        discussion: """
            EXAMPLES
              limn draw "a red apple with a green leaf"
              limn draw "two sleepy owls" -n 1 --seed 7 --size 512 --out pictures
              limn draw "a blue star" --preset draft --negative "text"
              limn draw "a fox" --steps 30 --steps prior=10 --guidance 4
              limn draw --like drawing.png -n 2
              limn draw "a fox" --json --quiet | jq -r '.pictures[].file'

            Picture i of a batch has the seed S + i; asking for that seed alone gives the same picture. Files are named
            by the prompt and the seed, and no file is ever overwritten.

            EXIT CODES
            \(ExitStatus.table)
            """)

    @Argument(help: "What the pictures shall show. A long prompt is cut to what the model reads.")
    var prompt: String?

    @Option(
        help: ArgumentHelp(
            "Draw variations of this picture (PNG, JPEG or WebP) in place of a prompt.", valueName: "file"))
    var like: String?

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("How many pictures, 1 to \(ImageRequest.maximumCount).", valueName: "number"))
    var count = 4

    @Option(help: ArgumentHelp("Width and height in pixels; `limn models info` lists them.", valueName: "pixels"))
    var size: String?

    @Option(help: ArgumentHelp("The first picture's seed; without it one is drawn and printed.", valueName: "number"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("A model's name, or a folder that holds one.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("One of the model's presets, such as draft, standard or best.", valueName: "name"))
    var preset: String?

    @Option(help: ArgumentHelp("Steps of the decoder, or of another stage: prior=25. May be repeated.", valueName: "n"))
    var steps: [StageValue<Int>] = []

    @Option(
        help: ArgumentHelp(
            "Guidance scale of the decoder, or of another stage: prior=4. May be repeated.", valueName: "scale"))
    var guidance: [StageValue<Double>] = []

    @Option(
        help: ArgumentHelp(
            "Solver of the decoder, or of another stage: super_res=ddim. May be repeated.", valueName: "name"))
    var solver: [StageValue<String>] = []

    @Option(help: ArgumentHelp("What the pictures shall not show.", valueName: "text"))
    var negative = ""

    @Option(
        help: ArgumentHelp(
            "How many image embeddings the prior draws for each picture; the one nearest to the text is kept.",
            valueName: "number"))
    var candidates = 1

    @Option(help: ArgumentHelp("Folder for the pictures; made if it is not there.", valueName: "folder"))
    var out = "out"

    @OptionGroup var engine: EngineOptions

    @Flag(help: "Print the result as JSON on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    func validate() throws {
        guard (prompt == nil) != (like == nil) else {
            throw ValidationError("Give a prompt, or a picture with --like, and not both.")
        }
    }

    func run() async throws {
        try await reporting(json: json) { try await draw() }
    }

    private func draw() async throws {
        let request = try request()
        try request.validate()
        let (device, dtype) = try engine.resolved()
        let folder = try OutputFolder(URL(filePath: out))
        let generator = LocalImageGenerator(
            library: .standard(), options: LocalImageGenerator.Options(device: device, dtype: dtype))
        var session = DrawSession(slug: slug, folder: folder, progress: ProgressLine(isShown: !quiet))
        do {
            for try await event in generator.generate(request) { try session.handle(event) }
            try Task.checkCancellation()
        } catch {
            session.abandon()
            // The process must not end under a step that is still being computed.
            await generator.drain()
            throw error
        }
        try session.finish(json: json)
    }

    private var slug: String {
        OutputFolder.slug(prompt ?? like.map { URL(filePath: $0).deletingPathExtension().lastPathComponent } ?? "")
    }

    private func request() throws -> ImageRequest {
        let task: ImageTask =
            if let like {
                .variation(Variation(of: try ImageBuffer(contentsOf: URL(filePath: like))))
            } else {
                .textToImage(prompt: prompt ?? "", negative: negative)
            }
        var stages: [String: StageSettings] = [:]
        for value in steps { stages[value.stage, default: StageSettings()].steps = value.value }
        for value in guidance { stages[value.stage, default: StageSettings()].guidance = value.value }
        for value in solver { stages[value.stage, default: StageSettings()].solver = value.value }
        let size = try self.size.map { text in
            guard let size = PictureSize(text) else {
                throw GenerationError.invalid("size", "'\(text)' is no size; write 256 or 256x256")
            }
            return size
        }
        return ImageRequest(
            task, model: model, count: count, size: size, seed: seed, preset: preset, stages: stages,
            candidates: candidates)
    }
}
