import Scenes
import Torch

/// One way to judge a model's pictures.
public struct EvaluationMetric: Sendable {
    /// nil where the scene lacks what it needs.
    public let measure: @Sendable (EvaluationScene) throws -> MetricTable?

    /// All of them, in the order of the report.
    public static let all = [
        precision, colours, composition, sharpness, distribution, memorisation, embeddings, speed,
    ]

    /// Does a picture show what was asked for?
    static let precision = EvaluationMetric { scene in
        let asked = scene.indices(of: .caption)
        let pool = try scene.pack.rows(in: scene.split)
        let groups = scene.pack.captionGroups(pool)
        let prompts = try scene.judge.encode(pool.map { Captions.prompt(scene.pack.rows[$0]) })
        let places = Dictionary(uniqueKeysWithValues: zip(pool, pool.indices))
        let own = asked.compactMap { places[scene.cases[$0].row] }
        let partners = shuffledPartners(of: own.map { groups[$0] }, seed: scene.cases.first?.seed ?? 0)
        let size = min(100, Set(groups).count)
        let among = min(100, asked.count)

        func row(_ name: String, _ set: PictureSet, order: [Int]) throws -> MetricTable.Row {
            let embeds = set.judged.rows(order.map { asked[$0] })
            let toCaption = try SimilarityMatrix(cosines: embeds, prompts)
            let toPicture = try SimilarityMatrix(cosines: prompts.rows(own), embeds)
            let identity = Array(own.indices)
            return MetricTable.Row(
                name,
                [
                    Bootstrap.mean(Retrieval.precision(toCaption, own: own, groups: groups, among: size)),
                    Bootstrap.mean(Retrieval.precision(toPicture, own: identity, groups: identity, among: among)),
                ])
        }
        let straight = Array(asked.indices)
        return MetricTable(
            name: "r_precision", title: "R-precision@1",
            explanation: """
                How often the judge finds the caption of a picture among \(size) captions, and the picture of a caption \
                among \(among) pictures. Real pictures are the ceiling; drawn pictures with another one's caption are \
                the floor; the training picture that the model's own CLIP finds nearest to the prompt is what could be \
                had without drawing. Of pictures that are equally near none is found, which counts against prompts \
                that have the same nearest training picture.
                """,
            columns: ["picture → caption", "caption → picture"],
            rows: try scene.sets.map { try row($0.name, $0, order: straight) }
                + [row("drawn, captions shuffled", scene.drawn, order: partners)])
    }

    /// Have pictures the colours that were asked for?
    static let colours = EvaluationMetric { scene in
        let coloured = scene.indices(of: .colour)
        let grounded = scene.indices(of: .ground)
        guard !coloured.isEmpty || !grounded.isEmpty else { return nil }
        let others = disjointPartners(coloured.map { scene.cases[$0].colours }).map { $0.map { coloured[$0] } }
        func row(_ set: PictureSet) throws -> MetricTable.Row {
            func shows(_ picture: Int, _ colours: Set<String>) throws -> Double {
                let seen = PictureColours(try set.picture(picture))
                return colours.allSatisfy { seen.share(of: $0) >= 0.1 } ? 1 : 0
            }
            let right = try coloured.map { try shows($0, scene.cases[$0].colours) }
            let wrong = try zip(coloured, others).compactMap { own, other in
                try other.map { try shows($0, scene.cases[own].colours) }
            }
            let ground = try grounded.map { index in
                let seen = PictureColours(try set.picture(index)).ground
                return Ground.nearest(to: seen).name == scene.cases[index].ground ? 1.0 : 0
            }
            return MetricTable.Row(set.name, [right, wrong, ground].map { Bootstrap.mean($0) })
        }
        return MetricTable(
            name: "colours", title: "Colours, by pixels",
            explanation: """
                The share of \(coloured.count) captions with a colour word whose every named colour covers at least a \
                tenth of what is drawn; the same with the picture of another caption (the floor); the share of \
                \(grounded.count) prompts "… on a … background" whose ground is nearer to the named one than to 13 \
                others.
                """,
            columns: ["named colours", "shuffled", "named ground"], rows: try scene.sets.map(row))
    }

    /// For each set of words the place of another one that shares none with it, if there is one.
    static func disjointPartners(_ sets: [Set<String>]) -> [Int?] {
        sets.indices.map { index in
            (1..<max(1, sets.count)).lazy.map { (index + $0) % sets.count }.first {
                sets[$0].isDisjoint(with: sets[index])
            }
        }
    }

    /// Are pictures like training pictures as a whole?
    static let distribution = EvaluationMetric { scene in
        let asked = scene.indices(of: .caption)
        var random = Randomness(seed: 1, UInt64(scene.training.count))
        let sample = Array(scene.training.indices.shuffled(using: &random).prefix(2000))
        let reference = scene.trainingJudged.rows(sample)
        return MetricTable(
            name: "kid", title: "Kernel distance × 1000",
            explanation: """
                KID between \(asked.count) pictures and \(sample.count) training pictures, by the judge's image \
                embeddings. Real pictures of the same captions are the floor.
                """,
            columns: ["to training pictures"],
            rows: try scene.sets.map { set in
                let distance = try KernelDistance.estimate(set.judged.rows(asked), against: reference)
                return MetricTable.Row(set.name, [distance.map { $0.scaled(by: 1000) }])
            }, digits: 1)
    }

    /// Are pictures copies of training pictures?
    static let memorisation = EvaluationMetric { scene in
        let asked = scene.indices(of: .caption)
        let found = try [scene.real, scene.drawn].map { set in
            let pixels = try NearestNeighbours(pixels: set.pictures.rows(asked), among: scene.training.count) {
                places in
                try scene.pack.pictures(Array(scene.training[places]), size: scene.side)
            }
            let judged = try NearestNeighbours(embeddings: set.judged.rows(asked), among: scene.trainingJudged)
            return (name: set.name, distances: [pixels.distances, judged.distances])
        }
        let limits = found[0].distances.map { Bootstrap.quantile(0.05, of: $0)?.value ?? 0 }
        return MetricTable(
            name: "memorisation", title: "Distance to the nearest training picture",
            explanation: """
                By pixels at \(scene.side) × \(scene.side) (root mean square, of 1) and by the judge's embeddings \
                (1 − cosine). "Near" is the share that is nearer than the nearest twentieth of real pictures: a model \
                that copies has much more than 0.05 there.
                """,
            columns: ["pixels, median", "pixels, near", "judge, median", "judge, near"],
            rows: found.map { set in
                MetricTable.Row(
                    set.name,
                    zip(set.distances, limits).flatMap { distances, limit in
                        [Bootstrap.quantile(0.5, of: distances), Bootstrap.mean(distances.map { $0 < limit ? 1 : 0 })]
                    })
            })
    }

    /// Does the prior say what the picture's embedding is, and does the decoder draw it?
    static let embeddings = EvaluationMetric { scene in
        guard let real = scene.real.own, let drawn = scene.drawn.own else { return nil }
        let asked = scene.indices(of: .caption)
        let partners = shuffledPartners(of: asked, seed: 2).map { asked[$0] }
        func row(_ name: String, _ a: Tensor, _ b: Tensor) throws -> MetricTable.Row {
            let columns = try [asked, partners].map { others in
                let cosines = (a.rows(asked).normalize(dim: -1) * b.rows(others).normalize(dim: -1)).sum(dims: [1])
                return Bootstrap.mean(try cosines.doubles())
            }
            return MetricTable.Row(name, columns)
        }
        let predicted = scene.outcome.predicted.flatMap { rows in
            rows.first.map { Tensor(rows.flatMap { $0 }, shape: [rows.count, $0.count]) }
        }
        let pairs = [
            predicted.map { ("predicted by the prior and real", $0, real) },
            predicted.map { ("drawn and predicted", drawn, $0) },
            ("drawn and real", drawn, real),
            scene.retrieved?.own.map { ("nearest training picture and real", $0, real) },
        ].compactMap { $0 }
        return MetricTable(
            name: "embeddings", title: "Cosines of image embeddings",
            explanation: "By the model's own CLIP, with the picture of the same caption and with that of another.",
            columns: ["own", "shuffled"], rows: try pairs.map(row))
    }

    /// How long does a picture take?
    static let speed = EvaluationMetric { scene in
        MetricTable(
            name: "speed", title: "Seconds per picture",
            explanation: "Each prompt is drawn by itself; the model's loading is not counted.",
            columns: ["mean", "median"],
            rows: [
                MetricTable.Row(
                    "drawn",
                    [
                        Bootstrap.mean(scene.outcome.seconds), Bootstrap.quantile(0.5, of: scene.outcome.seconds),
                    ])
            ], digits: 2)
    }
}
