import Scenes

/// A picture composed for a batch: subjects on a ground, and what is said of it.
struct Draw: Codable, Sendable, Equatable {
    var caption: String
    var ground: Ground
    /// Painted one over the other, the first undermost.
    var subjects: [Subject]
    /// What is said of each thing; of a picture with one, what is said of the picture.
    var parts: [ScenePart]

    var words: PictureWords { PictureWords(caption: caption, parts: parts) }

    init(caption: String, ground: Ground, subjects: [Subject], parts: [ScenePart]? = nil) {
        (self.caption, self.ground, self.subjects) = (caption, ground, subjects)
        self.parts = parts ?? [.whole(caption)]
    }

    /// A picture of the pack as it is, on white, of which nothing is said.
    static func plain(_ index: Int) -> Draw {
        Draw(caption: "", ground: .white, subjects: [Subject(index: index)])
    }
}

/// What is said of a picture, and of each thing in it.
struct PictureWords {
    var caption: String
    var parts: [ScenePart]

    /// Of a picture that is not taken apart.
    static func whole(_ caption: String) -> PictureWords { PictureWords(caption: caption, parts: [.whole(caption)]) }
}

/// One picture of the pack, somewhere in a composed one.
struct Subject: Codable, Sendable, Equatable {
    var index: Int
    var box = Box.whole
    var isMirrored = false
    /// How its main colour is changed.
    var hue: HueShift?
}
