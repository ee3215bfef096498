import Scenes

/// A picture composed for a batch: subjects on a ground, and what is said of it.
struct Draw: Codable, Sendable, Equatable {
    var caption: String
    var ground: Ground
    /// Painted one over the other, the first undermost.
    var subjects: [Subject]

    /// A picture of the pack as it is, on white, of which nothing is said.
    static func plain(_ index: Int) -> Draw {
        Draw(caption: "", ground: .white, subjects: [Subject(index: index)])
    }
}

/// One picture of the pack, somewhere in a composed one.
struct Subject: Codable, Sendable, Equatable {
    var index: Int
    var box = Box.whole
    var isMirrored = false
    /// How its main colour is changed.
    var hue: HueShift?
}
