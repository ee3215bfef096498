import Foundation
import ImageGeneration
import Imaging

/// What a verb does with the events of its request: progress, files, and the result at the end.
struct PictureSession {
    /// The result, as it is printed for programs.
    struct Result: Encodable {
        struct Picture: Encodable {
            var file: String
            var seed: UInt64
            /// The place in a series; nil where there is none.
            var frame: Int?
            var width: Int
            var height: Int
        }
        var pictures: [Picture]
        var contactSheet: String?
        /// One for each take of a series.
        var animations: [String]?
        var notes: [String]
        var summary: GenerationSummary?
    }

    private let order: PictureOrder
    private let folder: OutputFolder
    private let progress: ProgressLine
    private var result = Result(pictures: [], notes: [])
    /// By the picture's index.
    private var images: [Int: GeneratedPicture] = [:]
    private var files: [Int: Result.Picture] = [:]

    init(_ order: PictureOrder, folder: OutputFolder, progress: ProgressLine) {
        self.order = order
        self.folder = folder
        self.progress = progress
        for note in order.notes { tell(note) }
    }

    private var takes: Int { order.request.count }
    private var frames: Int { order.request.task.frames }

    mutating func handle(_ event: ImageEvent) throws {
        switch event {
        case .queued, .preview:
            break
        case .loading(let model):
            progress.show("loading \(model)", stage: "loading \(model)", fraction: 0)
        case .note(let note):
            tell("\(note)")
        case .progress(let step):
            progress.show("\(step.stage) \(step.step)/\(step.steps)", stage: step.stage, fraction: step.fraction)
        case .picture(let picture):
            try keep(picture)
        case .finished(let summary):
            result.summary = summary
        }
    }

    private mutating func tell(_ note: String) {
        progress.clear()
        Terminal.error.line("limn: note: \(note)")
        result.notes.append(note)
    }

    private mutating func keep(_ picture: GeneratedPicture) throws {
        let frame = frames > 1 ? picture.index / takes : nil
        let recipe = picture.recipe?.naming(order.inputs.map(\.name))
        if images.isEmpty { compare(recipe) }
        let place = frame.map { "-f\($0 + 1)" } ?? ""
        let (file, isComplete) = try folder.write(
            picture.image, name: "\(order.slug)-\(picture.seed)\(place)", metadata: recipe?.metadata ?? [:])
        if !isComplete { tell("the recipe of \(file.lastPathComponent) is too long for its format and was left out") }
        images[picture.index] = picture
        files[picture.index] = Result.Picture(
            file: file.relativePath, seed: picture.seed, frame: frame.map { $0 + 1 }, width: picture.image.width,
            height: picture.image.height)
    }

    /// A note where another model draws than the one that was meant.
    private mutating func compare(_ recipe: Recipe?) {
        guard let meant = order.modelDigest, let drawn = recipe?.modelDigest, meant != drawn else { return }
        tell("the model's files are not those that drew the picture; the result will differ")
    }

    /// Takes the progress line away, for an error's message.
    func abandon() { progress.clear() }

    /// Draws the contact sheet of more than one picture, the animations of a series, and prints what was made.
    mutating func finish(json: Bool) throws {
        progress.clear()
        let indices = (0..<takes).flatMap { take in (0..<frames).map { $0 * takes + take } }
        let made = indices.compactMap { index in files[index].flatMap { file in images[index].map { (file, $0) } } }
        result.pictures = made.map(\.0)
        if made.count > 1 { result.contactSheet = try writeSheet(made.map(\.1)) }
        if let format = order.animation { result.animations = try writeAnimations(made.map(\.1), as: format) }
        if json {
            Terminal.output.json(result)
        } else {
            for picture in result.pictures { Terminal.output.line(picture.file) }
            for file in [result.contactSheet].compactMap(\.self) + (result.animations ?? []) {
                Terminal.output.line(file)
            }
        }
    }

    /// A series has a row for each take; other pictures stand behind what they were made from.
    private func writeSheet(_ pictures: [GeneratedPicture]) throws -> String? {
        guard let first = pictures.first else { return nil }
        var sheet = ContactSheet(maxCellSide: 512)
        let drawn: ImageBuffer
        if frames > 1 {
            if takes > 1 { sheet.columns = frames }
            drawn = try sheet.draw(
                pictures.map(\.image), captions: pictures.map { order.frames[$0.index / takes] })
        } else {
            drawn = try sheet.draw(
                order.inputs.map(\.picture) + pictures.map(\.image),
                captions: order.inputs.map(\.name) + pictures.map { "\($0.seed)" })
        }
        return try folder.write(drawn, name: "\(order.slug)-\(first.seed)-sheet").file.relativePath
    }

    private func writeAnimations(
        _ pictures: [GeneratedPicture], as format: ImageAnimation.Format
    ) throws -> [String] {
        try stride(from: 0, to: pictures.count, by: frames).map { start in
            let take = pictures[start..<min(start + frames, pictures.count)]
            return try folder.write(
                ImageAnimation(thereAndBack: take.map(\.image)), as: format,
                name: "\(order.slug)-\(take[start].seed)"
            ).relativePath
        }
    }
}

extension Recipe {
    /// With the inputs' file names, as far as there are any.
    fileprivate func naming(_ names: [String]) -> Recipe {
        var recipe = self
        for (index, name) in names.enumerated() where recipe.inputs.indices.contains(index) {
            recipe.inputs[index].name = name
        }
        return recipe
    }
}
