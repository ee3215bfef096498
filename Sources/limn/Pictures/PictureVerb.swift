import ArgumentParser
import Foundation
import ImageGeneration
import Imaging
import Pipelines

/// A verb that makes pictures. It says what from; everything else is shared.
protocol PictureVerb: AsyncParsableCommand, Sendable {
    var output: OutputOptions { get }

    /// Reads what the pictures are made from.
    func order() throws -> PictureOrder
}

extension PictureVerb {
    func run() async throws { try await perform() }

    /// Makes what was ordered.
    func perform() async throws {
        try await reporting(json: output.json) {
            let order = try order()
            try order.request.validate()
            try await output.draw(order)
        }
    }
}

/// Pictures to make, and how they are called and shown.
struct PictureOrder: Sendable {
    var request: ImageRequest
    /// What the files' names begin with.
    var slug: String
    /// The files that the request was made from, in the order of a recipe's inputs.
    var inputs: [InputFile] = []
    /// What stands under each frame of a series on the contact sheet.
    var frames: [String] = []
    var animation: ImageAnimation.Format?
    /// What was known before anything was drawn.
    var notes: [String] = []
    /// The digest of the model that the pictures should be drawn with; another one is worth a note.
    var modelDigest: String?
}

extension PictureOrder {
    /// - Parameter count: where the options say none.
    init(
        _ task: ImageTask, _ options: PictureOptions, slug: String, count: Int = 4, size: PictureSize? = nil,
        candidates: Int? = nil
    ) {
        request = ImageRequest(
            task, model: options.model, count: options.count ?? count, size: size, seed: options.seed,
            preset: options.settings.preset, stages: options.settings.stages, candidates: candidates)
        self.slug = OutputFolder.slug(slug)
    }
}

extension OutputOptions {
    /// Draws an order with the engine in this process and writes what comes.
    func draw(_ order: PictureOrder) async throws {
        let (device, dtype) = try engine.resolved()
        let folder = try OutputFolder(URL(filePath: out), format: format)
        let generator = LocalImageGenerator(
            library: .standard(), options: .init(device: device, dtype: dtype, residency: engine.residency))
        var session = PictureSession(order, folder: folder, progress: ProgressLine(isShown: !quiet))
        do {
            for try await event in generator.generate(order.request) { try session.handle(event) }
            try Task.checkCancellation()
        } catch {
            session.abandon()
            // The process must not end under a step that is still being computed.
            await generator.drain()
            throw error
        }
        try session.finish(json: json)
    }
}

/// A picture that was read from a file.
struct InputFile: Sendable {
    let url: URL
    let picture: ImageBuffer

    /// - Throws: `ImageError`.
    init(_ path: String) throws { try self.init(URL(filePath: path)) }

    init(_ url: URL) throws {
        self.url = url
        picture = try ImageBuffer(contentsOf: url)
    }

    /// Without its folder: what a recipe may know of it.
    var name: String { url.lastPathComponent }

    /// Without folder and extension.
    var stem: String { url.deletingPathExtension().lastPathComponent }

    /// As a mask: its alpha.
    var mask: Mask { get throws { try Mask(alphaOf: picture) } }
}
