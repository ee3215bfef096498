import ImageGeneration
import Imaging
import Pipelines
import Training

extension TaskCheck {
    /// DDIM inversion with η = 0, at the decoder's own size.
    static let inversion = TaskCheck(name: "inversion") { scene in
        var cells: [(picture: ImageBuffer, caption: String)] = []
        var values: [Double] = []
        for example in scene.examples {
            let side = try await scene.decoderSide()
            let small = try example.picture.resized(width: side, height: side, filter: .lanczos3)
            let again = try await scene.drawn(
                .variation(Variation(of: small, strength: 0)), size: PictureSize(square: side))[0]
            let decibels = PictureMeasures.psnr(small, again)
            values.append(decibels)
            cells += [(small, example.caption), (again, "\(Int(decibels.rounded())) dB")]
        }
        return Outcome(
            table: MetricTable(
                name: "inversion", title: "Pictures drawn again from their own noise",
                explanation:
                    "PSNR in decibels of validation pictures led back by DDIM with η = 0 and drawn again, at the "
                    + "decoder's size.",
                columns: ["median", "lowest twentieth"],
                rows: [
                    .init("drawn again", [Bootstrap.quantile(0.5, of: values), Bootstrap.quantile(0.05, of: values)])
                ],
                digits: 1),
            cells: cells, columns: 8)
    }

    /// A round hole in the middle is painted with another example's caption.
    static let inpainting = TaskCheck(name: "inpainting") { scene in
        var cells: [(picture: ImageBuffer, caption: String)] = []
        var (before, after): ([ImageBuffer], [ImageBuffer]) = ([], [])
        var changed = 0.0
        let texts = scene.examples.indices.map { scene.examples[($0 + 1) % scene.examples.count].caption }
        for (index, example) in scene.examples.enumerated() {
            let mask = try Mask.hole(width: example.picture.width, height: example.picture.height, share: 0.8)
            let edited = try await scene.drawn(
                .inpaint(Inpainting(example.picture, mask: mask, prompt: texts[index])))[0]
            changed += Double(PictureMeasures.changed(example.picture, edited, where: mask))
            before.append(example.picture)
            after.append(edited)
            cells += [(example.picture, example.caption), (edited, texts[index])]
        }
        let words = try await scene.directions(of: texts)
        let rows = try await [("unedited", before), ("edited", after)].asyncMap { label, pictures in
            let seen = try await scene.directions(of: pictures)
            return MetricTable.Row(label, [Bootstrap.mean(TaskMeasures.precision(seen, words)), nil])
        }
        return Outcome(
            table: MetricTable(
                name: "inpainting", title: "Painting a region with another text",
                explanation: "How often the edited picture is nearest to its edit's text among all edits' texts "
                    + "(R-precision@1 of \(texts.count)), and how many pixels changed that the mask keeps.",
                columns: ["R-precision@1", "changed kept pixels"],
                rows: [
                    rows[0],
                    .init("edited", [rows[1].values[0], Estimate(value: changed, low: changed, high: changed)]),
                ]),
            cells: cells, columns: 8)
    }

    /// The left part of a picture goes on to the right.
    static let outpainting = TaskCheck(name: "outpainting") { scene in
        var cells: [(picture: ImageBuffer, caption: String)] = []
        var seams: [Double] = []
        var floors: [Double] = []
        for example in scene.examples {
            let (width, height) = (example.picture.width, example.picture.height)
            let kept = width * 5 / 8
            let part = try example.picture.cropped(x: 0, y: 0, width: kept, height: height)
            let whole = try await scene.drawn(
                .outpaint(Outpainting(part, margins: Margins(right: width - kept), prompt: example.caption)))[0]
            if let seam = PictureMeasures.seam(whole, at: kept, reach: 32) { seams.append(seam) }
            if let seam = PictureMeasures.seam(example.picture, at: kept, reach: 32) { floors.append(seam) }
            cells += [(part, example.caption), (whole, "extended")]
        }
        return Outcome(
            table: MetricTable(
                name: "outpainting", title: "Seams of extended pictures",
                explanation:
                    "The step across the seam divided by the mean step between the columns next to it, within 32 "
                    + "pixels of what was painted; pictures with nothing but ground there are left out.",
                columns: ["median", "mean"],
                rows: [("real", floors), ("extended", seams)].map {
                    .init($0, [Bootstrap.quantile(0.5, of: $1), Bootstrap.mean($1)])
                }),
            cells: cells, columns: 8)
    }

    /// Variations from near to free.
    static let variation = TaskCheck(name: "variation") { scene in
        let strengths = [0, 0.25, 0.5, 0.75, 1]
        var cells: [(picture: ImageBuffer, caption: String)] = []
        var likeness = strengths.map { _ in [Double]() }
        for example in scene.examples {
            var drawn: [ImageBuffer] = []
            for strength in strengths {
                drawn += try await scene.drawn(.variation(Variation(of: example.picture, strength: strength)))
            }
            let seen = try await scene.directions(of: [example.picture] + drawn)
            for index in strengths.indices { likeness[index].append(CLIPJudge.cosine(seen[0], seen[index + 1])) }
            cells.append((example.picture, example.caption))
            cells += zip(drawn, strengths).map { ($0, "\($1)") }
        }
        return Outcome(
            table: MetricTable(
                name: "variation", title: "Variations",
                explanation: "Cosine of the CLIP embeddings of a picture and of its variation, by strength.",
                columns: ["cosine"], rows: zip(strengths, likeness).map { .init("\($0)", [Bootstrap.mean($1)]) }),
            cells: cells, columns: 6)
    }

    /// Series between two pictures.
    static let blend = TaskCheck(name: "blend") { scene in
        var cells: [(picture: ImageBuffer, caption: String)] = []
        var (steps, orders): ([Double], [Double]) = ([], [])
        for index in stride(from: 0, to: scene.examples.count - 1, by: 2) {
            let (a, b) = (scene.examples[index], scene.examples[index + 1])
            let frames = try await scene.drawn(
                .blend(Blend(from: .picture(a.picture), to: .picture(b.picture), frames: 7)))
            let seen = try await scene.directions(of: frames)
            // How far each frame is on its way from the first to the last.
            let way = seen.map { CLIPJudge.cosine($0, seen[6]) - CLIPJudge.cosine($0, seen[0]) }
            steps += zip(way, way.dropFirst()).map { $1 > $0 ? 1 : 0 }
            orders.append(TaskMeasures.rankCorrelation(way))
            cells += frames.enumerated().map { ($1, $0 == 0 ? a.caption : $0 == 6 ? b.caption : "") }
        }
        return Outcome(
            table: MetricTable(
                name: "blend", title: "Series between two pictures",
                explanation:
                    "By CLIP's embeddings of the drawn frames, how far each is from the first to the last: the share "
                    + "of steps that lead on, and the rank correlation with the frames' order.",
                columns: ["steps that lead on", "rank correlation"],
                rows: [.init("7 frames", [Bootstrap.mean(steps), Bootstrap.mean(orders)])]),
            cells: cells, columns: 7)
    }

    /// A picture moved along the difference of two captions.
    static let textDifference = TaskCheck(name: "text-difference") { scene in
        let amounts = [0, 0.15, 0.3, 0.5]
        var cells: [(picture: ImageBuffer, caption: String)] = []
        var gains = amounts.map { _ in [Double]() }
        for (index, example) in scene.examples.enumerated() {
            let other = scene.examples[(index + 1) % scene.examples.count].caption
            let frames = try await scene.drawn(
                .textDifference(
                    TextDifference(example.picture, from: example.caption, to: other, amounts: amounts)))
            let seen = try await scene.directions(of: frames)
            let words = try await scene.directions(of: [example.caption, other])
            for place in amounts.indices {
                gains[place].append(CLIPJudge.cosine(seen[place], words[1]) - CLIPJudge.cosine(seen[place], words[0]))
            }
            cells.append((example.picture, example.caption))
            cells += frames.enumerated().map { ($1, $0 == amounts.count - 1 ? other : "\(amounts[$0])") }
        }
        return Outcome(
            table: MetricTable(
                name: "text_difference", title: "Along the difference of two texts",
                explanation: "Cosine to the text that is aimed at, less the cosine to the text that was left, by θ.",
                columns: ["gain"], rows: zip(amounts, gains).map { .init("\($0)", [Bootstrap.mean($1)]) }),
            cells: cells, columns: 5)
    }
}

extension TaskScene {
    /// The side of the decoder's own pictures.
    func decoderSide() async throws -> Int {
        try ModelRegistry.describe(model, in: .standard()).stages.first { $0.declared.role == .decoder }?.space
            .pictureSize?.width ?? 64
    }
}

extension Sequence where Self: Sendable, Element: Sendable {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async throws -> [T] {
        var result: [T] = []
        for element in self { result.append(try await transform(element)) }
        return result
    }
}
