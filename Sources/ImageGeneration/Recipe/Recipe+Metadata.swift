import Crypto
import Foundation
import Imaging

/// What this is a version of.
public enum LimnVersion {
    public static let current = "0.2.0"
}

extension Recipe {
    /// The metadata's key in a picture's file.
    public static let metadataKey = "limn.recipe"

    /// As the text that travels in a picture's file; the same recipe is the same text.
    public var metadata: [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(self) else { return [:] }
        return [Self.metadataKey: String(decoding: json, as: UTF8.self), "Software": "Limn \(limn)"]
    }

    /// The recipe in a picture's metadata.
    /// - Throws: `GenerationError` of kind `.invalidRequest` where there is none, or none that can be read.
    public init(metadata: [String: String]) throws(GenerationError) {
        guard let text = metadata[Self.metadataKey] else {
            throw .invalid(
                "recipe",
                "the picture carries no recipe: Limn did not draw it, or another program left it out when it saved it")
        }
        do {
            self = try JSONDecoder().decode(Recipe.self, from: Data(text.utf8))
        } catch {
            throw .invalid("recipe", "the picture's recipe cannot be read: it is damaged, or of a newer Limn")
        }
    }
}

extension ImageBuffer {
    /// SHA-256 of the pixels in hexadecimal: of the text "WIDTHxHEIGHTxCHANNELS\n" and the samples behind it.
    public var digest: String {
        var hash = SHA256()
        hash.update(data: Data("\(width)x\(height)x\(channels)\n".utf8))
        samples.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().map { String(format: "%02x", $0) }.joined()
    }
}
