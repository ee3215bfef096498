import Foundation
import Testing

/// The folder of reference fixtures: `$LIMN_FIXTURES`, or `shared/fixtures` beside the repository or above it.
///
/// A test that needs one says `@Test(.fixtures("karlo-tiny"))` and opens it with `try Fixtures.folder("karlo-tiny")`.
/// Without the folder it is skipped, except under continuous integration (`CI=true`), where it runs and fails.
public enum Fixtures {
    public struct Missing: Error, CustomStringConvertible {
        public let name: String
        public var description: String {
            "fixtures \"\(name)\" not found; put them in ../shared/fixtures or set LIMN_FIXTURES"
        }
    }

    public static func canRun(_ name: String) -> Bool {
        isContinuousIntegration || (try? folder(name)) != nil
    }

    public static func folder(_ name: String) throws -> URL {
        guard let url = root?.appending(path: name), FileManager.default.fileExists(atPath: url.path) else {
            throw Missing(name: name)
        }
        return url
    }

    static let isContinuousIntegration = ProcessInfo.processInfo.environment["CI"] == "true"

    private static let root: URL? = {
        if let path = ProcessInfo.processInfo.environment["LIMN_FIXTURES"] { return URL(filePath: path) }
        var folder = URL(filePath: #filePath)
        while folder.pathComponents.count > 1 {
            folder.deleteLastPathComponent()
            let candidate = folder.appending(path: "shared/fixtures")
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
        }
        return nil
    }()
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where the fixtures of that name are not to be had.
    public static func fixtures(_ name: String) -> Self {
        .enabled(if: Fixtures.canRun(name), Comment(rawValue: Fixtures.Missing(name: name).description))
    }
}
