import Checkpoints
import Foundation
import HubCache
import ImageGeneration

/// Makes an installed model of files on the disk: of a folder in the diffusers layout, or of networks' weights that take
/// the place of those of a model that is installed.
public struct ModelImport: Sendable {
    /// A file of the new model.
    public struct Entry: Hashable, Sendable {
        public var source: URL
        /// Relative to the model's folder.
        public var path: String
    }

    public let name: String
    public let entries: [Entry]
    /// What was recognised: a component's name for each file of weights that was given; empty for a whole model.
    public let recognized: [String: String]

    /// Looks at files without copying any.
    ///
    /// - Parameters:
    ///   - sources: a model's folder; or weights, or a folder of weights.
    ///   - name: what the model will be called; by default as the first source is.
    ///   - like: the model that the weights belong to; nil: the installed one whose networks have the same names and shapes.
    /// - Throws: `CheckpointError`, `GenerationError`.
    public init(_ sources: [URL], name: String? = nil, like: String? = nil, in library: ModelLibrary) throws {
        let first = sources.first?.deletingPathExtension().lastPathComponent ?? ""
        self.name = name ?? first
        guard Self.isName(self.name) else {
            throw CheckpointError(.notAModel, file: self.name, "cannot be a model's name; give one with --name")
        }
        if sources.count == 1, InstalledModel(folder: sources[0]).isModel {
            entries = Self.files(of: sources[0])
            recognized = [:]
            return
        }
        let weights = try sources.flatMap(Self.weights)
        let candidates = try like.map { [try library.locate($0)] } ?? library.installed
        let base = try Self.base(for: weights, among: candidates)
        recognized = base.components
        let replaced = Set(base.components.values)
        let kept = Self.files(of: base.model.folder).filter { entry in
            let component = entry.path.split(separator: "/").first.map(String.init) ?? ""
            return !(replaced.contains(component) && Self.isWeights(entry.path))
        }
        entries =
            kept
            + weights.map { file in
                let component = base.components[file.lastPathComponent] ?? ""
                let name = Self.weightsName(component, in: base.model)
                return Entry(source: file, path: "\(component)/\(name).\(file.pathExtension)")
            }
    }

    /// Puts the files into a folder of models: as hard links where the disk is the same, else as copies.
    ///
    /// - Parameter copies: never links, so that the model is not changed when the original file is.
    /// - Returns: the model's folder.
    /// - Throws: `CheckpointError`, also when there is a model of that name; `GenerationError` when the files are no model.
    public func run(into root: URL, copies: Bool = false) throws -> URL {
        let files = FileManager.default
        let place = root.appending(path: name)
        guard !files.fileExists(atPath: place.path) else {
            throw CheckpointError(.unwritable, file: name, "is there already; remove it first, or give another --name")
        }
        let beside = root.appending(path: ".\(name).\(UUID().uuidString.prefix(8))")
        do {
            for entry in entries {
                let target = beside.appending(path: entry.path)
                try files.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                let source = entry.source.resolvingSymlinksInPath()
                guard copies || link(source.path, target.path) != 0 else { continue }
                try files.copyItem(at: source, to: target)
            }
            try rename(beside.appending(path: "limn.json"))
            _ = try ModelRegistry.describe(InstalledModel(folder: beside))
            guard move(beside, place) else {
                throw CheckpointError(.unwritable, file: name, String(cString: strerror(errno)))
            }
        } catch {
            try? files.removeItem(at: beside)
            guard error is CheckpointError || error is GenerationError else {
                throw CheckpointError(.unwritable, file: name, "cannot be made: \(error.localizedDescription)")
            }
            throw error
        }
        return place
    }

    /// Gives the manifest, where there is one, the model's own name; digests of files that were replaced go. The file is
    /// written anew: the one that it may be linked to stays as it is.
    private func rename(_ manifest: URL) throws {
        guard FileManager.default.fileExists(atPath: manifest.path) else { return }
        guard case .object(var members) = try JSON(file: manifest, name: "limn.json") else { return }
        members["name"] = .string(name)
        if !recognized.isEmpty { members["digests"] = nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(encoder.encode(JSON.object(members)), to: manifest, name: "limn.json")
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && name.utf8.count < 200 && !name.contains("/") && !name.contains("\0")
    }

    /// All files of a model's folder but hidden ones.
    private static func files(of folder: URL) -> [Entry] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        return paths.sorted().compactMap { path in
            let source = folder.appending(path: path)
            let facts = try? FileManager.default.attributesOfItem(atPath: source.resolvingSymlinksInPath().path)
            let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
            guard !isHidden, facts?[.type] as? FileAttributeType == .typeRegular else { return nil }
            return Entry(source: source, path: path)
        }
    }

    private static let formats: Set<String> = ["safetensors", "bin", "pt", "ckpt", "msgpack"]

    private static func isWeights(_ path: String) -> Bool {
        formats.contains((path as NSString).pathExtension) || path.contains(".safetensors.index.")
    }

    /// The files of weights in a folder, or the file itself.
    private static func weights(_ source: URL) throws -> [URL] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder) else {
            throw CheckpointError(.missingFile, file: source.lastPathComponent, "there is no such file or folder")
        }
        guard isFolder.boolValue else { return [source] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: source.path)) ?? []
        let found = names.filter { isWeights($0) && !$0.hasPrefix(".") }.sorted().map { source.appending(path: $0) }
        guard !found.isEmpty else {
            throw CheckpointError(
                .notAModel, file: source.lastPathComponent,
                "has neither a model_index.json nor weights: \(formats.sorted().joined(separator: ", "))")
        }
        return found
    }

    /// Without its ending, which says the format.
    private static func weightsName(_ component: String, in model: InstalledModel) -> String {
        let folder = model.folder.appending(path: component)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let isDiffusers = names.contains { $0.hasPrefix("diffusion_pytorch_model") }
        return isDiffusers ? "diffusion_pytorch_model" : "model"
    }
}

/// `rename(2)`, which the method of the same name hides.
private func move(_ source: URL, _ target: URL) -> Bool { rename(source.path, target.path) == 0 }
