import Scenes

/// Things beside each other, and how that is said.
struct Scene: Equatable {
    /// Things of one kind.
    struct Kind: Codable, Equatable {
        var name: NounPhrase
        var count: Int
        /// The word for their main colour, if it is said.
        var color: String?

        /// Such as "two red apples".
        var phrase: String { said.counted(count) }
        /// One of them: "a red apple".
        var one: String { said.counted(1) }
        private var said: NounPhrase { color.map(name.colored) ?? name }
    }

    /// Without style and ground.
    var phrase: String
    var style: String
    var kinds: [Kind]
    /// Those of the first kind, then those of the second.
    var subjects: [Subject]
}

/// Composes scenes of one to four single things: counts, pairs, positions and colours that no picture of the pack has.
///
/// The captions of emoji name one thing each; composed scenes are the cheapest way for a model to learn which word
/// belongs to which thing.
struct SceneComposer {
    /// A row whose picture is one thing on a transparent ground.
    fileprivate struct Thing {
        let index: Int
        let name: NounPhrase
        let color: NamedHue?
    }

    /// Things of one manner of drawing: a scene does not mix them.
    private let styles: [(name: String, things: [Thing])]
    /// Sums of the numbers of things of `styles`, up to and including each.
    private let cumulative: [Int]
    private let config: SceneConfig
    /// How many of each kind; what is listed more often is drawn more often.
    private let counts: [[Int]]
    /// The words of captions that are kept for judging: no thing is painted so that one of them fits it.
    private let reserved: Set<Set<String>>

    init(pack: PicturePack, indices: [Int], config: SceneConfig) throws {
        self.config = config
        counts = Self.counts.filter { $0.reduce(0, +) <= config.most }
        let own = Set(indices)
        reserved = Set(
            pack.rows.indices.filter { !own.contains($0) }.flatMap { pack.rows[$0].captions.map(Self.words) })
        let size = pack.sizes.min() ?? 0
        var byStyle: [String: [Thing]] = [:]
        for index in indices {
            let row = pack.rows[index]
            guard config.groups.isEmpty || config.groups.contains(where: row.group.hasPrefix),
                Captions.mayMirror(row), let name = NounPhrase(caption: row.captions[0])
            else { continue }
            let pixels = try pack.pixels(index, size: size)
            guard pixels.hasClearCorners else { continue }
            let main = NamedHue(mainOf: pixels)
            // A caption that names another colour than the one seen is left as it is.
            let isClear = name.colors.isEmpty || name.colors == [main?.name]
            byStyle[row.style, default: []].append(Thing(index: index, name: name, color: isClear ? main : nil))
        }
        styles = byStyle.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
        guard !styles.isEmpty else { throw PackError.empty("that can be part of a scene") }
        cumulative = styles.reduce(into: []) { $0.append(($0.last ?? 0) + $1.things.count) }
    }

    func scene(_ random: inout Randomness) -> Scene {
        let cast = cast(&random)
        return scene(of: cast, &random)
    }

    /// Things that can be shown together.
    struct Cast {
        fileprivate let style: String
        fileprivate let things: [Thing]
    }

    /// One thing or two, all of one style.
    func cast(_ random: inout Randomness) -> Cast {
        let place = Int.random(in: 0..<(cumulative.last ?? 1), using: &random)
        let style = styles[cumulative.firstIndex { $0 > place } ?? 0]
        var things: [Thing] = []
        for _ in 0..<counts.randomElement(using: &random)!.count {
            guard let thing = style.things.randomElement(using: &random),
                !things.contains(where: { $0.name == thing.name })
            else { continue }
            things.append(thing)
        }
        return Cast(style: style.name, things: things)
    }

    /// The things in numbers, colours and places by chance.
    func scene(of cast: Cast, _ random: inout Randomness) -> Scene {
        let numbers = counts.filter { $0.count == cast.things.count }.randomElement(using: &random)!
        let shown = zip(cast.things, numbers).map { thing, count in painted(thing, count: count, &random) }
        let count = shown.reduce(0) { $0 + $1.kind.count }
        let layout = SceneLayout(count: count, moving: config.moving, &random)
        let each = shown.flatMap { Array(repeating: $0.subject, count: $0.kind.count) }
        let subjects = zip(each, layout.boxes).map { subject, box in
            var subject = subject
            subject.box = box
            return subject
        }
        let phrase = Self.phrase(shown.map(\.kind.phrase), layout.order, &random)
        return Scene(phrase: phrase, style: cast.style, kinds: shown.map(\.kind), subjects: subjects)
    }

    /// The names of things in one manner of drawing.
    func names(style: String) -> [NounPhrase] { styles.first { $0.name == style }?.things.map(\.name) ?? [] }

    private static let counts = [
        [1], [1], [2], [2], [3], [3], [4], [4], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [2, 1], [1, 2], [1, 3], [3, 1],
        [2, 2],
    ]

    private func painted(
        _ thing: Thing, count: Int, _ random: inout Randomness
    ) -> (kind: Scene.Kind, subject: Subject) {
        var kind = Scene.Kind(name: thing.name, count: count, color: nil)
        var hue: HueShift?
        if let color = thing.color {
            if random.chance(config.recolouring), let other = NamedHue.all.randomElement(using: &random) {
                kind.color = other.name
                hue = other == color ? nil : HueShift(from: color.hue, to: other.hue)
            } else if random.chance(0.5) || !thing.name.colors.isEmpty {
                kind.color = color.name
            }
        }
        if let said = kind.color, reserved.contains(Set(thing.name.colored(said).words)) {
            (kind.color, hue) = (nil, nil)
        }
        return (kind, Subject(index: thing.index, isMirrored: config.moving && random.chance(0.3), hue: hue))
    }

    private static func words(_ caption: String) -> Set<String> {
        Set(caption.lowercased().split { !$0.isLetter && $0 != "-" }.map(String.init))
    }

    /// One kind is named; two are joined, by where they are if that can be said.
    private static func phrase(_ names: [String], _ order: SceneLayout.Order, _ random: inout Randomness) -> String {
        guard names.count == 2 else { return names.joined(separator: " and ") }
        let (first, second) = (names[0], names[1])
        let ways =
            switch order {
            case .beside: ["\(first) left of \(second)", "\(second) right of \(first)", "\(first) next to \(second)"]
            case .below: ["\(first) above \(second)", "\(second) below \(first)"]
            case .scattered: [String]()
            }
        let plain = ["\(first) and \(second)", "\(second) and \(first)"]
        return (random.chance(0.5) && !ways.isEmpty ? ways : plain).randomElement(using: &random)!
    }
}

extension PicturePack.Pixels {
    /// A picture whose corners are painted has a ground of its own, and covers what is beside it.
    fileprivate var hasClearCorners: Bool {
        let last = size - 1
        return [(0, 0), (last, 0), (0, last), (last, last)].allSatisfy { bytes[($0.1 * size + $0.0) * 4 + 3] == 0 }
    }
}
