import Checkpoints
import Foundation

/// A component as a run leaves it: a folder with its configuration and, where it has any, its weights.
struct ExportedComponent: Equatable {
    /// Its name in the model folder.
    let name: String
    let folder: URL
    let className: String

    /// The files that a component can have, and the key of each that says its class.
    private static let descriptions = [
        ("config.json", ["_class_name", "architectures"]), ("scheduler_config.json", ["_class_name"]),
        ("tokenizer_config.json", ["tokenizer_class"]), ("preprocessor_config.json", ["image_processor_type"]),
    ]

    /// The components in a folder, in alphabetical order.
    ///
    /// - Throws: `AssemblyError`, `CheckpointError`
    static func all(in source: URL) throws -> [ExportedComponent] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: source.path)) ?? []
        let found = try names.sorted().compactMap {
            try ExportedComponent(name: $0, folder: source.appending(path: $0))
        }
        if found.isEmpty { throw AssemblyError.noComponents(folder: source.lastPathComponent) }
        return found
    }

    /// nil where the folder is no component's.
    private init?(name: String, folder: URL) throws {
        func exists(_ file: String) -> Bool {
            FileManager.default.fileExists(atPath: folder.appending(path: file).path)
        }
        guard let (file, keys) = Self.descriptions.first(where: { exists($0.0) }) else { return nil }
        let facts = try JSON(file: folder.appending(path: file), name: "\(name)/\(file)", nonFinite: true)
        let values = keys.compactMap { facts[$0] }.compactMap { $0.string ?? $0.array?.first?.string }
        guard let className = values.first else {
            throw AssemblyError.unknownClass(component: name, expected: keys.joined(separator: " or ") + " in \(file)")
        }
        self.name = UnCLIPLayout.renamed[name] ?? name
        self.folder = folder
        self.className = className
    }

    /// Its files, in alphabetical order.
    func files() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
            .map { folder.appending(path: $0) }
    }

    /// Whether two folders hold the same bytes.
    func hasFiles(of other: ExportedComponent) throws -> Bool {
        let (own, others) = (try files(), try other.files())
        guard own.map(\.lastPathComponent) == others.map(\.lastPathComponent) else { return false }
        return zip(own, others).allSatisfy { FileManager.default.contentsEqual(atPath: $0.path, andPath: $1.path) }
    }
}
