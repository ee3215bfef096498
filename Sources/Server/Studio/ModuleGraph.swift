import Foundation

/// Which of the page's modules import which: what a browser would find out one level after another.
struct ModuleGraph: Sendable {
    private let imports: [String: [String]]

    /// - Parameter sources: the text of each module by its path, such as `pages/create.js`.
    init(sources: [String: String]) {
        imports = Dictionary(
            uniqueKeysWithValues: sources.map { path, text in
                // What is imported when it is needed, `import("…")`, is no part of the graph.
                let named = text.matches(of: /(?m)^import\s+(?:[^"()]+\s+from\s+)?"([^"]+)"/).map { String($0.1) }
                return (path, named.map { Self.resolve($0, from: path) })
            })
    }

    /// The modules themselves and all that they import, directly or through others; each once, nearest first.
    func everything(from roots: [String]) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        var waiting = roots[...]
        while let path = waiting.popFirst() {
            guard seen.insert(path).inserted else { continue }
            found.append(path)
            waiting += imports[path] ?? []
        }
        return found
    }

    /// "../base/dom.js" in "pages/create.js" is "base/dom.js".
    private static func resolve(_ name: String, from path: String) -> String {
        let folder = URL(filePath: "/" + path).deletingLastPathComponent()
        return String(folder.appending(path: name).standardized.path.dropFirst())
    }
}
