import Foundation
import Hummingbird
import Service

/// `/v1/models`: the installed models, and `dall-e-2`, which is the default one.
struct ModelEndpoints: Sendable {
    let jobs: Jobs

    /// Models have no date of their own; this is DALL·E 2's.
    private static let created = 1_667_260_800

    func add(to router: some RouterMethods<ServerContext>) {
        router.get("/models") { (_: Request, context: ServerContext) -> Response in
            _ = try context.caller(.models)
            return Response.api(["object": "list", "data": .array(await names.map(Self.json))])
        }
        router.get("/models/:id") { (_: Request, context: ServerContext) -> Response in
            _ = try context.caller(.models)
            let name = context.parameters.get("id")?.removingPercentEncoding ?? ""
            guard await names.contains(name) else { throw APIError.unknownModel(name) }
            return Response.api(Self.json(name))
        }
    }

    private var names: [String] { get async { [Jobs.alias] + (await jobs.models()).map(\.name) } }

    private static func json(_ name: String) -> JSONValue {
        ["id": .string(name), "object": "model", "created": .integer(created), "owned_by": "limn"]
    }
}
