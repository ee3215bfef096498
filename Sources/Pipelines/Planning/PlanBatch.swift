import ImageGeneration

/// Plans that are drawn as one, and whose pictures belong to different requests.
struct PlanBatch {
    let plan: GenerationPlan
    /// For each picture of the plan its request, and its index there.
    private let owners: [(request: Int, index: Int)]

    /// - Throws: `GenerationError` of kind `.unsupported` for plans that cannot be drawn together.
    init(_ plans: [GenerationPlan]) throws(GenerationError) {
        guard var merged = plans.first else {
            throw .invalid("requests", "there are no requests to draw")
        }
        owners = plans.enumerated().flatMap { request, plan in (0..<plan.count).map { (request, $0) } }
        if plans.count > 1 {
            guard plans.allSatisfy({ $0.agrees(with: merged) }) else {
                throw .unsupported("requests", "these requests cannot be drawn together; draw one after the other")
            }
            merged.subjects = plans.flatMap { plan in
                plan.subjects.flatMap { Array(repeating: $0, count: plan.picturesPerSubject) }
            }
            merged.picturesPerSubject = 1
            merged.noise = .seeded(plans.flatMap(\.noise.seeds))
        }
        plan = merged
    }

    /// An event of the plan as its requests are told it.
    /// - Parameter previews: how many each request wants; one that wants none is told none.
    func events(of event: ImageEvent, previews: [Int]) -> [BatchEvent] {
        switch event {
        case .picture(var picture):
            let owner = owners[picture.index]
            picture.index = owner.index
            return [BatchEvent(request: owner.request, event: .picture(picture))]
        case .preview(let index, let image):
            let owner = owners[index]
            guard previews[owner.request] > 0 else { return [] }
            return [BatchEvent(request: owner.request, event: .preview(index: owner.index, image))]
        case .queued, .loading, .note, .progress, .finished:
            return previews.indices.map { BatchEvent(request: $0, event: event) }
        }
    }
}

extension GenerationPlan {
    /// Whether pictures of both can be rows of one batch.
    fileprivate func agrees(with other: GenerationPlan) -> Bool {
        guard case .seeded = noise, case .seeded = other.noise else { return false }
        return negative == other.negative && texts == other.texts && stages == other.stages && size == other.size
            && inversion == nil && other.inversion == nil && canvas == nil && other.canvas == nil
            && subjects.first?.embedding.texts.count == other.subjects.first?.embedding.texts.count
    }
}
