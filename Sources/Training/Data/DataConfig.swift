/// Which pictures a run learns from, and how they and their captions are varied.
public struct DataConfig: Codable, Sendable, Equatable {
    /// The pack's folder.
    public var pack: String
    public var split = "train"
    /// How often a caption names the manner of drawing.
    public var styleProbability = 0.7
    /// How often the ground is a named colour instead of white.
    public var groundProbability = 0.2
    /// How often a picture is mirrored, if its caption has no word that a mirror would make false.
    public var flipProbability = 0.0
    /// The largest shift, in pixels of a picture that is 64 wide, at random in both directions.
    public var shift = 0
    /// How often a rephrasing is taken instead of the main caption, where there is one.
    public var rephrasingProbability = 0.3
    /// How often keywords are said after the caption.
    public var keywordProbability = 0.1
    /// How often rows are drawn, by the beginning of their group; 1 where none is given.
    public var weights: [String: Double] = [:]
    /// Scenes of several things, drawn instead of some of the pictures; none if nil.
    public var scenes: SceneConfig?

    public init(pack: String) { self.pack = pack }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try ConfigurationKeys.refuseUnknown(in: decoder, known: CodingKeys.allCases)
        self.init(pack: try values.decode(String.self, forKey: .pack))
        func read<T: Decodable>(_ key: CodingKeys, _ path: WritableKeyPath<DataConfig, T>) throws {
            if let value = try values.decodeIfPresent(T.self, forKey: key) { self[keyPath: path] = value }
        }
        try read(.split, \.split)
        try read(.styleProbability, \.styleProbability)
        try read(.groundProbability, \.groundProbability)
        try read(.flipProbability, \.flipProbability)
        try read(.shift, \.shift)
        try read(.rephrasingProbability, \.rephrasingProbability)
        try read(.keywordProbability, \.keywordProbability)
        try read(.weights, \.weights)
        scenes = try values.decodeIfPresent(SceneConfig.self, forKey: .scenes)
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case pack, split, shift, weights, scenes
        case styleProbability = "style_probability"
        case groundProbability = "ground_probability"
        case flipProbability = "flip_probability"
        case rephrasingProbability = "rephrasing_probability"
        case keywordProbability = "keyword_probability"
    }
}
