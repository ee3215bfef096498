import Diffusion
import ImageGeneration

/// The part of `limn.json` that says how pictures are drawn: the stages in their order, the solvers to run them with,
/// presets and sizes. It lies beside `model_index.json` and says what the reference's layout cannot.
///
/// A folder without one gets its family's default.
public struct GenerationManifest: Codable, Hashable, Sendable {
    /// Such as `Apache-2.0`.
    public var license: String?
    /// Width and height of the pictures of a request that asks for no size.
    public var nativeSize: Int
    /// All widths that may be asked for.
    public var sizes: [Int]
    /// Where a text's image embedding comes from when the preset does not say.
    public var embedding = EmbeddingKind.prior
    /// The component that holds the linear prior; nil where there is none.
    public var linearPrior: String?
    /// What prompts that name no style are drawn in; nil: as they stand.
    public var styles: Styles?
    public var stages: [Stage]
    public var presets: [String: Preset] = [:]
    /// The preset of a request that names none; nil: the stages as they stand.
    public var preset: String?

    public init(nativeSize: Int, sizes: [Int], stages: [Stage]) {
        self.nativeSize = nativeSize
        self.sizes = sizes
        self.stages = stages
    }

    /// Where the image embedding of a text comes from.
    public enum EmbeddingKind: String, Codable, Sendable {
        /// The diffusion prior: the stage of that role.
        case prior
        /// A linear map of the text embedding.
        case linear
    }

    /// One stage: a denoiser, the scheduler it was trained with, and how it is run unless a preset or a request says
    /// otherwise.
    public struct Stage: Codable, Hashable, Sendable {
        public var name: String
        public var role: StageRole
        /// The component that denoises.
        public var network: String
        /// The component that takes the last step instead; nil: the same one.
        public var lastNetwork: String?
        /// The component that denoises where a part of the picture is known, if that is another one.
        public var knownNetwork: String?
        /// The component that holds the scheduler's configuration; nil for a stage that draws tokens.
        public var scheduler: String?
        /// How tokens are chosen, of a stage that draws them.
        public var tokens: Tokens?
        /// Options changed in that configuration, by the reference's names.
        public var options: [String: OptionValue]?
        /// Another solver than the configuration's own.
        public var solver: SolverName?
        /// DDIM's η, 0…1; nil is 0. Other solvers have none.
        public var eta: Double?
        /// Whether DDIM takes the noise that belongs to the limited picture instead of the predicted one; nil is false.
        /// A network that predicts pictures and was trained little draws much better so.
        public var rederivesNoise: Bool?
        public var steps: Int
        /// The classifier-free guidance scale; nil: the stage was not trained for guidance.
        public var guidance: Double?
        /// How noisy the stage's image embedding is made, as a timestep of the schedule that it was trained with; nil is 0.
        public var noiseLevel: Int?
        /// How many sketches a sketcher draws for each that goes on, where there is something to choose by; nil is 1.
        public var candidates: Int?
        /// Whether each kind of thing that a prompt counts out is drawn by itself up to this stage, and all are put together
        /// after it, where nothing is known of the picture; nil is false.
        public var composesScenes: Bool?
        /// The least width that is asked for for which the stage runs although one before it makes as much: a picture that
        /// is drawn larger and made small has harder edges. nil: it runs for what none before it makes.
        public var finishesFrom: Int?
        /// Width and height of the stage's pictures; nil: the network's `sample_size`.
        public var size: Int?

        /// How an autoregressive stage chooses tokens; see `TokenSampling`.
        public struct Tokens: Codable, Hashable, Sendable {
            public var temperature: Double
            public var topK: Int

            enum CodingKeys: String, CodingKey {
                case temperature
                case topK = "top_k"
            }
        }

        public init(
            name: String, role: StageRole, network: String, lastNetwork: String? = nil, scheduler: String, steps: Int,
            guidance: Double? = nil
        ) {
            self.name = name
            self.role = role
            self.network = network
            self.lastNetwork = lastNetwork
            self.scheduler = scheduler
            self.steps = steps
            self.guidance = guidance
        }

        /// A stage that draws so many tokens.
        public init(name: String, role: StageRole, network: String, tokens: Tokens, steps: Int, guidance: Double?) {
            (self.name, self.role, self.network) = (name, role, network)
            (self.tokens, self.steps, self.guidance) = (tokens, steps, guidance)
        }

        enum CodingKeys: String, CodingKey {
            case name, role, network
            case lastNetwork = "last_network"
            case knownNetwork = "known_network"
            case scheduler, tokens, options, solver, eta
            case rederivesNoise = "rederives_noise"
            case steps, guidance
            case noiseLevel = "noise_level"
            case candidates
            case composesScenes = "composes_scenes"
            case finishesFrom = "finishes_from"
            case size
        }
    }

    /// A named way to run the stages, such as `draft`.
    public struct Preset: Codable, Hashable, Sendable {
        public var embedding: EmbeddingKind?
        public var stages: [String: StageSettings]?
        /// As `ImageRequest.candidates`.
        public var candidates: Int?

        public init(
            embedding: EmbeddingKind? = nil, stages: [String: StageSettings]? = nil, candidates: Int? = nil
        ) {
            self.embedding = embedding
            self.stages = stages
            self.candidates = candidates
        }
    }

    enum CodingKeys: String, CodingKey {
        case license
        case nativeSize = "native_size"
        case sizes, embedding
        case linearPrior = "linear_prior"
        case styles, stages, presets, preset
    }
}

/// What a stage makes.
public enum StageRole: String, Codable, Sendable {
    /// An image embedding from a text.
    case prior
    /// What lies where, as a tiny picture, from an image embedding and a text: what the decoder draws after.
    case sketcher
    /// A small picture from an image embedding and a text.
    case decoder
    /// A larger picture from a smaller one.
    case upsampler

    /// Whether what it makes can be the end: neither embeddings nor sketches are.
    var makesPictures: Bool { self == .decoder || self == .upsampler }
    /// Whether it draws from noise and conditions alone, so that noise is what two of its pictures can have in common.
    var drawsFromNoise: Bool { self == .sketcher || self == .decoder }
}

/// A solver by the name that manifests and the command line use.
public enum SolverName: String, Codable, CaseIterable, Sendable {
    case unclip
    case ddpm
    case ddim
    case dpmSolver = "dpmsolver++"
    case euler
    case unipc

    public var kind: SchedulerKind {
        switch self {
        case .unclip: .unCLIP
        case .ddpm: .ddpm
        case .ddim: .ddim
        case .dpmSolver: .dpmSolver
        case .euler: .euler
        case .unipc: .uniPC
        }
    }

    public init(_ kind: SchedulerKind) {
        self =
            switch kind {
            case .unCLIP: .unclip
            case .ddpm: .ddpm
            case .ddim: .ddim
            case .dpmSolver: .dpmSolver
            case .euler: .euler
            case .uniPC: .unipc
            }
    }
}
