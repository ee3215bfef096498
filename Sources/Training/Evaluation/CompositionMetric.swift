import Scenes
import Torch

extension EvaluationMetric {
    /// Has a scene the things, the colours and the numbers that were asked for?
    static let composition = EvaluationMetric { scene in
        let asked = scene.indices(of: .composition)
        guard !asked.isEmpty else { return nil }
        let compositions = asked.compactMap { scene.cases[$0].composition }
        let choices = NameChoices(compositions, seed: 5)
        func row(_ name: String, _ set: PictureSet, order: [Int]) throws -> MetricTable.Row {
            let cutouts = try order.map { try Cutouts(of: set.picture(asked[$0])) }
            var (objects, colours, counts) = ([Double](), [Double](), [Double]())
            for (place, composition) in compositions.enumerated() {
                let seen = cutouts[place]
                let pictures = try seen.pictures(side: scene.judge.imageSize)
                let judged = try pictures.map { try scene.judge.encode($0) }
                for (kind, names) in zip(composition.kinds, choices.names[place]) {
                    guard let judged else {
                        objects.append(0)
                        if kind.color != nil { colours.append(0) }
                        continue
                    }
                    let matches = try SimilarityMatrix(cosines: judged, scene.judge.encode(names))
                    objects.append(matches.nearest.contains(0) ? 1 : 0)
                    guard let color = kind.color else { continue }
                    // Colours are looked for in what is most like the thing.
                    let best = matches.transposed.nearest[0]
                    colours.append(seen.colours[best].share(of: color) >= 0.2 ? 1 : 0)
                }
                counts.append(seen.colours.count == composition.kinds.reduce(0) { $0 + $1.count } ? 1 : 0)
            }
            return MetricTable.Row(name, [objects, colours, counts].map { Bootstrap.mean($0) })
        }
        let straight = Array(asked.indices)
        let shifted = straight.map { ($0 + 1) % asked.count }
        return MetricTable(
            name: "composition", title: "Scenes of several things",
            explanation: """
                \(asked.count) prompts such as "two red apples and a green pear, on a blue background", composed of \
                training pictures' names. Each separate thing in a picture is cut out. Objects: the share of named \
                kinds for which the judge finds, for one of the cut-outs, the name among \(NameChoices.count) names of \
                things. Colours: the share of named colours that cover at least a fifth of the cut-out most like the \
                thing. Counts: the share of pictures with as many separate things as were asked for. Real scenes are \
                composed as in training: where they fail, the measure does.
                """,
            columns: ["objects", "colours", "counts"],
            rows: try scene.sets.map { try row($0.name, $0, order: straight) }
                + [row("drawn, prompts shuffled", scene.drawn, order: shifted)])
    }
}

/// For each kind that is asked for its own name and others, in the same manner of drawing.
private struct NameChoices {
    static let count = 20

    /// A list for each kind of each composition, its own name first.
    let names: [[[String]]]

    init(_ compositions: [Composition], seed: UInt64) {
        var random = Randomness(seed: seed)
        let all = compositions.flatMap { $0.kinds.map(\.name) }
        names = compositions.map { composition in
            composition.kinds.map { kind in
                var chosen = [kind.name]
                for other in all.shuffled(using: &random) where chosen.count < Self.count {
                    // Names that share a word may both be right.
                    let isAkin = chosen.contains { !Set($0.words).isDisjoint(with: other.words) }
                    if !isAkin { chosen.append(other) }
                }
                let style = composition.style.isEmpty ? "" : ", \(composition.style)"
                return chosen.map { $0.counted(1) + style }
            }
        }
    }
}
