import Diffusion
import Foundation
import Models
import NN
import Scenes
import Testing
import Tokenizers
import Torch

@testable import Training

/// A chain of tiny runs over discs: a tokenizer, CLIP, and what is trained on it.
private struct TinyRuns {
    let folder: TemporaryFolder
    let pack: PicturePack
    let optimizer: String

    init(optimizer: String = "adamw") throws {
        self.optimizer = optimizer
        folder = try TemporaryFolder()
        try TinyPack.write(to: folder("pack"))
        pack = try PicturePack(folder: folder("pack"))
        try BPETrainer(vocabularySize: 560).train(pack.trainingTexts()).save(to: folder("tokenizer"), contextLength: 16)
    }

    func training(steps: Int, batch: Int = 4, seed: UInt64 = 1) throws -> TrainingConfig {
        let json = """
            {"steps": \(steps), "batch": \(batch), "accumulation": 2, "warmup": 2, "seed": \(seed), "device": "cpu",
             "optimizer": "\(optimizer)", "log_every": 1, "save_every": 100, "sample_every": 0}
            """
        return try JSONDecoder().decode(TrainingConfig.self, from: Data(json.utf8))
    }

    var data: DataConfig { DataConfig(pack: folder("pack").path) }

    func clip(steps: Int, seed: UInt64 = 1, start: String? = nil) throws -> CLIPObjective {
        var text = CLIPTextConfig()
        text.vocabSize = 560
        text.eosTokenID = 559
        (text.hiddenSize, text.intermediateSize, text.projectionDim) = (16, 32, 16)
        (text.numHiddenLayers, text.numAttentionHeads, text.maxPositionEmbeddings) = (1, 2, 16)
        var vision = CLIPVisionConfig()
        (vision.hiddenSize, vision.intermediateSize, vision.projectionDim) = (16, 32, 16)
        (vision.numHiddenLayers, vision.numAttentionHeads) = (1, 2)
        (vision.imageSize, vision.patchSize) = (16, 8)
        var config = CLIPTrainingConfig(
            data: data, training: try training(steps: steps, seed: seed), text: text, vision: vision,
            tokenizer: folder("tokenizer").path)
        config.start = start
        return try CLIPObjective(config, pack: pack, device: .cpu)
    }

    /// Trains in as many runs as `pauses` says, each up to a step, and gives the trained weights.
    func train(_ name: String, pauses: [Int], seed: UInt64 = 1) throws -> [Float] {
        var weights: [Float] = []
        let steps = try #require(pauses.last)
        for pause in pauses {
            let objective = try clip(steps: steps, seed: seed)
            let run = try TrainingRun(
                folder: folder(name), description: Data("same".utf8), config: try training(steps: steps, seed: seed),
                objective: objective)
            try run.run(isCancelled: { run.stepsDone >= pause && pause < steps })
            weights = try objective.parameters.flatMap { try $0.tensor.floats() }
        }
        return weights
    }
}

@Suite(.serialized) struct RunTests {
    @Test(arguments: ["adamw", "muon"])
    func aResumedRunIsTheSameRun(optimizer: String) throws {
        let runs = try TinyRuns(optimizer: optimizer)
        let whole = try runs.train("whole", pauses: [6])
        #expect(try runs.train("parts", pauses: [2, 4, 6]) == whole, "bit for bit")
        #expect(try runs.train("other", pauses: [6], seed: 2) != whole)
        // The logs agree too: a resumed run forgets nothing and repeats nothing.
        func steps(_ name: String) throws -> [Int] {
            struct Line: Decodable { let step: Int }
            let text = try String(contentsOf: runs.folder(name).appending(path: "log.jsonl"), encoding: .utf8)
            return try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).step }
        }
        #expect(try steps("parts") == Array(1...6))
        #expect(try steps("whole") == Array(1...6))
        #expect(FileManager.default.fileExists(atPath: runs.folder("whole").appending(path: "loss.svg").path))
    }

    @Test func clipGoesOnFromAnotherRun() throws {
        let runs = try TinyRuns()
        let trained = try runs.train("first", pauses: [3])
        let start = runs.folder("first").appending(path: "model").path
        let further = try runs.clip(steps: 3, seed: 9, start: start)
        // The exported weights are the averaged ones, so they are near and not equal.
        let (before, after) = (
            trained, try further.parameters.flatMap { try $0.tensor.floats() }
        )
        let fresh = try runs.clip(steps: 3, seed: 9).parameters.flatMap { try $0.tensor.floats() }
        func distance(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } }
        #expect(distance(after, before) < distance(fresh, before) / 10)
    }

    @Test func aFolderBelongsToOneConfiguration() throws {
        let runs = try TinyRuns()
        _ = try runs.train("mine", pauses: [1])
        #expect(throws: TrainingError.self) {
            try TrainingRun(
                folder: runs.folder("mine"), description: Data("another".utf8), config: try runs.training(steps: 5),
                objective: try runs.clip(steps: 5))
        }
    }

    @Test func everyPartLearnsAndIsExported() throws {
        let runs = try TinyRuns()
        _ = try runs.train("clip", pauses: [2])
        let clip = runs.folder("clip").appending(path: "model").path
        var mixing = DynamicFilterUpsamplerConfig()
        (mixing.width, mixing.blocks) = (8, 1)
        func mixer(_ prediction: OptionValue) throws -> UpsamplerObjective {
            try upsampler(runs) {
                $0.upsampler = .dynamicFilter(mixing)
                $0.scheduler = try SchedulerConfig(className: "DDIMScheduler", ["prediction_type": prediction])
            }
        }
        let objectives: [(name: String, objective: any Objective, parts: [String])] = [
            ("prior", try prior(runs, clip), ["prior"]),
            ("decoder", try decoder(runs, clip, variance: "learned_range"), ["decoder", "text_proj"]),
            ("sketcher", try sketcher(runs, clip), ["sketcher"]),
            ("upsampler", try upsampler(runs), ["super_res_first"]),
            ("mixing", try mixer("sample"), ["super_res_first"]),
        ]
        // It can neither predict v nor enlarge by another factor.
        #expect(throws: TrainingError.self) { try mixer("v_prediction") }
        mixing.factor = 2
        #expect(throws: TrainingError.self) { try mixer("sample") }
        for (name, objective, parts) in objectives {
            let before = try objective.parameters.map { try $0.tensor.floats() }
            let run = try TrainingRun(
                folder: runs.folder(name), description: Data(name.utf8), config: try runs.training(steps: 5),
                objective: objective)
            #expect(try run.run())
            let after = try objective.parameters.map { try $0.tensor.floats() }
            let moved = zip(before, after).count { $0 != $1 }
            #expect(moved > before.count * 8 / 10, "\(name): \(moved) of \(before.count) parameters moved")
            for part in parts {
                let component = runs.folder(name).appending(path: "model").appending(path: part)
                let store = try Component.store(of: component, device: .cpu)
                switch part {
                case "prior": _ = PriorTransformer(try Component.config(of: component), store.root)
                case "sketcher": _ = Sketcher(try Component.config(of: component), store.root)
                case "decoder": _ = try UNet2DConditionModel(try Component.config(of: component), store.root)
                case "text_proj": _ = UnCLIPTextProjModel(try Component.config(of: component), store.root)
                default: _ = try (Component.config(of: component) as UpsamplerConfig).network(store.root)
                }
                try store.verify()
            }
            #expect(try objective.sample(seed: 1) != nil || name == "prior")
        }
    }

    /// Small pictures that the stages before draw again: others than the real ones, and the same in every run.
    @Test func anUpsamplerLearnsFromWhatTheStageBeforeMakes() throws {
        let runs = try TinyRuns()
        _ = try runs.train("clip", pauses: [1])
        let model = runs.folder("clip").appending(path: "model")
        // New networks answer nothing yet, whatever they see.
        try trained(try decoder(runs, model.path, variance: "learned_range"), "decoder", runs, to: model)
        try trained(try upsampler(runs), "upsampler", runs, to: model)
        let place = StepPlace(seed: 1, step: 0, part: 0)
        func loss(_ change: (inout UpsamplerTrainingConfig) -> Void) throws -> Double {
            try upsampler(runs) {
                $0.start = model.path
                change(&$0)
            }.loss(at: place).loss.item()
        }
        let byDecoder = DecoderRedrawingConfig(model: model.path, steps: 6, most: 3, guidance: 2, probability: 1)
        let byUpsampler = UpsamplerRedrawingConfig(
            model: model.path, component: "super_res_first", scheduler: "super_res_first_scheduler", factor: 2,
            steps: 2,
            probability: 1)
        let real = try loss { _ in }
        let redrawn = try loss { $0.redrawnByDecoder = byDecoder }
        #expect(redrawn != real)
        #expect(try loss { $0.redrawnByDecoder = byDecoder } == redrawn)
        let enlarged = try loss { $0.redrawnByUpsampler = byUpsampler }
        #expect(enlarged != real && enlarged != redrawn)
        #expect(try loss { $0.runs = [1] } != real)
        #expect(throws: TrainingError.self) { try loss { $0.cropsPerPicture = 3 } }
    }

    /// With predicted embeddings in place of the pictures' own the decoder is asked something else.
    @Test func aDecoderLearnsFromWhatThePriorPredicts() throws {
        let runs = try TinyRuns()
        _ = try runs.train("clip", pauses: [1])
        let model = runs.folder("clip").appending(path: "model")
        _ = try LinearPriorFit.run(clip: FrozenCLIP(folder: model, device: .cpu), pack: runs.pack, to: model)
        try trained(try decoder(runs, model.path, variance: "learned_range"), "decoder", runs, to: model)
        func loss(_ share: Double) throws -> Double {
            try decoder(runs, model.path, variance: "learned_range") {
                $0.start = model.path
                $0.conditioning.predictedImage = share
            }.loss(at: StepPlace(seed: 1, step: 0, part: 0)).loss.item()
        }
        #expect(try loss(1) != loss(0))
    }

    /// A decoder that is to be shown sketches begins as exactly the one that saw none, and learns to see them.
    @Test func aDecoderLearnsToSeeSketches() throws {
        let runs = try TinyRuns()
        _ = try runs.train("clip", pauses: [1])
        let model = runs.folder("clip").appending(path: "model")
        try trained(try decoder(runs, model.path, variance: "learned_range"), "decoder", runs, to: model)
        let place = StepPlace(seed: 1, step: 0, part: 0)
        func begun(_ change: (inout DecoderTrainingConfig) -> Void = { _ in }) throws -> DecoderObjective {
            try decoder(runs, model.path, variance: "learned_range") {
                $0.start = model.path
                change(&$0)
            }
        }
        let blind = try begun().loss(at: place).loss.item()
        let seeing = try begun {
            $0.decoder.layout.inChannels = 6
            $0.decoder.sketchSize = 4
            $0.sketches = .init(noise: 0.5)
        }
        // Neither is silently left out.
        #expect(throws: TrainingError.self) { try begun { $0.sketches = .init(noise: 0.5) } }
        #expect(throws: TrainingError.self) { try begun { $0.decoder.sketchSize = 4 } }
        let first = try #require(seeing.parameters.first { $0.key == "decoder/conv_in.weight" }).tensor
        first.requiresGrad = true
        let loss = try seeing.loss(at: place).loss
        #expect(abs(try loss.item() - blind) < 1e-5)
        try loss.backward()
        let gradient = try #require(first.grad).narrow(dim: 1, start: 3, length: 3)
        #expect(try gradient.abs().sum().item() > 0)
        #expect(try seeing.sample(seed: 1) != nil)

        // Sketches that a sketcher drew again are others, and the same in every run.
        _ = try LinearPriorFit.run(clip: FrozenCLIP(folder: model, device: .cpu), pack: runs.pack, to: model)
        try trained(try sketcher(runs, model.path), "sketcher", runs, to: model)
        try trained(seeing, "seeing", runs, to: model)
        func learnt(_ redrawn: SketcherRedrawingConfig?) throws -> Double {
            try begun {
                $0.decoder.layout.inChannels = 6
                $0.decoder.sketchSize = 4
                $0.sketches = .init(noise: 0, redrawn: redrawn)
            }.loss(at: place).loss.item()
        }
        let redrawn = SketcherRedrawingConfig(model: model.path, steps: 4, most: 4, probability: 1)
        #expect(try learnt(redrawn) != learnt(nil) && learnt(redrawn) == learnt(redrawn))
        #expect(throws: TrainingError.self) {
            try learnt(.init(model: model.path, steps: 4, most: 5, probability: 1))
        }
    }

    /// What a pool holds does not depend on where a run was resumed.
    @Test func aPoolIsAFunctionOfTheStep() throws {
        let runs = try TinyRuns()
        _ = try runs.train("clip", pauses: [1])
        let clip = try FrozenCLIP(folder: runs.folder("clip").appending(path: "model"), device: .cpu)
        func pool() throws -> EmbeddedPictures {
            try EmbeddedPictures(
                count: 6, fresh: 2, size: 4, seed: 3, clip: clip,
                sampler: PictureSampler(pack: runs.pack, config: runs.data), device: .cpu)
        }
        func pictures(_ pool: EmbeddedPictures, _ step: Int) throws -> [Float] {
            var random = Randomness(seed: 5, Purpose.conditioning)
            return try pool.rows(count: 12, step: step, &random).pictures.floats()
        }
        let whole = try pool()
        let seen = try (0..<5).map { try pictures(whole, $0) }
        for step in [1, 4] { #expect(try pictures(pool(), step) == seen[step]) }
        #expect(Set(seen).count == 5, "some give way to others in each step")
        #expect(throws: TrainingError.self) {
            try EmbeddedPictures(
                count: 5, fresh: 2, size: 4, seed: 3, clip: clip,
                sampler: PictureSampler(pack: runs.pack, config: runs.data), device: .cpu)
        }
    }

    /// What CLIP sees is part of the error, and is learnt from.
    @Test func aDecoderLearnsFromWhatCLIPSees() throws {
        let runs = try TinyRuns()
        _ = try runs.train("clip", pauses: [1])
        let clip = runs.folder("clip").appending(path: "model").path
        func step(_ perceptual: PerceptualConfig?) throws -> (figures: [String: Double], gradient: [Float]) {
            let objective = try decoder(runs, clip, variance: "learned_range") { $0.perceptual = perceptual }
            let output = try #require(objective.parameters.first { $0.key == "decoder/conv_out.weight" }).tensor
            output.requiresGrad = true
            let (loss, figures) = try objective.loss(at: StepPlace(seed: 1, step: 0, part: 0))
            try loss.backward()
            let values = try figures.map { ($0.name, try $0.value.item()) } + [("loss", loss.item())]
            return (Dictionary(uniqueKeysWithValues: values), try #require(output.grad).floats())
        }
        var config = PerceptualConfig()
        config.weight = 0.5
        let (pixels, both) = (try step(nil), try step(config))
        let (alone, seen) = (try #require(both.figures["pixels"]), try #require(both.figures["perceptual"]))
        #expect(pixels.figures["loss"] == alone)
        #expect(seen > 0)
        #expect(abs(try #require(both.figures["loss"]) - (alone + 0.5 * seen)) < 1e-5)
        #expect(both.gradient != pixels.gradient)
        for wrong in [\PerceptualConfig.weight, \.leastWindow] {
            var config = config
            config[keyPath: wrong] = -1
            #expect(throws: TrainingError.self) { try step(config) }
        }
        config.windows = 0
        #expect(throws: TrainingError.self) { try step(config) }
    }

    @Test func theSamePicturesAreNotApart() throws {
        let runs = try TinyRuns()
        _ = try runs.train("clip", pauses: [1])
        let clip = try FrozenCLIP(folder: runs.folder("clip").appending(path: "model"), device: .cpu)
        let distance = try PerceptualDistance(PerceptualConfig(), clip: clip)
        let place = StepPlace(seed: 1, step: 0, part: 0)
        let pictures = Tensor.rand([5, 3, 16, 16], generator: Generator(seed: 1)) * 2 - 1
        #expect(try distance(pictures, pictures, at: place).floats() == [0, 0, 0, 0, 0])
        // One that differs differs alone.
        let others = Tensor.cat(
            [pictures.narrow(dim: 0, start: 0, length: 4), -pictures.narrow(dim: 0, start: 4, length: 1)], dim: 0)
        let apart = try distance(pictures, others, at: place).floats()
        #expect(apart[..<4].allSatisfy { $0 == 0 } && apart[4] > 0)
    }

    /// Trains a little and adds what was trained to a model folder.
    private func trained(_ objective: any Objective, _ name: String, _ runs: TinyRuns, to model: URL) throws {
        let run = try TrainingRun(
            folder: runs.folder(name), description: Data(name.utf8), config: try runs.training(steps: 5),
            objective: objective)
        try run.run()
        try objective.export(to: model, dtype: .float32)
    }

    private func prior(_ runs: TinyRuns, _ clip: String) throws -> PriorObjective {
        var config = PriorConfig()
        (config.numAttentionHeads, config.attentionHeadDim, config.numLayers) = (2, 8, 1)
        (config.embeddingDim, config.numEmbeddings) = (16, 16)
        return try PriorObjective(
            PriorTrainingConfig(
                data: runs.data, training: try runs.training(steps: 5), clip: clip, prior: config,
                scheduler: try SchedulerConfig(
                    className: "UnCLIPScheduler", ["prediction_type": "sample", "variance_type": "fixed_small_log"])),
            pack: runs.pack, device: .cpu)
    }

    private func sketcher(_ runs: TinyRuns, _ clip: String) throws -> SketcherObjective {
        let json = #"{"sample_size": 4, "hidden_size": 8, "num_layers": 2, "clip_embeddings_dim": 16}"#
        var config = SketcherTrainingConfig(
            data: runs.data, training: try runs.training(steps: 5), clip: clip,
            sketcher: try JSONDecoder().decode(SketcherConfig.self, from: Data(json.utf8)),
            scheduler: try SchedulerConfig(className: "DDIMScheduler", ["prediction_type": "sample"]))
        (config.pool.count, config.pool.fresh) = (8, 4)
        return try SketcherObjective(config, pack: runs.pack, device: .cpu)
    }

    private func decoder(
        _ runs: TinyRuns, _ clip: String, variance: String, _ change: (inout DecoderTrainingConfig) -> Void = { _ in }
    ) throws -> DecoderObjective {
        var layout = UNetLayout(
            channels: 3, blockOutChannels: [8, 16],
            downBlockTypes: ["ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"],
            midBlockType: "UNetMidBlock2DSimpleCrossAttn",
            upBlockTypes: ["SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"])
        (layout.normNumGroups, layout.layersPerBlock, layout.outChannels) = (4, 1, 6)
        layout.resnetTimeScaleShift = .scaleShift
        var config = DecoderTrainingConfig(
            data: runs.data, training: try runs.training(steps: 5), clip: clip, size: 16,
            decoder: UNet2DConditionConfig(layout: layout, headWidth: 8, crossAttentionDim: 12),
            scheduler: try SchedulerConfig(className: "UnCLIPScheduler", ["variance_type": .text(variance)]))
        change(&config)
        return try DecoderObjective(config, pack: runs.pack, device: .cpu)
    }

    private func upsampler(
        _ runs: TinyRuns, _ change: (inout UpsamplerTrainingConfig) throws -> Void = { _ in }
    ) throws -> UpsamplerObjective {
        var network = UNet2DConfig(inChannels: 6, outChannels: 3, blockOutChannels: [8, 16], patchSize: 2)
        network.layout.normNumGroups = 4
        var config = UpsamplerTrainingConfig(
            data: runs.data, training: try runs.training(steps: 5), component: "super_res_first", size: 32, factor: 4,
            crop: 16, upsampler: .unet(network),
            scheduler: try SchedulerConfig(className: "DDIMScheduler", ["prediction_type": "v_prediction"]))
        try change(&config)
        return try UpsamplerObjective(config, pack: runs.pack, device: .cpu)
    }
}

@Suite struct ConfigurationTests {
    private func decode(_ json: String) throws -> TrainingConfig {
        try JSONDecoder().decode(TrainingConfig.self, from: Data(json.utf8))
    }

    @Test func valuesThatCannotBeAreRefusedByName() throws {
        for (json, key) in [
            (#"{"steps": 0}"#, "steps"), (#"{"batch": 5, "accumulation": 2}"#, "accumulation"), (#"{"ema": 1}"#, "ema"),
            (#"{"dtype": "int8"}"#, "dtype"), (#"{"betas": [0.9]}"#, "betas"), (#"{"stepz": 3}"#, "stepz"),
        ] {
            let error = #expect(throws: TrainingError.self) { try decode(json) }
            #expect(error.map { "\($0)".contains("'\(key)'") } == true, "\(json): \(String(describing: error))")
        }
    }

    @Test func productsAreInBFloat16WhereTheDeviceIsFasterInIt() throws {
        let auto = try decode(#"{"dtype": "auto"}"#)
        #expect(auto.productType(on: .cpu) == (Device.cpu.isFasterInBFloat16 ? .bfloat16 : .float32))
        #expect(auto.productType(on: .cuda()) == .bfloat16)
        #expect(try decode(#"{"dtype": "bfloat16"}"#).productType(on: .cpu) == .bfloat16, "what was named is done")
    }

    @Test func theRateWarmsUpAndFalls() throws {
        let config = try decode(#"{"steps": 100, "warmup": 10, "rate": 1.0, "final_rate_share": 0.1}"#)
        #expect(config.rate(at: 0) == 0.1 && config.rate(at: 9) == 1)
        #expect(abs(config.rate(at: 100) - 0.1) < 1e-12)
        #expect((10..<99).allSatisfy { config.rate(at: $0 + 1) < config.rate(at: $0) })
    }
}

@Suite struct LossTests {
    /// A network that knows the answer has no error, whatever it predicts.
    @Test(arguments: ["epsilon", "sample", "v_prediction"])
    func theRightAnswerCostsNothing(_ prediction: String) throws {
        let config = try SchedulerConfig(className: "DDIMScheduler", ["prediction_type": .text(prediction)])
        let loss = try DiffusionLoss(config, gamma: 5)
        let clean = Tensor.randn([8, 3, 4, 4], generator: Generator(seed: 1)).clamp(min: -1, max: 1)
        let batch = try loss.noised(clean, at: StepPlace(seed: 2, step: 3, part: 0))
        let times = try batch.timesteps.int64s().map(Int.init)
        // The noise follows from x_t and x_0.
        let (signal, scale) = (
            Tensor(times.map { loss.schedule.level(at: $0).signal }, shape: [8, 1, 1, 1]),
            Tensor(times.map { loss.schedule.level(at: $0).noise }, shape: [8, 1, 1, 1])
        )
        let noise = (batch.noisy - signal * clean) / scale
        let answers = ["epsilon": noise, "sample": clean, "v_prediction": signal * noise - scale * clean]
        #expect(try batch.error(of: try #require(answers[prediction])).item() < 1e-3)
        #expect(try batch.error(of: clean * 0).item() > 0.05)
    }

    /// Between a dark and a light answer the squared distance likes the middle, the absolute one what is likelier.
    @Test func theAbsoluteDistanceChoosesTheLikelier() throws {
        let config = try SchedulerConfig(className: "DDIMScheduler", ["prediction_type": "sample"])
        let clean = Tensor([Float](repeating: 1, count: 3) + [-1], shape: [4, 1, 1, 1])
        func error(_ distance: PredictionDistance, _ answer: Double) throws -> Double {
            try DiffusionLoss(config, gamma: 1, floor: 1, distance: distance)
                .noised(clean, at: StepPlace(seed: 2, step: 3, part: 0)).error(of: clean * 0 + answer).item()
        }
        #expect(try error(.squared, 0.5) < error(.squared, 1))
        #expect(try error(.absolute, 1) < error(.absolute, 0.5))
    }

    /// The true posterior's own variance costs less than any other.
    @Test func theBoundIsLeastAtTheTrueVariance() throws {
        let schedule = try NoiseSchedule(SchedulerConfig(className: "UnCLIPScheduler"))
        let clean = Tensor.randn([4, 3, 4, 4], generator: Generator(seed: 1)).clamp(min: -1, max: 1)
        let noise = Tensor.randn([4, 3, 4, 4], generator: Generator(seed: 2))
        let times = [40, 300, 600, 900]
        let noisy = try schedule.addNoise(clean, noise, timesteps: times)
        func bound(_ fraction: Double) throws -> Double {
            try LearnedVariance(schedule).bound(
                clean: clean, noisy: noisy, predicted: clean, variance: .full([4, 3, 4, 4], fraction), times: times
            ).item()
        }
        let best = try bound(-1)
        #expect(abs(best) < 1e-6)
        #expect(try bound(0) > best && bound(1) > bound(0))
    }
}

@Suite struct RefoldingTests {
    /// A larger network does with a picture what it did with the picture made small.
    @Test func theLargerNetworkBeginsAsTheSmallerOne() throws {
        func network(_ patch: Int, _ source: (any WeightSource)?) throws -> (UNet2DModel, ParameterStore) {
            var config = UNet2DConfig(inChannels: 3, outChannels: 3, blockOutChannels: [8, 16], patchSize: patch)
            config.layout.normNumGroups = 4
            let store = ParameterStore(source: source, generator: Generator(seed: 1))
            let network = try UNet2DModel(config, store.root)
            try store.verify()
            return (network, store)
        }
        let (small, store) = try network(2, nil)
        let generator = Generator(seed: 2)
        for (_, tensor) in store.parameters {
            tensor.copyInPlace(from: Tensor.randn(tensor.shape, generator: generator) * 0.1)
        }
        let (large, _) = try network(4, EnlargedWeights(StoredWeights(store), .unet, from: 2, to: 4))
        let picture = Tensor.randn([2, 3, 32, 32], generator: generator)
        let time = Tensor([10 as Float])
        let expected = small(picture.avgPool2d(kernel: 2, stride: 2), time).upsampleNearest(size: [32, 32])
        #expect(try (large(picture, time) - expected).abs().amax().item() < 1e-4)
    }

    @Test func largerSketchesBeginAsSmallerOnes() throws {
        let (small, store) = try sketcher(size: 4)
        let (large, _) = try sketcher(size: 8, EnlargedWeights(StoredWeights(store), .sketcher, from: 4, to: 8))
        let sample = Tensor.randn([2, 3, 8, 8], generator: Generator(seed: 2))
        let expected = draw(small, sample.avgPool2d(kernel: 2, stride: 2)).upsampleNearest(size: [8, 8])
        #expect(try expected.abs().amax().item() > 0.01)
        #expect(try (draw(large, sample) - expected).abs().amax().item() < 1e-4)
    }

    /// Its new units can learn: what they see is not nothing.
    @Test func aRoomierSketcherBeginsAsItsStart() throws {
        let (small, store) = try sketcher(size: 4)
        let (large, grown) = try sketcher(
            size: 4, inner: 24,
            RoomierBlocks(StoredWeights(store), from: 16, to: 24, generator: Generator(seed: 3)))
        let sample = Tensor.randn([2, 3, 4, 4], generator: Generator(seed: 2))
        #expect(try (draw(large, sample) - draw(small, sample)).abs().amax().item() < 1e-5)
        let seeing = try #require(grown.parameters.first { $0.key == "blocks.0.linear_1.weight" }).tensor
        #expect(seeing.shape == [24, 8])
        #expect(try seeing.narrow(dim: 0, start: 16, length: 8).abs().amax().item() > 0.01)
    }

    private func sketcher(
        size: Int, inner: Int = 16, _ source: (any WeightSource)? = nil
    ) throws -> (Sketcher, ParameterStore) {
        let json = """
            {"sample_size": \(size), "hidden_size": 8, "intermediate_size": \(inner), "num_layers": 1,
             "clip_embeddings_dim": 6}
            """
        let store = ParameterStore(source: source, generator: Generator(seed: 1))
        let sketcher = Sketcher(try JSONDecoder().decode(SketcherConfig.self, from: Data(json.utf8)), store.root)
        try store.verify()
        return (sketcher, store)
    }

    private func draw(_ sketcher: Sketcher, _ sample: Tensor) -> Tensor {
        let embeds = Tensor.randn([2, 6], generator: Generator(seed: 4))
        return sketcher(
            sample, Tensor([10 as Float]), context: sketcher.condition(imageEmbeds: embeds, textEmbeds: embeds))
    }

    private struct StoredWeights: WeightSource {
        let store: ParameterStore
        init(_ store: ParameterStore) { self.store = store }
        var keys: [String] { store.parameters.map(\.key) }
        private func find(_ key: String) -> Tensor? { store.parameters.first { $0.key == key }?.tensor }
        func shape(of key: String) -> [Int]? { find(key)?.shape }
        func dtype(of key: String) -> DType? { find(key)?.dtype }
        func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor {
            guard let tensor = find(key) else { throw ParameterError() }
            return tensor
        }
    }
}
