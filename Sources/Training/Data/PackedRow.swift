/// What a pack knows of one picture besides its pixels.
public struct PackedRow: Codable, Sendable, Equatable {
    public var id: String
    /// Ways to say what the picture shows, the best first; at least one.
    public var captions: [String]
    /// A phrase for the manner of drawing, such as "clip art"; empty if none is known.
    public var style: String
    public var keywords: [String]
    /// A path of categories, such as "Food & Drink/food-fruit".
    public var group: String
    /// `train`, `val` or `heldout`.
    public var split: String
    public var source: String
    public var license: String
    public var attribution: String

    public init(
        id: String, captions: [String], style: String = "", keywords: [String] = [], group: String = "",
        split: String = "train", source: String = "", license: String = "", attribution: String = ""
    ) {
        self.id = id
        self.captions = captions
        self.style = style
        self.keywords = keywords
        self.group = group
        self.split = split
        self.source = source
        self.license = license
        self.attribution = attribution
    }
}
