import Foundation
import NN

/// A model in the diffusers layout: `model_index.json` names the components, each has a folder with its configuration
/// and, where it has any, its weights. `limn.json` beside it adds what the reference's files cannot say.
///
/// A folder without `model_index.json` is a model too if it lies as one of the given layouts says.
public struct ModelFolder: Sendable {
    /// The class of a component as `model_index.json` gives it: `["diffusers", "PriorTransformer"]`.
    public struct Component: Equatable, Sendable {
        public let library: String
        public let className: String
    }

    public let url: URL
    /// The reference's pipeline: `UnCLIPPipeline`.
    public let pipelineClass: String
    /// All components by name, those of the manifest among them.
    public let components: [String: Component]
    /// What `model_index.json` says besides its components.
    public let options: [String: JSON]
    public let manifest: ModelManifest?
    /// Nil: the diffusers layout.
    private let layout: FolderLayout?

    static let indexName = "model_index.json"
    static let manifestName = "limn.json"

    /// Whether there is a model in a folder, as far as file names tell.
    public static func exists(at url: URL, layouts: [FolderLayout] = []) -> Bool {
        url.has(indexName) || layouts.contains { $0.isPresent(in: url) }
    }

    /// Reads the index and the manifest. Components are looked at when they are asked for.
    ///
    /// - Parameter layouts: what a folder without an index is tried for.
    /// - Throws: `CheckpointError`.
    public init(_ url: URL, layouts: [FolderLayout] = []) throws {
        self.url = url
        manifest = try Self.readManifest(url)
        if !url.has(Self.indexName), let layout = layouts.first(where: { $0.isPresent(in: url) }) {
            self.layout = layout
            pipelineClass = layout.pipelineClass
            components = layout.components.filter { $0.value.isPresent(in: url) }.mapValues {
                Component(library: "limn", className: $0.className ?? layout.pipelineClass)
            }
            options = [:]
            return
        }
        layout = nil
        guard url.has(Self.indexName) else {
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
            throw CheckpointError(
                .notAModel, file: url.lastPathComponent,
                exists && isFolder.boolValue
                    ? "has no \(Self.indexName); a model is a folder in the diffusers layout"
                    : "there is no such folder")
        }
        let index = try JSON(file: url.appending(path: Self.indexName), name: Self.indexName)
        guard var members = index.object, let pipelineClass = members.removeValue(forKey: "_class_name")?.string else {
            throw CheckpointError(.malformed, file: Self.indexName, key: "_class_name", "is missing or not a string")
        }
        self.pipelineClass = pipelineClass
        var components: [String: Component] = [:]
        var options: [String: JSON] = [:]
        for (key, value) in members {
            guard let pair = value.array, !key.hasPrefix("_") else {
                options[key] = value
                continue
            }
            components[key] = try Self.component(key, pair)
        }
        for (key, className) in manifest?.components ?? [:] {
            guard key.isPlainFileName else {
                throw CheckpointError(.malformed, file: Self.manifestName, key: key, "is not the name of a folder")
            }
            components[key] = Component(library: "limn", className: className)
        }
        self.components = components
        self.options = options
    }

    /// `[null, null]` stands for a component that the model does without.
    private static func component(_ key: String, _ pair: [JSON]) throws -> Component? {
        if pair == [.null, .null] { return nil }
        let names = pair.compactMap(\.string)
        guard names.count == 2, pair.count == 2 else {
            throw CheckpointError(.malformed, file: indexName, key: key, "should be a library and a class")
        }
        guard key.isPlainFileName else {
            throw CheckpointError(.malformed, file: indexName, key: key, "is not the name of a folder")
        }
        return Component(library: names[0], className: names[1])
    }

    private static func readManifest(_ url: URL) throws -> ModelManifest? {
        guard url.has(manifestName) else { return nil }
        let manifest = try decode(ModelManifest.self, file: url.appending(path: manifestName), name: manifestName)
        guard manifest.format == 1 else {
            throw CheckpointError(
                .unsupported, file: manifestName, key: "format", "is \(manifest.format); this Limn reads format 1")
        }
        return manifest
    }

    /// The folder of a component.
    ///
    /// - Throws: `CheckpointError` when the index does not name the component or its folder is not there.
    public func folder(component: String) throws -> URL {
        let places = try places(component)
        guard let found = places.folders.first(where: { url.hasFolder($0) }) else {
            throw CheckpointError(.missingFile, file: component, "the component's folder is not there")
        }
        return found == "." ? url : url.appending(path: found)
    }

    /// Reads a component's configuration: `config.json`, `scheduler_config.json` or `preprocessor_config.json`.
    ///
    /// - Throws: `CheckpointError`, naming the file and the key.
    public func decode<T: Decodable>(_ type: T.Type = T.self, component: String) throws -> T {
        let names = try places(component).configurations
        if layout == nil { _ = try folder(component: component) }
        guard let file = names.first(where: url.has) ?? names.first else {
            throw CheckpointError(.missingFile, file: component, "the component has no configuration")
        }
        return try Self.decode(type, file: url.appending(path: file), name: file)
    }

    /// The weights of a component, in one file or in shards, in any format; float16 ones where there are no others.
    ///
    /// - Throws: `CheckpointError`.
    public func weights(component: String) throws -> any WeightSource & Sendable {
        let places = try places(component)
        if layout == nil { _ = try folder(component: component) }
        for path in WeightFiles.candidates(places.weights) where url.has(path) {
            let file = url.appending(path: path)
            guard !WeightFiles.isIndex(path) else { return try WeightShards(file, name: path) }
            let tensors = try TensorFile(file, name: path)
            return try places.keys.map(tensors.renamed) ?? tensors
        }
        throw CheckpointError(
            .missingFile, file: (places.weights.first ?? component) + ".safetensors", "no weights found")
    }

    /// Whether a file, by its path from the model's folder, belongs to a component.
    public func isPart(_ path: String, of component: String) -> Bool {
        guard let places = try? places(component) else { return false }
        return places.configurations.contains(path) || WeightFiles.candidates(places.weights).contains(path)
            || places.folders.contains { $0 != "." && path.hasPrefix($0 + "/") }
    }

    /// Where the files of a component may be.
    private func places(_ component: String) throws(CheckpointError) -> FolderLayout.Component {
        guard components[component] != nil else {
            throw CheckpointError(.missingKey, file: Self.indexName, key: component, "is not among the components")
        }
        return layout?.components[component] ?? .diffusers(component)
    }

    /// Reads a JSON file beside the index, such as `limn.json`.
    ///
    /// - Throws: `CheckpointError`, naming the file and the key.
    public func decode<T: Decodable>(_ type: T.Type = T.self, file: String) throws -> T {
        try Self.decode(type, file: url.appending(path: file), name: file)
    }

    static func decode<T: Decodable>(_ type: T.Type, file: URL, name: String) throws -> T {
        let data = try Data(configuration: file, name: name)
        do {
            let decoder = JSONDecoder()
            // Python writes -Infinity in schedulers' configurations, which plain JSON does not know.
            decoder.allowsJSON5 = true
            return try decoder.decode(type, from: data)
        } catch let error as DecodingError {
            throw CheckpointError(error, file: name)
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw CheckpointError(.invalidConfiguration, file: name, "\(error)")
        }
    }
}

extension CheckpointError {
    init(_ error: DecodingError, file: String) {
        func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String? {
            let keys = context.codingPath + (last.map { [$0] } ?? [])
            let names = keys.map { $0.intValue.map(String.init) ?? $0.stringValue }
            return names.isEmpty ? nil : names.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            self.init(.invalidConfiguration, file: file, key: path(context, key), "is missing")
        case .typeMismatch(let type, let context):
            self.init(.invalidConfiguration, file: file, key: path(context), "should be of type \(type)")
        case .valueNotFound(let type, let context):
            self.init(.invalidConfiguration, file: file, key: path(context), "is null; should be of type \(type)")
        case .dataCorrupted(let context):
            let isWhole = context.codingPath.isEmpty
            self.init(
                isWhole ? .malformed : .invalidConfiguration, file: file, key: path(context),
                isWhole ? "is not JSON" : context.debugDescription)
        @unknown default:
            self.init(.invalidConfiguration, file: file, "cannot be read")
        }
    }
}
