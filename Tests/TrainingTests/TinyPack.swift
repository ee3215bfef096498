import Foundation

@testable import Training

/// A folder that goes when the test ends.
final class TemporaryFolder {
    let url: URL
    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "limn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(at: url) }

    func callAsFunction(_ name: String) -> URL { url.appending(path: name) }
}

/// Flat discs of a few colours with captions that name them: enough to learn something from in a second.
enum TinyPack {
    static let colors: [(name: String, rgb: [UInt8])] = [
        ("red", [220, 30, 30]), ("green", [30, 160, 60]), ("blue", [40, 70, 220]), ("yellow", [240, 220, 50]),
    ]

    static func write(to folder: URL, sizes: [Int] = [16, 32], count: Int = 24, heldOut: [String] = []) throws {
        let writer = try PackWriter(folder: folder, sizes: sizes)
        for i in 0..<count {
            let color = colors[i % colors.count]
            let row = PackedRow(
                id: "disc-\(i)", captions: ["\(color.name) disc", "a disc in \(color.name)"], style: "flat icon",
                keywords: ["round"], group: i % 2 == 0 ? "Shapes/disc" : "Flags/disc",
                split: i % 6 == 5 ? "val" : "train")
            try writer.append(row) { size in disc(size: size, color.rgb, radius: 0.25 + 0.02 * Double(i % 5)) }
        }
        for caption in heldOut {
            let row = PackedRow(
                id: caption, captions: [caption], style: "flat icon", keywords: [], group: "Shapes/disc",
                split: "heldout")
            try writer.append(row) { size in disc(size: size, colors[0].rgb, radius: 0.3) }
        }
        try writer.finish()
    }

    private static func disc(size: Int, _ rgb: [UInt8], radius: Double) -> [UInt8] {
        (0..<size * size).flatMap { place -> [UInt8] in
            let x = (Double(place % size) + 0.5) / Double(size) - 0.5
            let y = (Double(place / size) + 0.5) / Double(size) - 0.5
            return x * x + y * y < radius * radius ? rgb + [255] : [0, 0, 0, 0]
        }
    }
}
