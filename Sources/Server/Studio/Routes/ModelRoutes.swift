import Hummingbird
import ImageGeneration
import Service

/// What can be asked for: `GET /api/models`.
struct ModelRoutes: Sendable {
    let jobs: Jobs

    private struct View: Encodable {
        struct Stage: Encodable {
            var name: String
            var steps: Int
            var guidance: Double?
        }

        var id: String
        var isDefault: Bool
        var native: String
        var sizes: [String]
        var tasks: [String]
        var presets: [String]
        var stages: [Stage]

        private enum CodingKeys: String, CodingKey {
            case id, native, sizes, tasks, presets, stages
            case isDefault = "default"
        }

        init(_ model: ServedModel) {
            let capabilities = model.capabilities
            id = model.name
            isDefault = model.isDefault
            native = capabilities.nativeSize.description
            sizes = capabilities.sizes.map(\.description)
            tasks = capabilities.tasks.map(\.rawValue).sorted()
            presets = capabilities.presets
            stages = capabilities.stages.map { Stage(name: $0.name, steps: $0.steps, guidance: $0.guidance) }
        }
    }

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.get("/models") { [jobs] _, context in
            _ = try context.user
            return try Response.json(["models": await jobs.models().map { View($0) }])
        }
    }
}
