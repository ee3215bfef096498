import Foundation
import Models
import Testing
import Tokenizers
import Torch

@testable import Training

@Suite(.serialized) struct EvaluationSceneTests {
    let folder: TemporaryFolder
    let pack: PicturePack
    let choice = EvaluationCases(captions: 2, colours: 4, grounds: 1, split: "val", seed: 40)

    init() throws {
        folder = try TemporaryFolder()
        try TinyPack.write(to: folder("pack"))
        pack = try PicturePack(folder: folder("pack"))
    }

    @Test func casesAreAFunctionOfTheChoice() throws {
        let cases = try choice.choose(from: pack)
        #expect(cases == (try choice.choose(from: pack)))
        #expect(cases.count == 2 + Ground.named.count)
        #expect(Set(cases.prefix(2).map { pack.rows[$0.row].captions[0] }).count == 2)
        #expect(
            cases.prefix(2).allSatisfy {
                $0.purposes == [.caption, .colour] && $0.prompt.hasSuffix(" disc, flat icon")
            })
        #expect(cases.suffix(13).map(\.ground) == Ground.named.map(\.name))
        #expect(cases.last?.prompt.hasSuffix(", on a beige background") == true)
        #expect(cases.map(\.seed) == (40..<40 + UInt64(cases.count)).map { $0 })
        #expect(Set(cases.map(\.id)).count == cases.count)
        var other = choice
        other.captions = 3
        #expect(throws: EvaluationError.tooFewCaptions(split: "val", distinct: 2, wanted: 3)) {
            try other.choose(from: pack)
        }
        other.split = "nowhere"
        #expect(throws: EvaluationError.noSuchSplit("nowhere", available: ["train", "val"])) {
            try other.choose(from: pack)
        }
    }

    @Test func scenesAreOfTheGroupsAskedFor() throws {
        func things(_ groups: [String]) throws -> Set<String> {
            let choice = EvaluationCases(
                captions: 1, colours: 0, grounds: 0, compositions: 20, compositionGroups: groups, split: "val", seed: 4)
            let draws = try choice.choose(from: pack).compactMap(\.composition?.real)
            return Set(draws.flatMap { $0.subjects.map { pack.rows[$0.index].group } })
        }
        #expect(try things([]) == ["Shapes/disc", "Flags/disc"])
        #expect(try things(["Shapes"]) == ["Shapes/disc"])
        #expect(try things(["Nothing"]).isEmpty)
    }

    /// The same CLIP is no judge; one that was trained apart, or none of the model's own, is nothing to warn of.
    @Test func aJudgeIsNotTheModelsOwn() throws {
        let clips = try [clip(seed: 1), clip(seed: 2)]
        let cases = Array(try choice.choose(from: pack).prefix(2))
        let pictures = try cases.map { try RGBPicture(grid: pack.pictures([$0.row], size: 16), columns: 1) }
        let outcome = EvaluationOutcome(pictures: pictures, seconds: [1, 1])
        func warnings(_ own: CLIPEncoder?) throws -> Int {
            try EvaluationScene(
                pack: pack, split: "val", cases: cases, outcome: outcome, judge: clips[0], own: own
            ).warnings().count
        }
        #expect(try warnings(clips[0]) == 1)
        #expect(try warnings(clips[1]) == 0)
        #expect(try warnings(nil) == 0)
    }

    /// A CLIP that has learnt nothing: the tables are about it, and the pixels' ones are about the pictures.
    private func clip(seed: UInt64 = 1) throws -> CLIPEncoder {
        try BPETrainer(vocabularySize: 560).train(pack.trainingTexts()).save(to: folder("tokenizer"), contextLength: 16)
        var text = CLIPTextConfig()
        (text.vocabSize, text.eosTokenID, text.maxPositionEmbeddings) = (560, 559, 16)
        (text.hiddenSize, text.intermediateSize, text.projectionDim) = (16, 32, 16)
        (text.numHiddenLayers, text.numAttentionHeads) = (1, 2)
        var vision = CLIPVisionConfig()
        (vision.hiddenSize, vision.intermediateSize, vision.projectionDim) = (16, 32, 16)
        (vision.numHiddenLayers, vision.numAttentionHeads, vision.imageSize, vision.patchSize) = (1, 2, 16, 8)
        var training = TrainingConfig()
        training.seed = seed
        let config = CLIPTrainingConfig(
            data: DataConfig(pack: ""), training: training, text: text, vision: vision,
            tokenizer: folder("tokenizer").path)
        try CLIPObjective(config, pack: pack, device: .cpu).export(to: folder("clip-\(seed)"), dtype: .float32)
        return try CLIPEncoder(folder: folder("clip-\(seed)"), device: .cpu)
    }

    /// What a model that copies real pictures would get.
    @Test func everyMetricMeasures() throws {
        let clip = try clip()
        let cases = try choice.choose(from: pack)
        let real = try cases.map {
            try RGBPicture(grid: pack.pictures([$0.row], size: 32, on: Ground.named($0.ground)), columns: 1)
        }
        let outcome = EvaluationOutcome(
            pictures: real, seconds: cases.map { _ in 0.5 },
            predicted: cases.map { _ in [Float](repeating: 1, count: 16) })
        let scene = try EvaluationScene(
            pack: pack, split: "val", cases: cases, outcome: outcome, judge: clip, own: clip)
        let tables = try EvaluationMetric.all.compactMap { try $0.measure(scene) }
        #expect(
            tables.map(\.name) == ["r_precision", "colours", "sharpness", "kid", "memorisation", "embeddings", "speed"])
        for table in tables {
            #expect(table.rows.allSatisfy { $0.values.count == table.columns.count }, "\(table.name)")
            #expect(table.rows.flatMap(\.values).allSatisfy { $0.map { $0.value.isFinite } ?? true }, "\(table.name)")
        }
        let colours = try #require(tables.first { $0.name == "colours" })
        #expect(colours.rows.map(\.label) == ["real", "drawn", "nearest training picture"])
        #expect(colours.rows.prefix(2).allSatisfy { $0.values.map { $0?.value } == [1, 0, 1] })
        // The drawn ones are the real ones at another size.
        let memory = try #require(tables.first { $0.name == "memorisation" })
        let pixels = memory.rows.compactMap { $0.values[0]?.value }
        #expect(pixels.count == 2 && pixels[0] > 0.01 && abs(pixels[0] - pixels[1]) < 0.1)
        let sharpness = try #require(tables.first { $0.name == "sharpness" })
        #expect(sharpness.rows[0].values == sharpness.rows[1].values)
        #expect(try scene.sheets().map(\.name) == ["drawn", "compared", "colours", "grounds", "nearest"])

        let report = EvaluationReport(
            model: "m", data: "pack", judge: "clip", choice: choice, settings: ["decoder": "ddim"],
            warnings: try scene.warnings(), tables: tables)
        #expect(report.markdown(sheets: [("a.png", "A")]).contains("![A](a.png)"))
        let back = try JSONDecoder().decode(EvaluationReport.self, from: JSONEncoder().encode(report))
        #expect(back.tables == tables)
    }
}
