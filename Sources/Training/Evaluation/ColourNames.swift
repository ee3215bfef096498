/// The names of colours, in captions and of pixels.
enum ColourNames {
    /// Shades that go by each name; a pixel has the name of the nearest one.
    private static let shades: [(name: String, colours: [(UInt8, UInt8, UInt8)])] = [
        ("black", [(0, 0, 0), (38, 38, 40)]),
        ("gray", [(90, 90, 92), (130, 130, 130), (170, 170, 172), (200, 200, 202)]),
        ("white", [(255, 255, 255), (235, 235, 235)]),
        ("red", [(220, 20, 30), (170, 15, 20), (240, 70, 70)]),
        ("orange", [(250, 140, 20), (235, 110, 20), (255, 170, 70)]),
        ("yellow", [(255, 220, 50), (250, 240, 120), (230, 190, 30)]),
        ("green", [(30, 160, 60), (20, 100, 40), (120, 200, 80), (170, 225, 150)]),
        ("blue", [(30, 90, 210), (20, 40, 120), (90, 160, 235), (170, 215, 245), (0, 170, 200)]),
        ("purple", [(120, 50, 170), (80, 30, 110), (170, 110, 210)]),
        ("pink", [(250, 150, 190), (250, 190, 215), (230, 70, 140)]),
        ("brown", [(120, 75, 45), (85, 50, 30), (160, 110, 70)]),
        ("beige", [(240, 228, 195), (222, 200, 160)]),
    ]

    static let all = shades.map(\.name)

    private static let prototypes: [(name: Int, colour: Oklab)] = shades.enumerated().flatMap { index, shade in
        shade.colours.map { (index, Oklab(red: $0.0, green: $0.1, blue: $0.2)) }
    }

    /// The number, in `all`, of the name of a colour.
    static func name(of colour: Oklab) -> Int {
        var best = (distance: Float.infinity, name: 0)
        for prototype in prototypes {
            let distance = colour.squaredDistance(to: prototype.colour)
            if distance < best.distance { best = (distance, prototype.name) }
        }
        return best.name
    }

    /// The colours that a caption names and that can be seen on white: white itself is not among them, nor is hair,
    /// which is called red without being so.
    static func named(in caption: String) -> Set<String> {
        let words = caption.lowercased().split { !$0.isLetter }.map { $0 == "grey" ? "gray" : String($0) }
        let found = zip(words, words.dropFirst() + [""]).filter { word, next in
            visible.contains(word) && next != "hair"
        }
        return Set(found.map(\.0))
    }

    private static let visible = Set(all).subtracting(["white", "beige"])
}

extension Ground {
    /// The ground whose colour is nearest, white among them.
    static func nearest(to colour: Oklab) -> Ground {
        ([.white] + named).min { $0.oklab.squaredDistance(to: colour) < $1.oklab.squaredDistance(to: colour) } ?? .white
    }

    private var oklab: Oklab {
        let bytes = color.map { UInt8((min(1, max(0, $0)) * 255).rounded()) }
        return Oklab(red: bytes[0], green: bytes[1], blue: bytes[2])
    }
}
