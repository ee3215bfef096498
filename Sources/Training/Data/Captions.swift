import Scenes

/// Puts a caption together from what is known of a picture.
enum Captions {
    /// Words that a mirrored picture would make false, or whose pictures show writing.
    private static let handed: Set<String> = [
        "left", "right", "clockwise", "counterclockwise", "anticlockwise", "east", "west", "flag", "letter", "number",
        "keycap", "button", "clock", "o'clock", "thirty", "text", "abc", "card", "note", "symbol", "sign", "currency",
        "digit", "squared", "japanese", "arrow", "question", "playing",
    ]

    static func mayMirror(_ row: PackedRow) -> Bool {
        let words = row.captions[0].lowercased().split { !$0.isLetter && $0 != "'" }
        return !words.contains { handed.contains(String($0)) }
    }

    /// One of the ways to say what the picture shows, with its style and ground named or not.
    static func phrase(_ row: PackedRow, ground: Ground, _ config: DataConfig, _ random: inout Randomness) -> String {
        var text = row.captions[0]
        if row.captions.count > 1, random.chance(config.rephrasingProbability) {
            text = row.captions.dropFirst().randomElement(using: &random) ?? text
        }
        if !row.keywords.isEmpty, random.chance(config.keywordProbability) {
            text += ", " + row.keywords.shuffled(using: &random).prefix(2).joined(separator: ", ")
        }
        return text + manner(style: row.style, ground: ground, config, &random)
    }

    /// What is said after what is shown: the style and the ground, named or not.
    static func manner(
        style: String, ground: Ground, _ config: DataConfig, _ random: inout Randomness
    ) -> String {
        var text = ""
        if !style.isEmpty, random.chance(config.styleProbability) { text += ", " + style }
        if let name = ground.name { text += ", on a \(name) background" }
        return text
    }

    /// How a picture is asked for when the model is judged: its caption and its style.
    static func prompt(_ row: PackedRow) -> String {
        row.style.isEmpty ? row.captions[0] : row.captions[0] + ", " + row.style
    }
}

extension PicturePack {
    /// Everything that captions are made of in training: for learning a vocabulary.
    public func trainingTexts() -> [String] {
        let said = indices(split: "train").flatMap { rows[$0].captions + [rows[$0].style] + rows[$0].keywords }
        // Grounds are said about as often as a common word, so that each becomes one token.
        let grounds = Ground.named.compactMap(\.name).flatMap { name in
            Array(repeating: "on a \(name) background", count: 200)
        }
        return said + grounds
    }
}
