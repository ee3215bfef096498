/// Width and height of a picture, in pixels.
public struct PictureSize: Hashable, Codable, Sendable, CustomStringConvertible {
    public var width: Int
    public var height: Int

    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    public init(square side: Int) { self.init(width: side, height: side) }

    /// A size written as `256` or `256x256`; nil where it is neither, or not positive.
    public init?(_ text: String) {
        let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard let width = sides[0], let height = sides[sides.count - 1], sides.count <= 2, width > 0, height > 0 else {
            return nil
        }
        self.init(width: width, height: height)
    }

    public var description: String { "\(width)x\(height)" }
}

/// What a request asks of one stage of a model; nil keeps what the model's preset says.
public struct StageSettings: Hashable, Codable, Sendable {
    /// How many steps the stage takes.
    public var steps: Int?
    /// The classifier-free guidance scale: 1 is none, larger follows the prompt more closely.
    public var guidance: Double?
    /// The solver's name, such as `ddim`.
    public var solver: String?
    /// Of a stage that draws tokens: what their logits are divided by; 0 takes the likeliest.
    public var temperature: Double?
    /// Of a stage that draws tokens: how many of the likeliest are chosen from.
    public var topK: Int?

    public init(
        steps: Int? = nil, guidance: Double? = nil, solver: String? = nil, temperature: Double? = nil, topK: Int? = nil
    ) {
        (self.steps, self.guidance, self.solver) = (steps, guidance, solver)
        (self.temperature, self.topK) = (temperature, topK)
    }

    enum CodingKeys: String, CodingKey {
        case steps, guidance, solver, temperature
        case topK = "top_k"
    }

    /// These settings, and another's where these say nothing.
    public func filled(from other: StageSettings) -> StageSettings {
        StageSettings(
            steps: steps ?? other.steps, guidance: guidance ?? other.guidance, solver: solver ?? other.solver,
            temperature: temperature ?? other.temperature, topK: topK ?? other.topK)
    }
}

/// A request for pictures. Whatever is nil is the model's choice.
public struct ImageRequest: Hashable, Sendable {
    public var task: ImageTask
    /// A model's name or folder; nil for the default model.
    public var model: String?
    /// How many pictures, 1…`maximumCount`; of a series, how many takes, with at most `maximumCount` frames in all.
    public var count: Int
    public var size: PictureSize?
    /// Picture i is drawn with the seed `seed` + i (wrapping), alone or in a batch; nil draws a seed.
    public var seed: UInt64?
    /// One of the model's presets, such as `draft`.
    public var preset: String?
    /// Settings by the stage's name, such as `decoder`.
    public var stages: [String: StageSettings]
    /// How many candidates are drawn for each picture, 1…`maximumCandidates`, of which the one nearest to what was asked
    /// for is kept: image embeddings by a diffusion prior (Ramesh et al. 2022, section 2.2), else small pictures.
    public var candidates: Int?
    /// How many unfinished states of each picture the caller wants to see, 0…`maximumPreviews`.
    public var previews: Int

    public static let maximumCount = 64
    public static let maximumCandidates = 64
    public static let maximumPreviews = 16
    public static let maximumSteps = 1000

    public init(
        _ task: ImageTask, model: String? = nil, count: Int = 1, size: PictureSize? = nil, seed: UInt64? = nil,
        preset: String? = nil, stages: [String: StageSettings] = [:], candidates: Int? = nil, previews: Int = 0
    ) {
        self.task = task
        self.model = model
        self.count = count
        self.size = size
        self.seed = seed
        self.preset = preset
        self.stages = stages
        self.candidates = candidates
        self.previews = previews
    }

    /// Throws `GenerationError` of kind `.invalidRequest` for a value that no model could take.
    public func validate() throws(GenerationError) {
        try task.validate()
        try Self.check("count", count, in: 1...Self.maximumCount)
        try Self.check("pictures", count * task.frames, in: 1...Self.maximumCount)
        if let candidates { try Self.check("candidates", candidates, in: 1...Self.maximumCandidates) }
        try Self.check("previews", previews, in: 0...Self.maximumPreviews)
        for (name, settings) in stages.sorted(by: { $0.key < $1.key }) {
            if let steps = settings.steps { try Self.check("\(name) steps", steps, in: 1...Self.maximumSteps) }
            if let scale = settings.guidance, !(scale.isFinite && (0...1000).contains(scale)) {
                throw .invalid("\(name) guidance", "the guidance scale is \(scale); expected 0 to 1000")
            }
        }
    }

    private static func check(
        _ parameter: String, _ value: Int, in range: ClosedRange<Int>
    ) throws(GenerationError) {
        guard range.contains(value) else {
            throw .invalid(parameter, "\(parameter) is \(value); expected \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
