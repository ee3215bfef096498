import Imaging

/// What happens while a request is worked on, in order: waiting, loading, progress, pictures, the end.
public enum ImageEvent: Hashable, Sendable {
    /// The request waits behind this many others.
    case queued(ahead: Int)
    /// A model's files are being read.
    case loading(model: String)
    /// Something that the caller should know and that stops nothing.
    case note(GenerationNote)
    case progress(GenerationProgress)
    /// A picture that is not finished; `index` as in `GeneratedPicture`.
    case preview(index: Int, ImageBuffer)
    case picture(GeneratedPicture)
    case finished(GenerationSummary)
}

/// Something that the caller should know and that stops nothing.
public enum GenerationNote: Hashable, Sendable, CustomStringConvertible {
    /// The prompt has more tokens than the text encoder reads; the rest was left out.
    case promptTruncated(tokens: Int, kept: Int)
    /// Networks are held one at a time: bytes of weights that are in memory at most, and how many all would take.
    case lowMemory(needed: Int, otherwise: Int)
    /// The weights take more bytes than are free; `lowMemory` is how many they take one at a time, nil where they are.
    case memoryIsShort(needed: Int, free: Int, lowMemory: Int?)

    public var description: String {
        switch self {
        case .promptTruncated(let tokens, let kept):
            "the prompt has \(tokens) tokens and this model reads \(kept); the rest was left out"
        case .lowMemory(let needed, let otherwise):
            "low memory: the weights take about \(needed.gibibytes) at a time instead of \(otherwise.gibibytes), "
                + "and are read again for every picture"
        case .memoryIsShort(let needed, let free, let lowMemory):
            "the weights need about \(needed.gibibytes) of memory, and \(free.gibibytes) are free"
                + (lowMemory.map { "; with --low-memory they need \($0.gibibytes)" } ?? "")
        }
    }
}

/// How far a request has come.
public struct GenerationProgress: Hashable, Sendable {
    /// The stage's name, such as `decoder`.
    public var stage: String
    /// Steps of the stage that are done, and how many it has.
    public var step: Int
    public var steps: Int
    /// The share of all stages' steps that is done, 0…1.
    public var fraction: Double

    public init(stage: String, step: Int, steps: Int, fraction: Double) {
        self.stage = stage
        self.step = step
        self.steps = steps
        self.fraction = fraction
    }
}

public struct GeneratedPicture: Hashable, Sendable {
    /// The place in the request: frame × count + take, 0 ..< frames × count.
    public var index: Int
    /// Asking for one picture with this seed gives the same picture again.
    public var seed: UInt64
    /// sRGB; four channels where a part of a picture with alpha was kept, else three.
    public var image: ImageBuffer
    /// How to draw it again; nil where a stand-in made it.
    public var recipe: Recipe?

    public init(index: Int, seed: UInt64, image: ImageBuffer, recipe: Recipe? = nil) {
        self.index = index
        self.seed = seed
        self.image = image
        self.recipe = recipe
    }
}

/// What was done for a request that ended well.
public struct GenerationSummary: Hashable, Codable, Sendable {
    public struct Stage: Hashable, Codable, Sendable {
        public var name: String
        public var solver: String
        public var steps: Int
        /// The classifier-free guidance scale; nil where the stage has none.
        public var guidance: Double?
        public var seconds: Double

        public init(name: String, solver: String, steps: Int, guidance: Double?, seconds: Double) {
            self.name = name
            self.solver = solver
            self.steps = steps
            self.guidance = guidance
            self.seconds = seconds
        }
    }

    public var model: String
    public var device: String
    public var dtype: String
    public var stages: [Stage]
    /// From the start of the first stage to the last picture; loading is not counted.
    public var seconds: Double

    public init(model: String, device: String, dtype: String, stages: [Stage], seconds: Double) {
        self.model = model
        self.device = device
        self.dtype = dtype
        self.stages = stages
        self.seconds = seconds
    }
}
