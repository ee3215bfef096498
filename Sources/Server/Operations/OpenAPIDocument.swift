import HTTPTypes

/// The API's description, made from the same tables that requests are checked by.
struct OpenAPIDocument {
    let version: String

    var json: JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for endpoint in Endpoint.all {
            paths[endpoint.path, default: [:]][endpoint.method.rawValue.lowercased()] = operation(endpoint)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Limn", "version": .string(version),
                "description": "Pictures from words, by OpenAI's Images API and a few things more.",
            ],
            "paths": .object(paths.mapValues(JSONValue.object)),
            "components": [
                "schemas": ["Error": Self.errorSchema],
                "securitySchemes": ["key": ["type": "http", "scheme": "bearer"]],
            ],
        ]
    }

    private func operation(_ endpoint: Endpoint) -> JSONValue {
        var operation: [String: JSONValue] = [
            "summary": .string(endpoint.summary), "responses": .object(responses(endpoint)),
        ]
        operation["security"] = endpoint.scope == nil ? [] : [["key": []]]
        let names = endpoint.path.split(separator: "/").filter { $0.hasPrefix("{") }
        if !names.isEmpty {
            operation["parameters"] = .array(
                names.map {
                    [
                        "name": .string(String($0.dropFirst().dropLast())), "in": "path", "required": true,
                        "schema": ["type": "string"],
                    ]
                })
        }
        if let schema = bodySchema(endpoint) {
            let type = endpoint.isForm ? "multipart/form-data" : "application/json"
            operation["requestBody"] = ["required": true, "content": [type: ["schema": schema]]]
        }
        return .object(operation)
    }

    private func responses(_ endpoint: Endpoint) -> [String: JSONValue] {
        var statuses = Set(endpoint.statuses)
        if endpoint.scope != nil { statuses.formUnion([401, 403]) }
        if endpoint.path == "/readyz" { statuses.insert(503) }
        let error: JSONValue = ["application/json": ["schema": ["$ref": "#/components/schemas/Error"]]]
        return statuses.reduce(into: [:]) { responses, status in
            responses["\(status)"] =
                status < 300
                ? ["description": "Done.", "content": content(endpoint)]
                : ["description": "Refused.", "content": error]
        }
    }

    private func content(_ endpoint: Endpoint) -> JSONValue {
        if endpoint.isEvents { return ["text/event-stream": [:]] }
        switch endpoint.path {
        case "/healthz", "/readyz", "/metrics": return ["text/plain": [:]]
        case "/docs": return ["text/html": [:]]
        default: break
        }
        var content: [String: JSONValue] = ["application/json": ["schema": ["type": "object"]]]
        if endpoint.fields.contains(where: { $0.name == "stream" }) { content["text/event-stream"] = [:] }
        return .object(content)
    }

    private func bodySchema(_ endpoint: Endpoint) -> JSONValue? {
        if endpoint.path == "/v1/moderations" { return Self.moderationSchema }
        guard !endpoint.fields.isEmpty else { return nil }
        return [
            "type": "object", "additionalProperties": false,
            "required": .strings(endpoint.fields.filter(\.isRequired).map(\.name)),
            "properties": .object(
                Dictionary(uniqueKeysWithValues: endpoint.fields.map { ($0.name, $0.schema(isForm: endpoint.isForm)) })),
        ]
    }

    private static let moderationSchema: JSONValue = [
        "type": "object", "additionalProperties": false, "required": ["input"],
        "properties": [
            "model": ["type": ["string", "null"]],
            "input": [
                "anyOf": [
                    ["type": "string"],
                    [
                        "type": "array", "minItems": 1, "maxItems": .integer(ModerationEndpoint.mostInputs),
                        "items": ["type": "string"],
                    ],
                    [
                        "type": "array", "minItems": 1, "maxItems": .integer(ModerationEndpoint.mostInputs),
                        "items": [
                            "type": "object", "required": ["type"],
                            "properties": ["type": ["enum": ["text", "image_url"]]],
                        ],
                    ],
                ]
            ],
        ],
    ]

    private static let errorSchema: JSONValue = [
        "type": "object", "required": ["error"],
        "properties": [
            "error": [
                "type": "object", "required": ["message", "type", "param", "code"],
                "properties": [
                    "message": ["type": "string"], "type": ["type": "string"], "param": ["type": ["string", "null"]],
                    "code": ["type": ["string", "null"]],
                ],
            ]
        ],
    ]
}

extension Field {
    func schema(isForm: Bool) -> JSONValue {
        var schema: [String: JSONValue] = ["description": .string(meaning)]
        if let standard { schema["default"] = standard }
        var type = "string"
        switch kind {
        case .string(let lengths):
            schema["minLength"] = .integer(lengths.lowerBound)
            schema["maxLength"] = .integer(lengths.upperBound)
        case .choice(let choices):
            let all = choices + (name == "size" ? ["auto"] : [])
            schema["enum"] = .array(all.map(JSONValue.string) + (isForm ? [] : [.null]))
        case .integer(let range):
            type = "integer"
            schema["minimum"] = .integer(range.lowerBound)
            schema["maximum"] = .integer(range.upperBound)
        case .number(let range):
            type = "number"
            schema["minimum"] = .number(range.lowerBound)
            schema["maximum"] = .number(range.upperBound)
        case .boolean: type = "boolean"
        case .file: schema["format"] = "binary"
        }
        schema["type"] = isRequired || isForm ? .string(type) : [.string(type), "null"]
        return .object(schema)
    }
}
