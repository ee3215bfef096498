import ImageGeneration

/// A model that the server draws with.
public struct ServedModel: Sendable {
    public var name: String
    public var capabilities: Capabilities
    public var isDefault: Bool
    /// Whether it was drawn with since its engine's memory was given back last.
    public var isWarm: Bool
}

/// The models of all engines, by name.
actor ModelCatalog {
    private let engines: [Engine]
    /// By lane, the default model first.
    private var names: [Int: [String]] = [:]
    private var capabilities: [String: Capabilities] = [:]
    private var warm: [Int: Set<String>] = [:]

    init(engines: [Engine]) { self.engines = engines }

    /// Asks the engines again. Models whose description cannot be read are left out.
    func refresh() async throws {
        var known: [String: Capabilities] = [:]
        for (lane, engine) in engines.enumerated() {
            var usable: [String] = []
            for name in try await engine.generator.models() {
                guard let found = try? await engine.generator.capabilities(of: name) else { continue }
                known[name] = known[name] ?? found
                usable.append(name)
            }
            names[lane] = usable
        }
        capabilities = known
    }

    func models(of lane: Int) -> Set<String> { Set(names[lane] ?? []) }

    var all: [ServedModel] {
        var seen: Set<String> = []
        let isWarm = warm.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        return engines.indices.flatMap { names[$0] ?? [] }.filter { seen.insert($0).inserted }.compactMap { name in
            capabilities[name].map {
                ServedModel(
                    name: name, capabilities: $0, isDefault: name == defaultName, isWarm: isWarm.contains(name))
            }
        }
    }

    private var defaultName: String? { engines.indices.lazy.compactMap { self.names[$0]?.first }.first }

    /// - Parameters:
    ///   - name: nil for the default model, or, where that one cannot do the task, the first that can.
    ///   - task: what is to be done; nil: anything.
    /// - Throws: `GenerationError.unknownModel`.
    func model(_ name: String?, for task: TaskKind? = nil) async throws -> ServedModel {
        if let model = find(name, task) { return model }
        try await refresh()
        guard let model = find(name, task) else {
            throw GenerationError(
                .unknownModel, parameter: "model",
                name == nil ? "no model is installed" : "there is no model of this name; ask for the list of models")
        }
        return model
    }

    private func find(_ name: String?, _ task: TaskKind?) -> ServedModel? {
        if let name { return all.first { $0.name == name } }
        // The default model comes first.
        let able = all.first { model in task.map(model.capabilities.tasks.contains) ?? true }
        return able ?? all.first
    }

    func noteWarm(_ model: String, lane: Int) { warm[lane, default: []].insert(model) }

    func noteUnloaded(_ lane: Int) { warm[lane] = nil }
}

extension Capabilities {
    /// Refuses what this model does not do, before anything is stored or loaded.
    func check(_ request: ImageRequest) throws(GenerationError) {
        guard tasks.contains(request.task.kind) else {
            throw .unsupported("task", "this model cannot do \(request.task.kind.rawValue)")
        }
        if let size = request.size, !sizes.contains(size) {
            throw .unsupported(
                "size", "'\(size)' is not one of \(sizes.map { "'\($0)'" }.joined(separator: ", "))")
        }
        if let preset = request.preset, !presets.contains(preset) {
            throw .unsupported("preset", "this model has the presets \(presets.joined(separator: ", "))")
        }
        for name in request.stages.keys.sorted() where !stages.contains(where: { $0.name == name }) {
            throw .unsupported(
                "stages", "this model has the stages \(stages.map(\.name).joined(separator: ", "))")
        }
    }
}
