import Foundation
import ImageGeneration

/// The folders in which models are looked for by name.
public struct ModelLibrary: Hashable, Sendable {
    /// In the order in which they are searched; those that do not exist are passed over.
    public var roots: [URL]
    /// The model of a request that names none.
    public var defaultModel: String

    public init(roots: [URL], defaultModel: String = "limn-mini") {
        self.roots = roots
        self.defaultModel = defaultModel
    }

    /// `LIMN_MODELS` (folders separated by colons), `Models` beside the executable or above it, and the user's data folder.
    public static func standard(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        executable: URL? = Bundle.main.executableURL
    ) -> ModelLibrary {
        let named = (environment["LIMN_MODELS"] ?? "").split(separator: ":").map { URL(filePath: String($0)) }
        var library = ModelLibrary(
            roots: named + [bundled(beside: executable), userFolder(environment)].compactMap { $0 })
        if let model = environment["LIMN_MODEL"], !model.isEmpty { library.defaultModel = model }
        return library
    }

    /// The folder of a model.
    ///
    /// - Parameter model: a name in one of the roots, or a folder's path; nil for the default model.
    /// - Throws: `GenerationError` of kind `.unknownModel`.
    public func folder(of model: String?) throws(GenerationError) -> URL {
        let model = model ?? defaultModel
        if !model.contains("/") && !model.hasPrefix(".") {
            if let folder = roots.lazy.map({ $0.appending(path: model) }).first(where: Self.isModel) { return folder }
        }
        let folder = URL(filePath: model)
        guard Self.isModel(folder) else {
            let known = names
            throw GenerationError(
                .unknownModel, parameter: "model",
                "there is no model '\(model)': no folder of that name holds a model_index.json; "
                    + (known.isEmpty ? "no models are installed" : "installed are \(known.joined(separator: ", "))"))
        }
        return folder
    }

    /// The names of all models in the roots, sorted.
    public var names: [String] {
        let found = roots.flatMap { root in
            ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? [])
                .filter { Self.isModel(root.appending(path: $0)) }
        }
        return Set(found).sorted()
    }

    private static func isModel(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "model_index.json").path)
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

    private static func userFolder(_ environment: [String: String]) -> URL? {
        if let data = environment["XDG_DATA_HOME"], !data.isEmpty {
            return URL(filePath: data).appending(path: "limn/models")
        }
        return FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask).first?
            .appending(path: "limn/models")
    }
}
