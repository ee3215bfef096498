import ContentPolicy
import Foundation
import Hummingbird
import Imaging
import NIOCore
import NIOPosix
import Store

/// `POST /v1/moderations`: what the policy says of texts and pictures.
struct ModerationEndpoint: Sendable {
    let policy: Policy

    static let mostInputs = 100
    private static let bodyLimit = 12 << 20
    private static let pictures = DecodeLimits(maxPixels: 16 << 20, maxBytes: 8 << 20)

    func add(to router: some RouterMethods<ServerContext>) {
        router.post("/moderations") { (request: Request, context: ServerContext) -> Response in
            _ = try context.caller(.moderations)
            guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
                throw APIError(.unsupportedMediaType, "Invalid Content-Type header; expected application/json.")
            }
            if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Self.bodyLimit {
                throw APIError.tooLarge(Self.bodyLimit)
            }
            do {
                let body = Data(buffer: try await request.body.collect(upTo: Self.bodyLimit))
                return Response.api(try await answer(body))
            } catch is NIOTooManyBytesError {
                throw APIError.tooLarge(Self.bodyLimit)
            }
        }
    }

    private enum Input {
        case text(String)
        case picture(Data)
    }

    private func answer(_ body: Data) async throws -> JSONValue {
        guard case .object(let object)? = try? JSONDecoder().decode(JSONValue.self, from: body) else {
            throw APIError.invalid("We could not parse the JSON body of your request. Expected a JSON object.")
        }
        if let other = object.keys.sorted().first(where: { !["input", "model"].contains($0) }) {
            throw APIError.invalid("Additional properties are not allowed ('\(other.prefix(60))' was unexpected)")
        }
        switch object["model"] {
        case nil, .null, .string: break
        default: throw APIError.invalid("the given value is not of type 'string' - 'model'", param: "model")
        }
        var results: [JSONValue] = []
        // Parts are one input together; strings are one each.
        for inputs in try Self.inputs(object["input"]) {
            var decision = Decision.allowed
            for input in inputs { decision = decision.merged(with: try await decide(input)) }
            results.append(Self.json(decision, of: inputs))
        }
        return ["id": .string("modr-\(RandomText.base62(24))"), "model": "limn-moderation", "results": .array(results)]
    }

    private func decide(_ input: Input) async throws -> Decision {
        switch input {
        case .text(let text): return policy.decide(prompt: text)
        case .picture(let data):
            let image = try await NIOThreadPool.singleton.runIfActive {
                guard let image = try? ImageBuffer(decoding: data, limits: Self.pictures) else {
                    throw APIError.invalid("'image_url' holds no picture that can be read", param: "input")
                }
                return image
            }
            return try await policy.decide(picture: image, as: .upload)
        }
    }

    private static func inputs(_ value: JSONValue?) throws(APIError) -> [[Input]] {
        switch value {
        case .string(let text): return [[.text(text)]]
        case .array(let values) where !values.isEmpty:
            guard values.count <= mostInputs else {
                throw .invalid("'input' has more than \(mostInputs) elements", param: "input")
            }
            let texts = values.compactMap { value -> String? in
                guard case .string(let text) = value else { return nil }
                return text
            }
            if texts.count == values.count { return texts.map { [.text($0)] } }
            var parts: [Input] = []
            for value in values { parts.append(try part(value)) }
            return [parts]
        case nil: throw .invalid("'input' is a required property", param: "input")
        default: throw .invalid("'input' is a text, a list of texts or a list of parts", param: "input")
        }
    }

    private static func part(_ value: JSONValue) throws(APIError) -> Input {
        guard case .object(let object) = value else {
            throw .invalid("'input' is a text, a list of texts or a list of parts", param: "input")
        }
        switch (object["type"], object["text"], object["image_url"]) {
        case (.string("text"), .string(let text), _): return .text(text)
        case (.string("image_url"), _, .object(let image)):
            guard case .string(let url)? = image["url"], url.hasPrefix("data:image/"),
                let comma = url.firstIndex(of: ","), url[..<comma].hasSuffix(";base64"),
                let data = Data(base64Encoded: String(url[url.index(after: comma)...]))
            else { throw .invalid("'image_url' must be a data URL of a picture in base64", param: "input") }
            return .picture(data)
        default: throw .invalid("a part of 'input' is of type text or image_url", param: "input")
        }
    }

    private static func json(_ decision: Decision, of inputs: [Input]) -> JSONValue {
        let kinds = Set(
            inputs.map { input in
                if case .text = input { "text" } else { "image" }
            }
        ).sorted()
        var categories: [String: JSONValue] = [:]
        var scores: [String: JSONValue] = [:]
        var types: [String: JSONValue] = [:]
        for category in ModerationCategory.allCases {
            categories[category.rawValue] = .bool(decision.flagged.contains(category))
            scores[category.rawValue] = .number(decision.score(of: category))
            types[category.rawValue] = .strings(kinds)
        }
        return [
            "flagged": .bool(!decision.flagged.isEmpty), "categories": .object(categories),
            "category_scores": .object(scores), "category_applied_input_types": .object(types),
        ]
    }
}
