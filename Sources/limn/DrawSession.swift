import Foundation
import ImageGeneration
import Imaging

/// What `limn draw` does with the events of one request: progress, files, and the result at the end.
struct DrawSession {
    /// The result, as it is printed for programs.
    struct Result: Encodable {
        struct Picture: Encodable {
            var file: String
            var seed: UInt64
            var width: Int
            var height: Int
        }
        var pictures: [Picture]
        var contactSheet: String?
        var notes: [String]
        var summary: GenerationSummary?
    }

    private let slug: String
    private let folder: OutputFolder
    private let progress: ProgressLine
    private var result = Result(pictures: [], notes: [])
    private var images: [ImageBuffer] = []

    init(slug: String, folder: OutputFolder, progress: ProgressLine) {
        self.slug = slug
        self.folder = folder
        self.progress = progress
    }

    mutating func handle(_ event: ImageEvent) throws {
        switch event {
        case .queued, .preview:
            break
        case .loading(let model):
            progress.show("loading \(model)", stage: "loading \(model)", fraction: 0)
        case .note(let note):
            progress.clear()
            Terminal.error.line("limn: note: \(note)")
            result.notes.append("\(note)")
        case .progress(let step):
            progress.show("\(step.stage) \(step.step)/\(step.steps)", stage: step.stage, fraction: step.fraction)
        case .picture(let picture):
            let file = try folder.write(picture.image, name: "\(slug)-\(picture.seed)")
            images.append(picture.image)
            result.pictures.append(
                Result.Picture(
                    file: file.relativePath, seed: picture.seed, width: picture.image.width,
                    height: picture.image.height))
        case .finished(let summary):
            result.summary = summary
        }
    }

    /// Takes the progress line away, for an error's message.
    func abandon() { progress.clear() }

    /// Draws the contact sheet of more than one picture and prints what was made.
    mutating func finish(json: Bool) throws {
        progress.clear()
        if images.count > 1, let first = result.pictures.first {
            let sheet = try ContactSheet().draw(images, captions: result.pictures.map { "\($0.seed)" })
            result.contactSheet = try folder.write(sheet, name: "\(slug)-\(first.seed)-sheet").relativePath
        }
        if json {
            Terminal.output.json(result)
        } else {
            for picture in result.pictures { Terminal.output.line(picture.file) }
            if let sheet = result.contactSheet { Terminal.output.line(sheet) }
        }
    }
}

/// A folder that pictures are written into, each under a name that was free.
struct OutputFolder {
    private let url: URL

    /// Makes the folder where there is none, and finds out whether it can be written to.
    ///
    /// - Throws: `ImageError.unwritable`.
    init(_ url: URL) throws {
        self.url = url
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) {
            guard isFolder.boolValue else {
                throw ImageError.unwritable(path: url.relativePath, reason: "it is a file")
            }
        } else {
            do {
                try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            } catch {
                throw ImageError.unwritable(path: url.relativePath, reason: "the folder cannot be made")
            }
        }
        guard access(url.path, W_OK | X_OK) == 0 else {
            throw ImageError.unwritable(path: url.relativePath, reason: String(cString: strerror(errno)))
        }
    }

    /// Writes a PNG file as `NAME.png`, or `NAME-2.png` and so on where that name is taken.
    func write(_ image: ImageBuffer, name: String) throws -> URL {
        var file = url.appending(path: "\(name).png")
        var number = 2
        while FileManager.default.fileExists(atPath: file.path) {
            file = url.appending(path: "\(name)-\(number).png")
            number += 1
        }
        try image.write(to: file, as: .png)
        return file
    }

    /// A prompt as a file name: letters and digits, at most 40 of them, words joined by hyphens.
    static func slug(_ text: String) -> String {
        let words = text.lowercased().split { !($0.isLetter || $0.isNumber) }
        var slug = ""
        for word in words {
            let longer = slug.isEmpty ? String(word) : "\(slug)-\(word)"
            guard longer.count <= 40, longer.utf8.count <= 120 else { break }
            slug = longer
        }
        if slug.isEmpty { slug = words.first.map { String($0.prefix(40)) } ?? "picture" }
        return slug.utf8.count <= 160 ? slug : "picture"
    }
}
