import Foundation

/// The recordings that the repository carries itself, in the fixtures' format; made by `scripts/goldens`.
public enum Goldens {
    public static func folder(_ name: String) -> URL {
        URL(filePath: #filePath).appending(path: "../../../Tests/Goldens/\(name)").standardizedFileURL
    }
}
