import Diffusion
import ImageGeneration
import Imaging

/// A task worked out for one model: everything that a run will do, as data, before any weight is read.
public struct GenerationPlan: Hashable, Sendable {
    /// The texts that condition the stages, one for each source picture or prompt; empty texts in a variation.
    public var prompts: [String]
    /// What the unconditional rows of guidance read.
    public var negative: String
    public var embedding: EmbeddingSource
    /// How many pictures each prompt gets.
    public var picturesPerPrompt: Int
    public var noise: InitialNoise
    public var stages: [Stage]
    /// What the pictures are resampled to where the last stage's size is another.
    public var size: PictureSize

    /// The number of pictures.
    public var count: Int { prompts.count * picturesPerPrompt }

    /// Whether rows for guidance are computed: if any stage is guided, all that can be are, as in the reference.
    public var isGuided: Bool { stages.contains { $0.guidance != nil } }
}

/// Where the image embedding comes from.
public enum EmbeddingSource: Hashable, Sendable {
    /// Sampled by the plan's prior stage; of `candidates` for each picture the one nearest to the text is kept.
    case prior(candidates: Int)
    /// A linear map of the text embedding, by the component's name.
    case linear(component: String)
    /// The CLIP embeddings of pictures.
    case pictures([ImageBuffer])
}

/// What the first samples are made of.
public enum InitialNoise: Hashable, Sendable {
    /// Standard normal draws, one generator for each picture, so that a picture does not depend on its batch.
    case seeded([UInt64])
}

/// One diffusion: denoiser, sample space, schedule, solver and guidance.
public struct Stage: Hashable, Sendable {
    public var name: String
    public var role: StageRole
    /// The component that denoises, and the one that takes the last step.
    public var network: String
    public var lastNetwork: String
    public var space: SampleSpace
    /// The schedule and the solver that walks it.
    public var scheduler: SchedulerConfig
    public var run: RunOptions
    /// The scale of classifier-free guidance; nil: one row a picture.
    public var guidance: Double?

    /// The component that takes a step, counted from 0.
    public func network(at step: Int) -> String { step == run.steps - run.skipped - 1 ? lastNetwork : network }
}
