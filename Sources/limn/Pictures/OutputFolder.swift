import Foundation
import ImageGeneration
import Imaging

/// A folder that pictures are written into, each under a name that was free.
struct OutputFolder {
    private let url: URL
    private let format: ImageFormat

    /// Makes the folder where there is none, and finds out whether it can be written to.
    ///
    /// - Throws: `ImageError.unwritable`.
    init(_ url: URL, format: ImageFormat = .png) throws {
        self.url = url
        self.format = format
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

    /// Writes a picture as `NAME.png`, or `NAME-2.png` and so on where that name is taken.
    /// - Returns: the file, and whether the metadata found room in it.
    func write(
        _ image: ImageBuffer, name: String, metadata: [String: String] = [:]
    ) throws -> (file: URL, isComplete: Bool) {
        let file = free(name, format.fileExtension)
        do {
            try image.write(to: file, as: format.lossless, metadata: metadata)
        } catch ImageError.invalidMetadata {
            // A picture without its recipe is better than none.
            try image.write(to: file, as: format.lossless)
            return (file, false)
        }
        return (file, true)
    }

    func write(_ animation: ImageAnimation, as format: ImageAnimation.Format, name: String) throws -> URL {
        let file = free(name, format.fileExtension)
        try animation.write(to: file, as: format)
        return file
    }

    private func free(_ name: String, _ fileExtension: String) -> URL {
        var file = url.appending(path: "\(name).\(fileExtension)")
        var number = 2
        while FileManager.default.fileExists(atPath: file.path) {
            file = url.appending(path: "\(name)-\(number).\(fileExtension)")
            number += 1
        }
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

extension ImageFormat {
    /// The encoding that keeps the pixels, where the format has one.
    fileprivate var lossless: ImageEncoding {
        switch self {
        case .png: .png
        case .webp: .webpLossless
        case .jpeg: .jpeg(quality: 95)
        }
    }
}
