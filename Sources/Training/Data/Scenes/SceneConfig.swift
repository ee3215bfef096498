/// How scenes are composed of single pictures.
public struct SceneConfig: Codable, Sendable, Equatable {
    /// How often a scene is drawn instead of a picture.
    public var probability = 0.2
    /// Rows whose group begins with one of these can be part of a scene; all, if none is given.
    public var groups: [String] = []
    /// How often a thing with one main colour gets another, and the caption its word.
    public var recolouring = 0.5
    /// How often a batch goes on with another scene of the same things, in other numbers, colours and places: what a
    /// contrast has to tell apart.
    public var again = 0.0
    /// The most things in a scene, 1 to 4.
    public var most = 4
    /// Whether things are mirrored and moved a little in their places by chance. What shall remember them is better shown
    /// them as they are.
    public var moving = true

    public init() {}

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try ConfigurationKeys.refuseUnknown(in: decoder, known: CodingKeys.allCases)
        if let value = try values.decodeIfPresent(Double.self, forKey: .probability) { probability = value }
        if let value = try values.decodeIfPresent([String].self, forKey: .groups) { groups = value }
        if let value = try values.decodeIfPresent(Double.self, forKey: .recolouring) { recolouring = value }
        if let value = try values.decodeIfPresent(Double.self, forKey: .again) { again = value }
        if let value = try values.decodeIfPresent(Int.self, forKey: .most) { most = value }
        if let value = try values.decodeIfPresent(Bool.self, forKey: .moving) { moving = value }
        guard 1...4 ~= most else { throw TrainingError.badConfiguration(key: "most", expected: "from 1 to 4") }
    }

    enum CodingKeys: String, CodingKey, CaseIterable { case probability, groups, recolouring, again, most, moving }
}
