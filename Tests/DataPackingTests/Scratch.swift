import DataPacking
import Foundation
import Imaging
import Training

/// A folder for one test, removed with it.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "limn-packing-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var pack: URL { folder.appending(path: "out/pack") }

    @discardableResult
    func write(_ bytes: Data, _ path: String) throws -> URL {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
        return file
    }

    @discardableResult
    func write(_ text: String, _ path: String) throws -> URL { try write(Data(text.utf8), path) }

    /// Everything in the output's folder, hidden files too.
    var output: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "out").path)
        return (names ?? []).sorted()
    }

    /// Packs at one small size.
    @discardableResult
    func pack(_ sources: URL..., change: (inout PackingOptions) -> Void = { _ in }) async throws -> PackingReport {
        var options = PackingOptions()
        options.sizes = [4]
        change(&options)
        return try await Packer.pack(sources, to: pack, options: options)
    }
}

/// Encoded pictures of one colour.
enum Sample {
    static let red = Color(red: 255, green: 0, blue: 0)
    static let blue = Color(red: 0, green: 0, blue: 255)

    static func png(_ color: Color = red, width: Int = 6, height: Int = 6) throws -> Data {
        try ImageBuffer(width: width, height: height, color: color).encoded(as: .png)
    }

    static func webp(_ color: Color) throws -> Data {
        try ImageBuffer(width: 6, height: 6, color: color).encoded(as: .webpLossless)
    }
}

extension PicturePack {
    /// The pixel at the middle: RGBA.
    func middle(_ index: Int) throws -> [UInt8] {
        let pixels = try pixels(index, size: sizes[0])
        let start = (pixels.size / 2 * pixels.size + pixels.size / 2) * 4
        return Array(pixels.bytes[start..<start + 4])
    }
}
