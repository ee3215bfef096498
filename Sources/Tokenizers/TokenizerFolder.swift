import Foundation

/// The files of a tokenizer, as transformers saves them.
struct TokenizerFolder {
    let url: URL

    func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: url.appending(path: name).path)
    }

    /// The file's bytes, or nil when there is no such file.
    func contents(_ name: String) throws -> Data? {
        guard has(name) else { return nil }
        do {
            return try Data(contentsOf: url.appending(path: name))
        } catch {
            throw TokenizerError(.missingFile, file: name, "cannot be read; check the file's permissions")
        }
    }

    func json<T: Decodable>(_ name: String, as type: T.Type) throws -> T? {
        guard let data = try contents(name) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw TokenizerError(.malformedFile, file: name, Self.explain(error))
        }
    }

    private static func explain(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "is not JSON" }
        let (keys, problem): ([any CodingKey], String) =
            switch error {
            case .typeMismatch(let type, let context): (context.codingPath, "expected \(type)")
            case .valueNotFound(let type, let context): (context.codingPath, "expected \(type), found null")
            case .keyNotFound(let key, let context): (context.codingPath, "\"\(key.stringValue)\" is missing")
            case .dataCorrupted(let context): (context.codingPath, "is not valid JSON or holds a number out of range")
            @unknown default: ([], "is not what a tokenizer file should be")
            }
        let path = keys.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? problem : "at \"\(path)\": \(problem)"
    }
}
