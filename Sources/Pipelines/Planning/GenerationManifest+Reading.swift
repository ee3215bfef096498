import ImageGeneration

extension GenerationManifest {
    public static let fileName = "limn.json"
    /// Width and height of pictures, in pixels.
    static let possibleSizes = 1...8192
    /// For each that goes on.
    private static let mostSketches = 16

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        license = try fields.decodeIfPresent(String.self, forKey: .license)
        nativeSize = try fields.decode(Int.self, forKey: .nativeSize)
        sizes = try fields.decodeIfPresent([Int].self, forKey: .sizes) ?? [nativeSize]
        embedding = try fields.decodeIfPresent(EmbeddingKind.self, forKey: .embedding) ?? .prior
        linearPrior = try fields.decodeIfPresent(String.self, forKey: .linearPrior)
        styles = try fields.decodeIfPresent(Styles.self, forKey: .styles)
        stages = try fields.decode([Stage].self, forKey: .stages)
        presets = try fields.decodeIfPresent([String: Preset].self, forKey: .presets) ?? [:]
        preset = try fields.decodeIfPresent(String.self, forKey: .preset)
    }

    /// Throws `GenerationError` of kind `.unusableModel` for what decodes and makes no sense.
    func check() throws(GenerationError) {
        func refuse(_ what: String) -> GenerationError {
            GenerationError(.unusableModel, parameter: Self.fileName, "\(Self.fileName): \(what)")
        }
        guard stages.contains(where: { $0.role != .prior }) else { throw refuse("stages has none that makes pictures") }
        let names = stages.map(\.name)
        guard Set(names).count == names.count else { throw refuse("two stages have the same name") }
        if let stage = stages.first(where: { !(1...Self.mostSketches ~= $0.candidates ?? 1) }) {
            throw refuse("candidates of the stage \(stage.name) should be 1 to \(Self.mostSketches)")
        }
        if let stage = stages.first(where: { $0.candidates != nil && $0.role != .sketcher }) {
            throw refuse("the stage \(stage.name) should be a sketcher to have candidates of its own")
        }
        let composing = stages.filter { $0.composesScenes == true }
        guard composing.count <= 1, composing.allSatisfy(\.role.makesPictures) else {
            throw refuse("composes_scenes should be true of one stage at most, which makes pictures")
        }
        if let stage = stages.first(where: { $0.finishesFrom != nil && $0.role != .upsampler }) {
            throw refuse("the stage \(stage.name) should be an upsampler to have finishes_from")
        }
        if let stage = stages.first(where: { ($0.scheduler == nil) == ($0.tokens == nil) }) {
            throw refuse("the stage \(stage.name) should have either a scheduler or tokens")
        }
        if let styles, !styles.isUsable {
            throw refuse("styles should have one in given, and each of them a word of named_by")
        }
        guard (sizes + stages.compactMap(\.size)).allSatisfy(Self.possibleSizes.contains) else {
            throw refuse("sizes must be \(Self.possibleSizes.lowerBound) to \(Self.possibleSizes.upperBound)")
        }
        guard sizes.contains(nativeSize) else { throw refuse("sizes must contain native_size, \(nativeSize)") }
        if embedding == .linear && linearPrior == nil {
            throw refuse("embedding is linear, and there is no linear_prior")
        }
        if let preset, presets[preset] == nil { throw refuse("preset names '\(preset)', which presets does not have") }
        for (name, settings) in presets.sorted(by: { $0.key < $1.key }) {
            if let unknown = settings.stages?.keys.sorted().first(where: { !names.contains($0) }) {
                throw refuse("the preset '\(name)' names the stage '\(unknown)', which stages does not have")
            }
            let possible = 1...ImageRequest.maximumCandidates
            guard possible.contains(settings.candidates ?? 1) else {
                throw refuse(
                    "candidates of the preset '\(name)' must be \(possible.lowerBound) to \(possible.upperBound)")
            }
        }
    }
}
