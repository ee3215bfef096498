import Diffusion
import ImageGeneration
import Scenes

/// Turns a request into a plan for a model. Pure: reads no file and loads nothing.
///
/// - Parameter seed: the seed of the first picture; picture i has `seed` + i.
/// - Throws: `GenerationError`, of kind `.invalidRequest` for a value that no model takes, `.unsupported` for what this
///   model cannot do.
public func plan(
    for request: ImageRequest, seed: UInt64, model: ModelDescription
) throws(GenerationError) -> GenerationPlan {
    try request.validate()
    let planner = Planner(request: request, model: model)
    try planner.checkTask()
    let outline = try request.task.outline(size: request.size, embeds: model.embeds)
    try planner.checkSources(outline)
    let preset = try planner.preset()
    let texts = try planner.texts(outline, preset)
    let canvas = try planner.canvas(outline)
    let size = if let canvas { canvas.size } else { try planner.size() }
    let stages = try planner.stages(outline, preset, texts: texts, drawing: planner.drawing(canvas, size: size))
    let noise = planner.noise(outline, seed: seed)
    let subjects = planner.subjects(outline, seeds: noise.seeds)
    return GenerationPlan(
        subjects: subjects, negative: outline.negative, texts: texts,
        picturesPerSubject: noise.seeds.count / subjects.count, noise: noise, inversion: outline.inversion,
        stages: stages, canvas: canvas, size: size)
}

struct Planner {
    let request: ImageRequest
    let model: ModelDescription
    var manifest: GenerationManifest { model.manifest }

    func checkTask() throws(GenerationError) {
        guard model.tasks.contains(request.task.kind) else {
            let known = model.tasks.map(\.rawValue).sorted().joined(separator: ", ")
            throw .unsupported(
                "task", "the model \(model.name) cannot do \(request.task.kind.rawValue); it can do \(known)")
        }
        let names = model.stages.map(\.declared.name)
        if let unknown = request.stages.keys.sorted().first(where: { !names.contains($0) }) {
            throw .unsupported(
                unknown, "the model \(model.name) has no stage '\(unknown)'; it has \(names.joined(separator: ", "))")
        }
    }

    /// A blend may ask for what only one of its sources needs.
    func checkSources(_ outline: TaskOutline) throws(GenerationError) {
        for (source, isNeeded) in [
            (EmbeddingInput.text, outline.subjects.contains { !$0.embedding.texts.isEmpty }),
            (.picture, outline.subjects.contains { !$0.embedding.pictures.isEmpty }),
        ] where isNeeded && !model.embeds.contains(source) {
            throw .unsupported(
                "sources", "the model \(model.name) has no \(source.component), so it cannot begin with a \(source)")
        }
    }

    /// Take j of every frame has the seed `seed` + j, so that the frames of a series have their noise in common.
    func noise(_ outline: TaskOutline, seed: UInt64) -> InitialNoise {
        let seeds = outline.subjects.flatMap { _ in (0..<UInt64(request.count)).map { seed &+ $0 } }
        guard let weights = outline.noiseWeights else { return .seeded(seeds) }
        return .slerped(seeds, weights: weights.flatMap { Array(repeating: $0, count: request.count) })
    }

    func preset() throws(GenerationError) -> GenerationManifest.Preset {
        guard let name = request.preset ?? manifest.preset else { return .init() }
        guard let preset = manifest.presets[name] else {
            let known = manifest.presets.keys.sorted().joined(separator: ", ")
            throw .unsupported(
                "preset",
                "the model \(model.name) has no preset '\(name)'; "
                    + (known.isEmpty ? "it has none" : "it has \(known)"))
        }
        return preset
    }

    func texts(
        _ outline: TaskOutline, _ preset: GenerationManifest.Preset
    ) throws(GenerationError) -> TextEmbedding? {
        guard outline.subjects.contains(where: { !$0.embedding.texts.isEmpty }) else { return nil }
        switch (preset.embedding ?? manifest.embedding, manifest.linearPrior) {
        case (.prior, _):
            return .prior
        case (.linear, let component?):
            return .linear(component: component)
        case (.linear, nil):
            throw GenerationError(
                .unusableModel, parameter: GenerationManifest.fileName,
                "\(GenerationManifest.fileName) asks for a linear prior and names none")
        }
    }

    /// The outline's subjects. Where each picture begins with nothing but noise of its own, those whose prompt names no style
    /// get one for each picture, and those whose prompt counts out things are taken apart, where the model draws them so.
    func subjects(_ outline: TaskOutline, seeds: [UInt64]) -> [Subject] {
        guard outline.known == nil, hasOwnNoise(outline) else { return outline.subjects }
        let takesApart = model.stages.contains { $0.declared.composesScenes == true }
        return styled(outline.subjects, seeds: seeds).map { subject in
            var subject = subject
            if takesApart, subject.isOfItsPrompt { subject.scene = SceneText(subject.prompt) }
            return subject
        }
    }

    private func styled(_ subjects: [Subject], seeds: [UInt64]) -> [Subject] {
        guard let styles = manifest.styles,
            subjects.contains(where: { $0.isOfItsPrompt && !styles.areNamed(in: $0.prompt) })
        else { return subjects }
        return seeds.enumerated().map { picture, seed in
            let subject = subjects[picture / request.count]
            guard subject.isOfItsPrompt else { return subject }
            let prompt = styles.prompt(subject.prompt, seed: seed)
            return Subject(prompt: prompt, embedding: .text(prompt))
        }
    }

    /// How many samples each stage draws and keeps: the first that can draws all candidates, each after a sketch of its own,
    /// so that those after it draw once. What begins with noise that it has in common, as the frames of a series, would lose
    /// it.
    ///
    /// - Throws: where more than one is asked for and no stage can; a preset's number holds as far as it can.
    private func candidates(
        _ stages: [StageDescription], _ outline: TaskOutline, _ preset: GenerationManifest.Preset
    ) throws(GenerationError) -> [(drawn: Int, kept: Int)] {
        let chooser = stages.firstIndex { $0.drawsCandidates && ($0.space.pictureSize == nil || hasOwnNoise(outline)) }
        guard let chooser else {
            guard request.candidates ?? 1 == 1 else {
                throw .unsupported(
                    "candidates",
                    "nothing of this can be drawn more than once by the model \(model.name), to choose from; ask for 1 "
                        + "candidate or another preset")
            }
            return stages.map { _ in (1, 1) }
        }
        let asked = request.candidates ?? preset.candidates ?? 1
        if stages[chooser].space.pictureSize != nil, asked > Self.mostPictures {
            throw .unsupported(
                "candidates",
                "the model \(model.name) draws at most \(Self.mostPictures) pictures to choose one from, not \(asked)")
        }
        return stages.enumerated().map { index, stage in
            if index == chooser { return (asked, 1) }
            guard index < chooser, stage.declared.role == .sketcher else { return (1, 1) }
            return (asked * (stage.declared.candidates ?? 1), asked)
        }
    }

    /// Whether pictures have no noise in common, be it a picture's or the frames' of a series.
    private func hasOwnNoise(_ outline: TaskOutline) -> Bool { outline.inversion == nil && request.task.frames == 1 }

    /// They are drawn together: more would take the memory of as many pictures.
    private static let mostPictures = 16

    /// Sizes that come out of the stages as they are.
    private var stageSizes: [PictureSize] {
        model.stages.filter(\.declared.role.makesPictures).compactMap(\.space.pictureSize)
    }

    func size() throws(GenerationError) -> PictureSize {
        let size = request.size ?? PictureSize(square: manifest.nativeSize)
        if let multiple = model.sizeMultiple {
            let largest = manifest.sizes.max() ?? manifest.nativeSize
            guard size.isMultiple(of: multiple), max(size.width, size.height) <= largest else {
                throw .unsupported(
                    "size",
                    "the model \(model.name) draws no \(size); width and height are multiples of \(multiple) up to \(largest)"
                )
            }
            return size
        }
        guard size.width == size.height, manifest.sizes.contains(size.width) || stageSizes.contains(size) else {
            let known = manifest.sizes.map { "\(PictureSize(square: $0))" }.joined(separator: ", ")
            throw .unsupported("size", "the model \(model.name) draws no \(size); it draws \(known)")
        }
        return size
    }

    func stages(
        _ outline: TaskOutline, _ preset: GenerationManifest.Preset, texts: TextEmbedding?, drawing: Drawing
    ) throws(GenerationError) -> [Stage] {
        var stages: [Stage] = []
        let descriptions = needed(texts: texts, upTo: drawing.size.width).map { $0.drawing(drawing) }
        for (description, candidates) in zip(descriptions, try candidates(descriptions, outline, preset)) {
            let settings = (request.stages[description.declared.name] ?? StageSettings())
                .filled(from: preset.stages?[description.declared.name] ?? StageSettings())
            var stage =
                description.declared.role.drawsFromNoise && outline.inversion != nil
                ? try inverted(description, settings, outline) : try stage(description, settings)
            (stage.candidates, stage.kept) = candidates
            stages.append(stage)
        }
        // The reference doubles the batch of every stage that takes guidance as soon as one needs it.
        if !stages.contains(where: { ($0.guidance ?? 0) > 1 }) {
            for index in stages.indices { stages[index].guidance = nil }
        }
        return stages
    }

    /// The prior if texts go through it, then the picture stages up to the first that is large enough, and to the last that
    /// finishes pictures of that size.
    private func needed(texts: TextEmbedding?, upTo side: Int) -> [StageDescription] {
        var needed: [StageDescription] = []
        let finishing = model.stages.lastIndex { ($0.declared.finishesFrom ?? .max) <= side } ?? 0
        for (index, description) in model.stages.enumerated() {
            if description.declared.role == .prior {
                if case .prior = texts { needed.append(description) }
                continue
            }
            needed.append(description)
            guard description.declared.role.makesPictures else { continue }
            if let made = description.space.pictureSize, made.width >= side, index >= finishing { break }
        }
        return needed
    }

    /// A stage that begins with a picture's own noise: DDIM is the solver that can be walked backwards, in steps small
    /// enough for it.
    private func inverted(
        _ description: StageDescription, _ settings: StageSettings, _ outline: TaskOutline
    ) throws(GenerationError) -> Stage {
        var settings = settings
        if let asked = request.stages[description.declared.name]?.solver, asked != SolverName.ddim.rawValue {
            throw .unsupported(
                "solver", "a picture is led back to its noise by the solver ddim alone, not by \(asked)")
        }
        settings.solver = SolverName.ddim.rawValue
        settings.steps = request.stages[description.declared.name]?.steps ?? max(settings.steps ?? 0, Inversion.steps)
        var stage = try stage(description, settings)
        stage.diffusion?.run.eta = outline.inversion?.freshNoise ?? 0
        // A limited picture and noise that belongs to another one do not lead back.
        stage.diffusion?.run.rederivesNoise = true
        stage.guidance = stage.guidance.map { 1 + ($0 - 1) * outline.guidanceShare }
        return stage
    }

    private func stage(
        _ description: StageDescription, _ settings: StageSettings
    ) throws(GenerationError) -> Stage {
        let declared = description.declared
        if settings.guidance != nil && declared.guidance == nil {
            throw .unsupported("guidance", "the stage \(declared.name) of \(model.name) takes no guidance scale")
        }
        return Stage(
            name: declared.name, role: declared.role, network: declared.network,
            lastNetwork: declared.lastNetwork ?? declared.network, space: description.space,
            sampler: try sampler(description, settings), guidance: declared.guidance.map { settings.guidance ?? $0 },
            noiseLevel: declared.noiseLevel ?? 0, composesScenes: declared.composesScenes ?? false)
    }

    private func sampler(
        _ description: StageDescription, _ settings: StageSettings
    ) throws(GenerationError) -> Stage.Sampler {
        switch description.sampler {
        case .diffusion(let trained): .diffusion(try diffusion(description, trained, settings))
        case .tokens(let tokens): .tokens(try self.tokens(description.declared.name, tokens, settings))
        }
    }

    private func diffusion(
        _ description: StageDescription, _ trained: SchedulerConfig, _ settings: StageSettings
    ) throws(GenerationError) -> DiffusionSampling {
        let declared = description.declared
        guard settings.temperature == nil, settings.topK == nil else {
            throw .unsupported(
                settings.topK == nil ? "temperature" : "top_k",
                "the stage \(declared.name) of \(model.name) draws no tokens, so it has neither temperature nor top_k")
        }
        let scheduler = try scheduler(declared, trained, solver: try solver(settings))
        let run = RunOptions(
            steps: settings.steps ?? declared.steps, eta: scheduler.kind == .ddim ? declared.eta ?? 0 : 0,
            rederivesNoise: scheduler.kind == .ddim && declared.rederivesNoise ?? false)
        do {
            _ = try scheduler.solver(run)
        } catch {
            throw .invalid("steps", "stage \(declared.name): \(error)")
        }
        return DiffusionSampling(scheduler, run)
    }

    private func tokens(
        _ stage: String, _ tokens: TokenSampling, _ settings: StageSettings
    ) throws(GenerationError) -> TokenSampling {
        if let steps = settings.steps, steps != tokens.length {
            throw .unsupported(
                "steps", "the stage \(stage) of \(model.name) draws \(tokens.length) tokens, no other number")
        }
        if let solver = settings.solver, solver != TokenSampling.name {
            throw .unsupported("solver", "the stage \(stage) of \(model.name) draws tokens, which no solver does")
        }
        var tokens = tokens
        tokens.temperature = settings.temperature ?? tokens.temperature
        tokens.topK = settings.topK ?? tokens.topK
        guard tokens.temperature >= 0, tokens.temperature.isFinite, tokens.temperature <= 100 else {
            throw .invalid("temperature", "the temperature is \(tokens.temperature); expected 0 to 100")
        }
        guard tokens.topK > 0 else { throw .invalid("top_k", "top_k is \(tokens.topK); expected 1 or more") }
        return tokens
    }

    private func solver(_ settings: StageSettings) throws(GenerationError) -> SolverName? {
        guard let name = settings.solver else { return nil }
        guard let solver = SolverName(rawValue: name) else {
            let known = SolverName.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("solver", "there is no solver '\(name)'; use one of \(known)")
        }
        return solver
    }

    private func scheduler(
        _ declared: GenerationManifest.Stage, _ trained: SchedulerConfig, solver: SolverName?
    ) throws(GenerationError) -> SchedulerConfig {
        let kind = (solver ?? declared.solver)?.kind ?? trained.kind
        do {
            let converted = kind == trained.kind ? trained : try trained.converted(to: kind)
            return try converted.with(declared.options ?? [:])
        } catch {
            throw GenerationError(.unsupported, parameter: "solver", "stage \(declared.name): \(error)")
        }
    }
}
