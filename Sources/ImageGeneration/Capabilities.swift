/// What a model can do, known without loading its weights.
public struct Capabilities: Hashable, Codable, Sendable {
    /// A stage that a request may adjust, with what it does by default.
    public struct Stage: Hashable, Codable, Sendable {
        public var name: String
        public var steps: Int
        /// The classifier-free guidance scale; nil where the stage takes none.
        public var guidance: Double?
        public var solver: String

        public init(name: String, steps: Int, guidance: Double?, solver: String) {
            self.name = name
            self.steps = steps
            self.guidance = guidance
            self.solver = solver
        }
    }

    public var model: String
    public var family: String
    /// Where the model may be used and how, such as `Apache-2.0`; nil where its files do not say.
    public var license: String?
    public var tasks: Set<TaskKind>
    /// The size that the model's own stages end with.
    public var nativeSize: PictureSize
    /// Every size that may be asked for; those that are not native are resampled.
    public var sizes: [PictureSize]
    public var presets: [String]
    public var defaultPreset: String?
    public var stages: [Stage]

    public init(
        model: String, family: String, license: String? = nil, tasks: Set<TaskKind>, nativeSize: PictureSize,
        sizes: [PictureSize], presets: [String] = [], defaultPreset: String? = nil, stages: [Stage]
    ) {
        self.model = model
        self.family = family
        self.license = license
        self.tasks = tasks
        self.nativeSize = nativeSize
        self.sizes = sizes
        self.presets = presets
        self.defaultPreset = defaultPreset
        self.stages = stages
    }
}
