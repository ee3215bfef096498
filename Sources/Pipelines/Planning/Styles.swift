import Scenes

/// The manners of drawing that a model learnt, by the words of its captions.
///
/// A prompt that names none asks for all at once, and what a small model then draws is something between them.
public struct Styles: Codable, Hashable, Sendable {
    /// Such as "clip art": what the pictures of a prompt without a style get, in turns, by their seeds.
    public var given: [String]
    /// Words that name a style, such as "icon": what has one of them is left as it is.
    public var namedBy: [String]

    enum CodingKeys: String, CodingKey {
        case given
        case namedBy = "named_by"
    }

    var isUsable: Bool { !given.isEmpty && given.allSatisfy(areNamed) }

    /// Whether a prompt says how it is to be drawn.
    func areNamed(in prompt: String) -> Bool {
        let words = Self.words(prompt)
        return namedBy.contains { words.contains(Self.words($0)) }
    }

    /// The prompt of the picture with this seed: the style is named where captions name it, before the ground.
    func prompt(_ prompt: String, seed: UInt64) -> String {
        guard !areNamed(in: prompt) else { return prompt }
        let style = given[Int(seed % UInt64(given.count))]
        let words = prompt.split(whereSeparator: \.isWhitespace)
        let plain = words.map { $0.lowercased().filter { $0.isLetter || $0.isNumber } }
        let ground = SceneText.ground(in: plain).map { prompt[words[$0].startIndex...] }
        let shown = prompt[..<(ground?.startIndex ?? prompt.endIndex)]
        let end = shown.lastIndex { $0.isLetter || $0.isNumber }.map(shown.index(after:)) ?? shown.endIndex
        return ([shown[..<end], style[...]] + [ground].compactMap { $0 }).joined(separator: ", ")
    }

    /// In lower case, with spaces between, before and after.
    private static func words(_ text: String) -> String {
        " " + text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ") + " "
    }
}
