import Checkpoints
import Foundation
import HubCache
import ImageGeneration

/// Where models are looked for by name: folders of models, and the cache of what was pulled from the hub.
public struct ModelLibrary: Hashable, Sendable {
    /// In the order in which they are searched; those that do not exist are passed over.
    public var roots: [URL]
    /// The hub's cache, in which models have the names of their repositories.
    public var hub: HubCache?
    /// The model of a request that names none.
    public var defaultModel: String

    public init(roots: [URL], hub: HubCache? = nil, defaultModel: String = "limn-mini") {
        self.roots = roots
        self.hub = hub
        self.defaultModel = defaultModel
    }

    /// `LIMN_MODELS` (folders separated by colons), `Models` beside the executable or above it, and the user's data folder;
    /// the hub's cache where `HubSettings` finds it.
    public static func standard(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        executable: URL? = Bundle.main.executableURL
    ) -> ModelLibrary {
        let named = (environment["LIMN_MODELS"] ?? "").split(separator: ":").map { URL(filePath: String($0)) }
        var library = ModelLibrary(
            roots: named + [bundled(beside: executable), userFolder(environment)].compactMap { $0 },
            hub: HubSettings(environment: environment).cache)
        if let model = environment["LIMN_MODEL"], !model.isEmpty { library.defaultModel = model }
        return library
    }

    /// The folder of a model.
    ///
    /// - Parameter model: a name in one of the roots, a folder's path, or `OWNER/NAME` or `OWNER/NAME@REVISION` of a
    ///   repository that was pulled; nil for the default model.
    /// - Throws: `GenerationError` of kind `.unknownModel`.
    public func folder(of model: String?) throws(GenerationError) -> URL { try locate(model).folder }

    /// The model of a name or path, as `folder(of:)` takes it.
    public func locate(_ model: String?) throws(GenerationError) -> InstalledModel {
        let model = model ?? defaultModel
        if !model.contains("/") && !model.hasPrefix(".") {
            let found = roots.lazy.map { InstalledModel(folder: $0.appending(path: model)) }.first(where: \.isModel)
            if let found { return found }
        }
        let folder = InstalledModel(folder: URL(filePath: model))
        if folder.isModel { return folder }
        if let pulled = pulled(model) { return pulled }
        throw GenerationError(.unknownModel, parameter: "model", unknown(model))
    }

    private func pulled(_ model: String) -> InstalledModel? {
        let parts = model.split(separator: "@", maxSplits: 1).map(String.init)
        guard let name = parts.first, let id = RepositoryID(name), let hub else { return nil }
        return InstalledModel(hub.repository(id), revision: parts.count == 2 ? parts[1] : "main")
    }

    private func unknown(_ model: String) -> String {
        if ModelCatalogue.published.model(model) != nil || RepositoryID(model) != nil {
            return "the model '\(model)' is not installed; `limn models pull \(model)` fetches it"
                + (names.isEmpty ? "" : "; installed are \(names.joined(separator: ", "))")
        }
        return "there is no model '\(model)': no folder of that name holds a model_index.json; "
            + (names.isEmpty ? "no models are installed" : "installed are \(names.joined(separator: ", "))")
    }

    /// All models in the roots, and those in the hub's cache that Limn can run, sorted by name.
    public var installed: [InstalledModel] {
        let local = roots.flatMap { root in
            ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? [])
                .filter { !$0.hasPrefix(".") }
                .map { InstalledModel(folder: root.appending(path: $0)) }.filter(\.isModel)
        }
        let pulled = (hub?.repositories ?? []).compactMap { InstalledModel($0) }.filter(Self.hasFamily)
        // Of two models of one name the first root's is used.
        let first = Dictionary((local + pulled).map { ($0.name, $0) }) { first, _ in first }
        return first.values.sorted { $0.name < $1.name }
    }

    /// The names of all installed models, sorted.
    public var names: [String] { installed.map(\.name) }

    /// Other programs keep models of other kinds in the same cache.
    private static func hasFamily(_ model: InstalledModel) -> Bool {
        guard let folder = try? model.files() else { return false }
        return (try? Families.family(of: folder)) != nil
    }

    /// The user's own folder of models, into which new ones are put: `limn/models` in `XDG_DATA_HOME`.
    public static func userFolder(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> URL? {
        if let data = environment["XDG_DATA_HOME"], !data.isEmpty {
            return URL(filePath: data).appending(path: "limn/models")
        }
        return FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask).first?
            .appending(path: "limn/models")
    }

    private static func bundled(beside executable: URL?) -> URL? {
        guard var folder = executable?.resolvingSymlinksInPath().deletingLastPathComponent() else { return nil }
        while folder.pathComponents.count > 1 {
            let models = folder.appending(path: "Models")
            if FileManager.default.fileExists(atPath: models.path) { return models }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}
