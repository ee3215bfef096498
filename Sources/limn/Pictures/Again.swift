import ArgumentParser
import Foundation
import ImageGeneration
import Imaging

struct Again: PictureVerb {
    static let configuration = CommandConfiguration(
        abstract: "Draw a picture again, from the recipe that its file carries.",
        discussion: """
            The same seed on the same device gives the same pixels. Pictures that it was made from are looked for by name \
            beside the picture and in the current folder, and compared with what the recipe says of them.

            EXAMPLES
              limn again out/a-red-apple-7.png
              limn again out/a-red-apple-7.png -n 4 --seed 100        others like it
              limn again edited.png --input ~/old/face.png --input ~/old/hat-mask.png
              limn again out/owl-3.png --show                         print the recipe, and draw nothing

            EXIT CODES
            \(ExitStatus.table)
            """)

    @Argument(help: "A picture that Limn drew: PNG, JPEG or WebP.", completion: .file())
    var picture: String

    @Option(
        help: ArgumentHelp(
            "A picture that it was made from, wherever it lies and whatever it is called now. May be repeated.",
            valueName: "file"), completion: .file())
    var input: [String] = []

    @Option(help: ArgumentHelp("Another seed than the picture's.", valueName: "number"))
    var seed: UInt64?

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many pictures.", valueName: "number"))
    var count = 1

    @Option(help: ArgumentHelp("The model's name or folder, where it is not that of the recipe.", valueName: "name"))
    var model: String?

    @Flag(help: "Print the recipe as JSON and draw nothing.")
    var show = false

    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard show else { return try await perform() }
        try await reporting(json: output.json) { Terminal.output.json(try recipe()) }
    }

    private func recipe() throws -> Recipe {
        try Recipe(metadata: ImageMetadata.read(contentsOf: URL(filePath: picture)))
    }

    func order() throws -> PictureOrder {
        let recipe = try recipe()
        let finder = InputFinder(
            given: try input.map { try InputFile($0) },
            folders: [URL(filePath: picture).deletingLastPathComponent(), URL(filePath: ".")])
        let inputs = try recipe.inputs.map { try finder.file(for: $0) }
        let pairs = zip(recipe.inputs, inputs)
        let mask = try pairs.first { $0.0.role == .mask }.map { try $0.1.mask }
        var request = try recipe.request(
            pictures: pairs.filter { $0.0.role == .picture }.map(\.1.picture), mask: mask)
        request.count = count
        request.seed = seed ?? recipe.seed
        request.model = model ?? recipe.model
        return PictureOrder(
            request: request, slug: OutputFolder.slug(recipe.task.prompt.isEmpty ? stem : recipe.task.prompt),
            inputs: inputs, frames: [""], modelDigest: recipe.modelDigest)
    }

    private var stem: String { URL(filePath: picture).deletingPathExtension().lastPathComponent }
}

/// Finds the files that a recipe was made from.
private struct InputFinder {
    let given: [InputFile]
    let folders: [URL]

    /// - Throws: `GenerationError` of kind `.invalidRequest` where there is none with the right pixels.
    func file(for input: Recipe.Input) throws -> InputFile {
        if let file = given.first(where: { $0.isMeant(by: input) }) { return file }
        let called = input.name.map { "'\($0)'" } ?? "a picture without a name"
        guard let name = input.name, !name.contains("/"), name != ".." else {
            throw GenerationError.invalid("input", Self.hint("the picture was made from \(called)"))
        }
        let places = folders.map { $0.appending(path: name) }.filter {
            FileManager.default.fileExists(atPath: $0.path)
        }
        for place in places {
            let file = try InputFile(place)
            if file.isMeant(by: input) { return file }
        }
        throw GenerationError.invalid(
            "input",
            Self.hint(
                places.isEmpty
                    ? "\(called), from which the picture was made, lies neither beside it nor in this folder"
                    : "\(called) is not the \(input.width)x\(input.height) \(input.role.rawValue) from which the picture was made"
            ))
    }

    private static func hint(_ problem: String) -> String { problem + "; give the file with --input" }
}

extension InputFile {
    fileprivate func isMeant(by input: Recipe.Input) -> Bool {
        switch input.role {
        case .picture: input.matches(picture)
        case .mask: picture.alphaPlane.map(input.matches) ?? false
        }
    }
}
