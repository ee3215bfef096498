import Foundation
import Hummingbird
import Imaging
import NIOCore
import NIOPosix
import Service
import Store

extension ImageAnswers {
    /// Tells unfinished states, each picture as it is done, and a failure, by server-sent events.
    func stream(_ call: ImageCall, to context: ServerContext) -> Response {
        .events(to: context) { writer in
            try await jobs.holding(call.job) {
                guard
                    let events = try await jobs.events(
                        of: call.job, owner: call.owner, keepalive: EventText.keepalive)
                else { return }
                var stream = ImageStream(call: call, answers: self)
                for await event in events {
                    for text in await stream.texts(of: event) { try await writer.write(ByteBuffer(string: text)) }
                }
            }
        }
    }
}

/// What is remembered while the events of one request are told.
private struct ImageStream {
    let call: ImageCall
    let answers: ImageAnswers
    private var previews: [Int: Int] = [:]
    private var told: Set<Int> = []

    init(call: ImageCall, answers: ImageAnswers) {
        self.call = call
        self.answers = answers
    }

    mutating func texts(of event: JobEvent) async -> [String] {
        do {
            switch event.kind {
            case .keepalive: return [EventText.comment]
            case .note: return []
            case .preview(let index, _, let image):
                guard previews[index, default: 0] < call.values.integer("partial_images") ?? 0 else { return [] }
                return [try await partial(image, of: index)]
            case .picture(let picture):
                guard told.insert(picture.index).inserted else { return [] }
                return [try await completed(picture)]
            case .status(let status):
                guard status.job.state.isFinal else { return [] }
                try ImageAnswers.check(status.job)
                return []
            }
        } catch {
            return [EventText.event("error", (APIError(telling: error) ?? .fault).json)]
        }
    }

    private mutating func partial(_ image: ImageBuffer, of index: Int) async throws -> String {
        let number = previews[index, default: 0]
        previews[index] = number + 1
        let data = try await NIOThreadPool.singleton.runIfActive { [format] in
            try image.encoded(as: ImageEncoding(format)).base64EncodedString()
        }
        var fields = common(data, "\(image.width)x\(image.height)")
        fields["partial_image_index"] = .integer(number)
        return told("partial_image", fields)
    }

    private func completed(_ picture: Picture) async throws -> String {
        var fields = common(try await answers.base64(picture), "\(picture.width)x\(picture.height)")
        let text = (call.values.string("prompt") ?? "").split(separator: " ").count
        let images = call.values.files.count
        fields["seed"] = picture.seed.map(JSONValue.unsigned) ?? .null
        fields["usage"] = [
            "total_tokens": .integer(text + images + 1), "input_tokens": .integer(text + images), "output_tokens": 1,
            "input_tokens_details": ["text_tokens": .integer(text), "image_tokens": .integer(images)],
        ]
        return told("completed", fields)
    }

    private var format: ImageFormat { call.values.string("output_format").flatMap(ImageFormat.init) ?? .png }

    private func common(_ data: String, _ size: String) -> [String: JSONValue] {
        [
            "b64_json": .string(data), "created_at": .integer(Int(Date().timeIntervalSince1970)),
            "size": .string(size), "quality": "auto", "background": "opaque", "output_format": .string(format.rawValue),
        ]
    }

    private func told(_ name: String, _ fields: [String: JSONValue]) -> String {
        let type = "\(call.events).\(name)"
        return EventText.event(type, .object(fields.merging(["type": .string(type)]) { $1 }))
    }
}

/// The lines of server-sent events.
enum EventText {
    static let keepalive = Duration.seconds(15)
    static let comment = ": keepalive\n\n"

    static func event(_ name: String, id: String? = nil, _ data: JSONValue) -> String {
        "event: \(name)\n\(id.map { "id: \($0)\n" } ?? "")data: \(data.text)\n\n"
    }
}
