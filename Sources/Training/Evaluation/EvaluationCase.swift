import Scenes

/// A picture that a model is asked for in order to judge it.
public struct EvaluationCase: Codable, Sendable, Equatable {
    /// What a case is asked for; one may serve several purposes.
    public enum Purpose: String, Codable, Sendable {
        /// One of captions that are all distinct.
        case caption
        /// Its caption names a colour that can be seen on white.
        case colour
        /// Its prompt names the ground.
        case ground
        /// Its prompt names a scene of several things, which no picture of the pack shows.
        case composition
    }

    /// Names the case's files.
    public var id: String
    /// The pack's row that it is about.
    public var row: Int
    public var prompt: String
    public var seed: UInt64
    public var purposes: Set<Purpose>
    /// Colours that the caption names.
    public var colours: Set<String>
    /// The ground that the prompt names; nil for white.
    public var ground: String?
    /// What a scene is made of; nil for a row's own picture.
    var composition: Composition?
}

/// A scene that is asked for.
struct Composition: Codable, Sendable, Equatable {
    var kinds: [Scene.Kind]
    var style: String
    /// The scene as training would show it: how good the measures can get.
    var real: Draw
}

/// Which cases a model is judged by.
public struct EvaluationCases: Codable, Sendable, Equatable {
    /// How many distinct captions, chosen by chance and never by how they turn out.
    public var captions: Int
    /// At least so many captions that name a colour, as far as the split has them.
    public var colours: Int
    /// How often each named ground is asked for.
    public var grounds: Int
    /// How many scenes, composed of training pictures that can be: their words are known, the scenes are not.
    public var compositions: Int
    /// Groups that the things of scenes are of, by their beginnings; empty for all.
    public var compositionGroups: [String]
    public var split: String
    public var seed: UInt64

    public init(
        captions: Int, colours: Int, grounds: Int, compositions: Int = 0, compositionGroups: [String] = [],
        split: String, seed: UInt64
    ) {
        self.captions = captions
        self.colours = colours
        self.grounds = grounds
        self.compositions = compositions
        self.compositionGroups = compositionGroups
        self.split = split
        self.seed = seed
    }

    /// The cases, first those of the captions: a function of the pack and these numbers alone.
    /// - Throws: `EvaluationError` where the split does not exist or has too few captions.
    public func choose(from pack: PicturePack) throws -> [EvaluationCase] {
        let rows = try distinctRows(pack)
        guard captions >= 1, rows.count >= captions else {
            throw EvaluationError.tooFewCaptions(split: split, distinct: rows.count, wanted: max(1, captions))
        }
        let asked = rows.prefix(captions).map { draft(pack, $0, .caption) }
        let missing = max(0, colours - asked.count { $0.purposes.contains(.colour) })
        let coloured = rows.dropFirst(captions).map { draft(pack, $0, .colour) }.filter { !$0.colours.isEmpty }
        let grounded = (0..<grounds * Ground.named.count).map { place in
            draft(pack, rows[place % rows.count], .ground, ground: Ground.named[place % Ground.named.count].name)
        }
        let composed = try composed(pack)
        return (asked + coloured.prefix(missing) + grounded + composed).enumerated().map { place, draft in
            var placed = draft
            placed.id = String(repeating: "0", count: max(0, 3 - "\(place)".count)) + "\(place)-\(draft.id)"
            placed.seed = seed &+ UInt64(place)
            return placed
        }
    }

    /// Scenes of more than one thing, half of them on a named ground.
    private func composed(_ pack: PicturePack) throws -> [EvaluationCase] {
        guard compositions > 0, let composer = try composer(of: pack) else { return [] }
        var random = Randomness(seed: seed, 3)
        var cases: [EvaluationCase] = []
        while cases.count < compositions {
            let scene = composer.scene(&random)
            guard scene.subjects.count > 1 else { continue }
            let ground = cases.count.isMultiple(of: 2) ? Ground.named.randomElement(using: &random)! : .white
            let words = [scene.style, ground.name.map { "on a \($0) background" } ?? ""].filter { !$0.isEmpty }
            let prompt = ([scene.phrase] + words).joined(separator: ", ")
            let real = Draw(caption: prompt, ground: ground, subjects: scene.subjects)
            cases.append(
                EvaluationCase(
                    id: "scene", row: scene.subjects[0].index, prompt: prompt, seed: 0, purposes: [.composition],
                    colours: [], ground: ground.name,
                    composition: Composition(kinds: scene.kinds, style: scene.style, real: real)))
        }
        return cases
    }

    /// nil where no picture of the pack can be part of a scene.
    private func composer(of pack: PicturePack) throws -> SceneComposer? {
        var config = SceneConfig()
        config.groups = compositionGroups
        do {
            return try SceneComposer(pack: pack, indices: pack.rows(in: "train"), config: config)
        } catch PackError.empty {
            return nil
        }
    }

    /// A row for each distinct caption of the split, shuffled.
    private func distinctRows(_ pack: PicturePack) throws -> [Int] {
        var random = Randomness(seed: seed, 1)
        let rows = try pack.rows(in: split).shuffled(using: &random)
        var taken: Set<Int> = []
        return zip(rows, pack.captionGroups(rows)).filter { taken.insert($0.1).inserted }.map(\.0)
    }

    /// A case without its place.
    private func draft(
        _ pack: PicturePack, _ index: Int, _ purpose: EvaluationCase.Purpose, ground: String? = nil
    ) -> EvaluationCase {
        let row = pack.rows[index]
        let colours = ColourNames.named(in: row.captions[0])
        var purposes: Set = [purpose]
        if purpose == .caption, !colours.isEmpty { purposes.insert(.colour) }
        let words = ground.map { ", on a \($0) background" } ?? ""
        return EvaluationCase(
            id: String(row.id.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" }), row: index,
            prompt: Captions.prompt(row) + words, seed: 0, purposes: purposes, colours: colours, ground: ground)
    }
}
