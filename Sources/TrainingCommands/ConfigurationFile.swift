import Foundation
import Training

/// A JSON configuration: what it says, and its bytes, by which a run recognises it.
public enum ConfigurationFile {
    /// - Throws: `TrainingError` with the key that is missing or wrong.
    public static func read<Config: Decodable>(_ file: URL) throws -> (Config, Data) {
        let name = file.lastPathComponent
        guard let data = try? Data(contentsOf: file) else {
            throw TrainingError.unreadable(file: name, reason: "there is no such file, or it may not be read")
        }
        do {
            return (try JSONDecoder().decode(Config.self, from: data), data)
        } catch let DecodingError.keyNotFound(key, context) {
            throw TrainingError.badConfiguration(key: path(context, key), expected: "present")
        } catch let DecodingError.typeMismatch(type, context) {
            throw TrainingError.badConfiguration(key: path(context), expected: "of type \(type)")
        } catch let DecodingError.valueNotFound(type, context) {
            throw TrainingError.badConfiguration(key: path(context), expected: "of type \(type), not null")
        } catch DecodingError.dataCorrupted {
            throw TrainingError.unreadable(file: name, reason: "it is not JSON")
        }
    }

    private static func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
        (context.codingPath + [key].compactMap { $0 }).map(\.stringValue).joined(separator: ".")
    }
}
