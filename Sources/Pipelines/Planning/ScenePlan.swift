import Scenes

/// A plan with prompts that count out things, taken apart: each kind of thing is a picture of its own until it is drawn,
/// then all are put in their places, and what comes after draws the whole. A picture that counts out nothing has one thing,
/// in all of its place.
///
/// A small model that has learnt things one by one draws each of them better than all at once, and has all of its pixels
/// for it.
struct ScenePlan {
    /// Of each kind of thing a picture, up to the stage that composes them.
    let things: GenerationPlan
    /// The stages after that one, of the whole pictures; nil where there are none.
    let finishing: GenerationPlan?
    /// What each picture is composed of. A picture of the plan that is not taken apart is its only thing.
    let pictures: [[Place]]

    /// A picture of `things`, and where it is shown.
    struct Place: Hashable {
        var thing: Int
        var boxes: [Box]
    }
}

extension ScenePlan {
    /// nil where nothing is composed.
    init?(_ plan: GenerationPlan) {
        guard plan.isComposed, case .seeded(let seeds) = plan.noise else { return nil }
        let each = plan.picturesPerSubject
        var subjects: [Subject] = []
        var thingSeeds: [UInt64] = []
        var pictures: [[Place]] = []
        for (index, subject) in plan.subjects.enumerated() {
            let own = seeds[index * each..<(index + 1) * each]
            let first = thingSeeds.count
            let kinds = subject.things
            subjects += kinds
            for kind in kinds.indices { thingSeeds += own.map { Self.seed($0, kind: kind) } }
            for (picture, seed) in own.enumerated() {
                pictures.append(
                    zip(kinds.indices, subject.boxes(seed: seed)).map { kind, boxes in
                        Place(thing: first + kind * each + picture, boxes: boxes)
                    })
            }
        }
        let drawn = plan.stages.firstIndex(where: \.composesScenes).map { $0 + 1 } ?? plan.stages.count
        var things = plan
        things.subjects = subjects
        things.noise = .seeded(thingSeeds)
        things.stages = Array(plan.stages.prefix(drawn))
        var finishing = plan
        finishing.stages = Array(plan.stages.dropFirst(drawn))
        self.things = things
        self.finishing = finishing.stages.isEmpty ? nil : finishing
        self.pictures = pictures
    }

    /// The first thing has the picture's own noise, as a picture that is not taken apart has.
    private static func seed(_ seed: UInt64, kind: Int) -> UInt64 {
        guard kind > 0 else { return seed }
        var random = Randomness(seed: seed, UInt64(kind))
        return random.next()
    }
}

extension GenerationPlan {
    /// Whether a stage composes the pictures, or they are taken apart and it is not reached; and nothing is known of them that
    /// would have to come back.
    fileprivate var isComposed: Bool {
        let composes = stages.contains(where: \.composesScenes) || subjects.contains { $0.scene != nil }
        return composes && canvas == nil && inversion == nil
    }
}

extension Subject {
    /// What it is drawn from: each kind of thing by itself, where it is taken apart.
    fileprivate var things: [Subject] {
        scene?.texts.map { Subject(prompt: $0, embedding: .text($0)) } ?? [self]
    }

    /// Where each kind of thing is shown.
    fileprivate func boxes(seed: UInt64) -> [[Box]] {
        var random = Randomness(seed: seed)
        return scene?.boxes(&random) ?? [[.whole]]
    }
}
