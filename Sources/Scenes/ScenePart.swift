/// The things of one kind in a picture: what would be said of one of them alone, and where they are.
public struct ScenePart: Codable, Hashable, Sendable {
    /// Such as "a red apple, on a blue background".
    public var text: String
    /// One for each thing.
    public var boxes: [Box]

    /// A picture that is one thing, or that is not taken apart.
    public static func whole(_ text: String) -> ScenePart { ScenePart(text: text, boxes: [.whole]) }

    public init(text: String, boxes: [Box]) { (self.text, self.boxes) = (text, boxes) }
}
