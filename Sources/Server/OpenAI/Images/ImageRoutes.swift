import ContentPolicy
import Foundation
import HTTPTypes
import Hummingbird
import ImageGeneration
import Logging
import Service
import Store

/// Generations, edits and variations: at once, as a stream, or as a job.
struct ImageRoutes: Sendable {
    let jobs: Jobs
    let policy: Policy
    let inputs: InputPictures
    let answers: ImageAnswers

    func add(to router: some RouterMethods<ServerContext>) {
        for endpoint in ImageEndpoint.all {
            router.post(RouterPath(String(endpoint.path.dropFirst(3)))) {
                (request: Request, context: ServerContext) -> Response in
                try await answer(request, context, at: endpoint, for: try context.caller(.images))
            }
        }
    }

    private func answer(
        _ request: Request, _ context: ServerContext, at endpoint: ImageEndpoint, for caller: Caller
    ) async throws -> Response {
        try endpoint.checkHead(of: request)
        let values = try await endpoint.values(of: request)
        let isDetached = request.headers[.prefer]?.lowercased().contains("respond-async") == true
        let submitted = try await submit(values, of: request, at: endpoint, by: caller, isDetached: isDetached)
        let call = ImageCall(
            job: submitted.job.id, owner: caller.user.id, values: values,
            address: request.publicAddress(caller.isSecure), events: endpoint.events ?? "")
        if isDetached { return try await answers.job(call) }
        if values.flag("stream") { return answers.stream(call, to: context) }
        // A client that goes away lets go of its job.
        return try await context.whileClientIsHere { try await answers.wait(call) }
    }

    private func submit(
        _ values: FieldValues, of request: Request, at endpoint: ImageEndpoint, by caller: Caller, isDetached: Bool
    ) async throws -> SubmittedJob {
        var wanted = try await jobRequest(values, endpoint.task)
        var decisions = policy.decisions(on: wanted.texts)
        // A refused prompt is charged, and the pictures that came with it are not looked at.
        if !decisions.contains(where: { $0.verdict == .refused }) {
            decisions += try await inputs.add(values, to: &wanted, owner: caller.user.id)
        }
        if decisions.contains(where: { $0.verdict == .refused }) { wanted = wanted.textsAlone }
        let retries = request.headers[.retryCount].flatMap { Int($0) }
        return try await jobs.submit(
            JobDraft(
                user: caller.user, key: caller.key, source: .api, request: wanted, isDetached: isDetached,
                digest: values.digest(of: endpoint.path),
                idempotencyKey: request.headers[.idempotencyKey].map { String($0.prefix(200)) },
                retries: retries, decisions: decisions))
    }

    private func jobRequest(_ values: FieldValues, _ task: TaskKind) async throws -> JobRequest {
        var request = JobRequest(task, prompt: values.string("prompt"), count: values.integer("n") ?? 1)
        request.negative = values.string("negative_prompt")
        let model = try await jobs.model(named: values.string("model"), for: task)
        request.model = model.name
        let size = values.string("size") ?? "auto"
        request.size = size == "auto" ? "1024x1024" : size
        request.seed = values.integer("seed").map(UInt64.init)
        request.previews = values.integer("partial_images")
        request.format = values.string("output_format")
        request.quality = request.format == "png" ? nil : values.integer("output_compression")
        request.stages = try stages(values, of: model.capabilities)
        return request
    }

    /// What the caller set of the last stages: the decoder, which draws the picture.
    private func stages(_ values: FieldValues, of model: Capabilities) throws(APIError) -> [String: StageSettings]? {
        let settings = StageSettings(
            steps: values.integer("steps"), guidance: values.number("guidance_scale"),
            solver: values.string("sampler"))
        guard settings != StageSettings() else { return nil }
        guard let stage = model.stages.first(where: { $0.name == "decoder" }) ?? model.stages.last else {
            throw .invalid("this model takes neither steps, guidance_scale nor sampler")
        }
        return [stage.name: settings]
    }
}

extension JobRequest {
    /// A request that was refused is kept with its words, and never drawn.
    fileprivate var textsAlone: JobRequest {
        guard task != .textToImage else { return self }
        var request = JobRequest(.textToImage, prompt: (prompt?.isEmpty ?? true) ? "a picture" : prompt, count: count)
        (request.negative, request.model, request.size) = (negative, model, size)
        return request
    }
}

extension Jobs {
    /// The model that OpenAI's clients ask for where they name none; here the server's default one, or another one that
    /// can do what is asked.
    static let alias = "dall-e-2"

    /// - Throws: `APIError`: 404, and 503 where no model is installed.
    func model(named name: String?, for task: TaskKind? = nil) async throws -> ServedModel {
        do {
            return try await model(name == Self.alias ? nil : name, for: task)
        } catch let error as GenerationError where error.kind == .unknownModel {
            if let name, name != Self.alias { throw APIError.unknownModel(name) }
            throw APIError.unavailable("No model is installed.", after: 60)
        }
    }
}

extension HTTPField.Name {
    static let prefer = Self("Prefer")!
    static let retryCount = Self("x-stainless-retry-count")!
    static let idempotencyKey = Self("Idempotency-Key")!
}
