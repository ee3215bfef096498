import Diffusion
import ImageGeneration
import Imaging
import Scenes

/// A task worked out for one model: everything that a run will do, as data, before any weight is read.
public struct GenerationPlan: Hashable, Sendable {
    /// What the pictures are of: one for each prompt, source picture or frame of a series.
    public var subjects: [Subject]
    /// What the unconditional rows of guidance read.
    public var negative: String
    /// How texts become image embeddings; nil where no subject needs it.
    public var texts: TextEmbedding?
    public var picturesPerSubject: Int
    public var noise: InitialNoise
    /// The picture whose noise the decoder begins with; nil: fresh noise.
    public var inversion: Inversion?
    public var stages: [Stage]
    /// The picture that is known in part, and the frames in which the rest is painted; nil: nothing is known.
    public var canvas: CanvasPlan?
    /// What the pictures are resampled to where the last stage's size is another.
    public var size: PictureSize

    /// The number of pictures.
    public var count: Int { subjects.count * picturesPerSubject }

    /// Whether rows for guidance are computed: if any stage is guided, all that can be are, as in the reference.
    public var isGuided: Bool { stages.contains { $0.guidance != nil } }

    /// Whether CLIP has to see a picture.
    public var needsImageEncoder: Bool {
        inversion != nil || stages.contains { $0.candidates > 1 && $0.space.pictureSize != nil }
            || subjects.contains { !$0.embedding.pictures.isEmpty }
    }

    /// Every text that is read, each once, but for the negative one.
    public var allTexts: [String] {
        var seen: Set<String> = []
        return subjects.flatMap { [$0.prompt] + $0.embedding.texts }.filter { seen.insert($0).inserted }
    }
}

/// What a picture is of.
public struct Subject: Hashable, Sendable {
    /// The text that conditions the stages; empty for none.
    public var prompt: String
    public var embedding: Embedding
    /// The things that the prompt counts out, where each of them is drawn by itself; nil: the picture is drawn as a whole.
    public var scene: SceneText?

    public init(prompt: String, embedding: Embedding, scene: SceneText? = nil) {
        (self.prompt, self.embedding, self.scene) = (prompt, embedding, scene)
    }

    /// Whether it is what its prompt says and nothing else.
    var isOfItsPrompt: Bool { embedding == .text(prompt) }

    /// Where the image embedding comes from.
    public indirect enum Embedding: Hashable, Sendable {
        /// What the prior makes of a text.
        case text(String)
        /// The CLIP embedding of a picture.
        case picture(ImageBuffer)
        /// The interpolation of several on the sphere, by the shares of their weights.
        case blend([Weighted])
        /// An embedding moved by the share `amount` towards norm(z_to − z_from), the difference of two texts' CLIP
        /// embeddings.
        case moved(Embedding, from: String, to: String, amount: Double)
    }

    public struct Weighted: Hashable, Sendable {
        public var embedding: Embedding
        public var weight: Double

        public init(_ embedding: Embedding, weight: Double) {
            self.embedding = embedding
            self.weight = weight
        }
    }
}

extension Subject.Embedding {
    /// The texts that a prior has to read, in order of appearance.
    public var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .picture: []
        case .blend(let parts): parts.flatMap(\.embedding.texts)
        case .moved(let embedding, _, _, _): embedding.texts
        }
    }

    /// The pictures that CLIP has to see, in order of appearance.
    public var pictures: [ImageBuffer] {
        switch self {
        case .text: []
        case .picture(let picture): [picture]
        case .blend(let parts): parts.flatMap(\.embedding.pictures)
        case .moved(let embedding, _, _, _): embedding.pictures
        }
    }
}

/// How a text becomes an image embedding.
public enum TextEmbedding: Hashable, Sendable {
    /// Sampled by the plan's prior stage.
    case prior
    /// A linear map of the text embedding, by the component's name.
    case linear(component: String)
}

/// What the samples are made of. One generator for each picture, so that a picture does not depend on its batch.
public enum InitialNoise: Hashable, Sendable {
    /// Standard normal draws, by the pictures' seeds.
    case seeded([UInt64])
    /// Every source of a blend has draws of its own, which are interpolated on the sphere by the picture's weights.
    case slerped([UInt64], weights: [[Double]])

    /// The seed of each picture.
    public var seeds: [UInt64] {
        switch self {
        case .seeded(let seeds), .slerped(let seeds, _): seeds
        }
    }

    /// The noise of some of the pictures, by their indices.
    func of(_ pictures: [Int]) -> InitialNoise {
        switch self {
        case .seeded(let seeds): .seeded(pictures.map { seeds[$0] })
        case .slerped(let seeds, let weights):
            .slerped(pictures.map { seeds[$0] }, weights: pictures.map { weights[$0] })
        }
    }
}

/// A picture that is led back to the noise from which the decoder draws it (Song et al. 2021; Dhariwal and Nichol 2021,
/// appendix F).
public struct Inversion: Hashable, Sendable {
    /// As many steps as lead a picture there and back with little loss.
    public static let steps = 50

    public var picture: ImageBuffer
    /// The share of fresh noise, 0…1, that is mixed in on the sphere.
    public var freshNoise: Double

    public init(_ picture: ImageBuffer, freshNoise: Double) {
        self.picture = picture
        self.freshNoise = freshNoise
    }
}

/// A picture that is known in part.
public struct CanvasPlan: Hashable, Sendable {
    /// The whole picture as it is known; what the mask does not keep means nothing.
    public var picture: ImageBuffer
    /// Of the picture's size: 255 is kept, bit for bit; 0 is painted.
    public var mask: Mask
    /// The squares that are painted, one after the other, each over what is known by then.
    public var frames: [Frame]
    /// Over how many pixels, inwards from the kept region, painted and kept are blended.
    public var feather: Int
    /// RePaint's walk in time; nil: straight on.
    public var resampling: Resampling?
    /// Whether the decoder is shown the known picture in channels of its own.
    public var isConditioned: Bool

    public var size: PictureSize { PictureSize(width: picture.width, height: picture.height) }

    public init(
        picture: ImageBuffer, mask: Mask, frames: [Frame], feather: Int, resampling: Resampling?,
        isConditioned: Bool
    ) {
        self.picture = picture
        self.mask = mask
        self.frames = frames
        self.feather = feather
        self.resampling = resampling
        self.isConditioned = isConditioned
    }
}

/// One network that draws: sample space, sampler and guidance.
public struct Stage: Hashable, Sendable {
    public var name: String
    public var role: StageRole
    /// The component that draws, and the one that takes the last step.
    public var network: String
    public var lastNetwork: String
    public var space: SampleSpace
    public var sampler: Sampler
    /// The scale of classifier-free guidance; nil: one row a picture.
    public var guidance: Double?
    /// How noisy the image embedding is made, as a timestep of the schedule that the stage was trained with.
    public var noiseLevel = 0
    /// How many samples it draws for each picture.
    public var candidates = 1
    /// How many of them go on: of image embeddings the one nearest to the text, of sketches and pictures those that CLIP
    /// finds nearest to the image embedding that they were drawn from.
    public var kept = 1
    /// Whether the things of a scene, each drawn by itself until then, are put together after it.
    public var composesScenes = false

    /// How a stage draws.
    public enum Sampler: Hashable, Sendable {
        /// By removing noise from all of the sample, step by step.
        case diffusion(DiffusionSampling)
        /// One token after the other.
        case tokens(TokenSampling)

        /// The solver's name, or what stands in its place.
        var name: String {
            switch self {
            case .diffusion(let diffusion): SolverName(diffusion.scheduler.kind).rawValue
            case .tokens: TokenSampling.name
            }
        }
    }

    /// How many steps it takes.
    public var steps: Int {
        switch sampler {
        case .diffusion(let diffusion): diffusion.run.steps - diffusion.run.skipped
        case .tokens(let tokens): tokens.length
        }
    }

    /// The component that takes a step, counted from 0.
    public func network(at step: Int) -> String { step == steps - 1 ? lastNetwork : network }

    /// Its diffusion; nil where it draws in another way.
    public var diffusion: DiffusionSampling? {
        get { if case .diffusion(let diffusion) = sampler { diffusion } else { nil } }
        set { if let newValue { sampler = .diffusion(newValue) } }
    }
}

/// A schedule, and the solver that walks it.
public struct DiffusionSampling: Hashable, Sendable {
    public var scheduler: SchedulerConfig
    public var run: RunOptions

    public init(_ scheduler: SchedulerConfig, _ run: RunOptions) { (self.scheduler, self.run) = (scheduler, run) }

    /// - Throws: `DiffusionError` where the schedule cannot be walked so.
    public func solver() throws -> any Solver { try scheduler.solver(run) }
}
