import Diffusion
import ImageGeneration

/// A model as its files describe it, without weights: what the planner needs to know.
public struct ModelDescription: Hashable, Sendable {
    public var name: String
    public var family: String
    public var tasks: Set<TaskKind>
    /// What it can make an image embedding of.
    public var embeds: Set<EmbeddingInput>
    public var manifest: GenerationManifest
    /// The stages in the manifest's order, with what their configurations say.
    public var stages: [StageDescription]

    public init(
        name: String, family: String, tasks: Set<TaskKind>, embeds: Set<EmbeddingInput>, manifest: GenerationManifest,
        stages: [StageDescription]
    ) {
        self.name = name
        self.family = family
        self.tasks = tasks
        self.embeds = embeds
        self.manifest = manifest
        self.stages = stages
    }

    /// What width and height are multiples of, of a model that draws any size; nil for one that draws only those of its
    /// stages.
    var sizeMultiple: Int? { stages.last?.space.sizeMultiple }

    public var capabilities: Capabilities {
        let settings = manifest.preset.flatMap { manifest.presets[$0]?.stages } ?? [:]
        return Capabilities(
            model: name, family: family, license: manifest.license, tasks: tasks,
            nativeSize: PictureSize(square: manifest.nativeSize), sizes: manifest.sizes.map { PictureSize(square: $0) },
            presets: manifest.presets.keys.sorted(), defaultPreset: manifest.preset,
            stages: stages.map { stage in
                let preset = settings[stage.declared.name]
                return Capabilities.Stage(
                    name: stage.declared.name, steps: preset?.steps ?? stage.declared.steps,
                    guidance: stage.declared.guidance.map { preset?.guidance ?? $0 },
                    solver: preset?.solver ?? stage.solver)
            })
    }
}

/// A stage of the manifest with what its network's and scheduler's configurations say.
public struct StageDescription: Hashable, Sendable {
    public var declared: GenerationManifest.Stage
    public var space: SampleSpace
    public var sampler: Sampler

    /// How the stage draws, without the manifest's changes.
    public enum Sampler: Hashable, Sendable {
        /// By `scheduler_config.json` as it stands.
        case diffusion(SchedulerConfig)
        case tokens(TokenSampling)
    }

    /// Whether the network has channels for a known picture and its mask.
    public var seesKnownPicture: Bool
    /// Whether it can draw several candidates, of which one is chosen.
    public var drawsCandidates: Bool

    public init(
        _ declared: GenerationManifest.Stage, space: SampleSpace, sampler: Sampler, seesKnownPicture: Bool = false,
        drawsCandidates: Bool = false
    ) {
        self.declared = declared
        self.space = space
        self.sampler = sampler
        self.seesKnownPicture = seesKnownPicture
        self.drawsCandidates = drawsCandidates
    }
}

extension StageDescription {
    /// What draws it, unless a preset or a request says otherwise.
    var solver: String {
        switch sampler {
        case .diffusion(let scheduler): (declared.solver ?? SolverName(scheduler.kind)).rawValue
        case .tokens: TokenSampling.name
        }
    }
}

extension TokenSampling {
    /// What stands in the place of a solver's name.
    static let name = "tokens"
}

/// What an image embedding can be made of.
public enum EmbeddingInput: String, Sendable {
    /// Needs a prior.
    case text
    /// Needs an image encoder.
    case picture

    var component: String {
        switch self {
        case .text: "prior"
        case .picture: "image encoder"
        }
    }
}

/// The space in which a stage draws.
public enum SampleSpace: Hashable, Sendable {
    /// Vectors (batch, width).
    case embedding(width: Int)
    /// Pictures (batch, channels, height, width) in −1…1.
    case pixels(channels: Int, height: Int, width: Int)

    /// An autoencoder's latents (batch, channels, height, width), `factor` times smaller than the pictures.
    case latents(channels: Int, height: Int, width: Int, factor: Int)
    /// Codes of an autoencoder (batch, height · width), row by row, each a square of `factor` pixels.
    case tokens(height: Int, width: Int, factor: Int)

    /// The shape of one sample.
    public var shape: [Int] {
        switch self {
        case .embedding(let width): [width]
        case .pixels(let channels, let height, let width), .latents(let channels, let height, let width, _):
            [channels, height, width]
        case .tokens(let height, let width, _): [height * width]
        }
    }

    /// The size of the pictures that it holds; nil for embeddings.
    public var pictureSize: PictureSize? {
        switch self {
        case .embedding: nil
        case .pixels(_, let height, let width): PictureSize(width: width, height: height)
        case .latents(_, let height, let width, let factor), .tokens(let height, let width, let factor):
            PictureSize(width: width * factor, height: height * factor)
        }
    }

    /// What width and height are multiples of; nil for a space of one size. Four levels of a U-Net halve latents three
    /// times, so that pictures are multiples of the factor twice over, as in the reference.
    var sizeMultiple: Int? {
        if case .latents(_, _, _, let factor) = self { factor * factor } else { nil }
    }

    /// The same space for pictures of another size, where it has no size of its own.
    func fitted(to size: PictureSize) -> SampleSpace {
        guard case .latents(let channels, _, _, let factor) = self else { return self }
        return .latents(
            channels: channels, height: size.height / factor, width: size.width / factor, factor: factor)
    }
}

extension PictureSize {
    func isMultiple(of side: Int) -> Bool { width.isMultiple(of: side) && height.isMultiple(of: side) }
}
