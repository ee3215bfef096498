import Testing

@testable import Training

struct EvaluationColourTests {
    /// A square of one colour in the middle of another, a quarter of the whole.
    private func square(_ colour: [UInt8], on ground: [UInt8], side: Int = 16) -> RGBPicture {
        let bytes = (0..<side * side).flatMap { place in
            let inside = [place % side, place / side].allSatisfy { (side / 4..<side * 3 / 4).contains($0) }
            return inside ? colour : ground
        }
        return RGBPicture(width: side, height: side, bytes: bytes)
    }

    @Test func histogramsOfFlatPictures() {
        for (name, colour) in [
            ("red", [220, 30, 30]), ("green", [40, 150, 60]), ("blue", [40, 80, 220]), ("yellow", [250, 220, 60]),
            ("black", [10, 10, 10]), ("gray", [128, 128, 128]), ("purple", [120, 60, 170]), ("brown", [110, 70, 40]),
            ("orange", [245, 140, 30]), ("pink", [250, 170, 200]),
        ] as [(String, [UInt8])] {
            let seen = PictureColours(square(colour, on: [255, 255, 255]))
            #expect(seen.share(of: name) == 1, "\(name)")
            #expect(seen.ink.count { $0 } == 64)
            #expect(Ground.nearest(to: seen.ground) == .white)
        }
        #expect(PictureColours(square([255, 255, 255], on: [255, 255, 255])).histogram.allSatisfy { $0 == 0 })
    }

    @Test func groundsAreRecognised() {
        for ground in Ground.named {
            let bytes = ground.color.map { UInt8($0 * 255) }
            let seen = PictureColours(square([255, 255, 255], on: bytes))
            #expect(Ground.nearest(to: seen.ground) == ground)
        }
    }

    @Test func captionsNameColours() {
        #expect(ColourNames.named(in: "a Red car, grey sky") == ["red", "gray"])
        #expect(ColourNames.named(in: "man with red hair") == [])
        #expect(ColourNames.named(in: "man with red hair and a red hat") == ["red"])
        #expect(ColourNames.named(in: "white flag, redwood, blueberries") == [])
    }

    @Test func partnersShareNoColour() {
        let partners = EvaluationMetric.disjointPartners([["red"], ["red", "blue"], ["blue"], ["red"]])
        #expect(partners == [2, nil, 3, 2])
        #expect(EvaluationMetric.disjointPartners([["red"]]) == [nil])
    }

    @Test func componentsAreCounted() {
        let picture = """
            ##..#
            ##...
            ..#.#
            .....
            #.#.#
            """
        let mask = picture.filter { $0 != "\n" }.map { $0 == "#" }
        #expect(ConnectedComponents.sizes(mask, width: 5) == [5, 1, 1, 1, 1, 1])
        #expect(ConnectedComponents.count(mask, width: 5, smallestShare: 0.1) == 1)
        #expect(ConnectedComponents.sizes([], width: 0) == [])
        #expect(ConnectedComponents.sizes([Bool](repeating: true, count: 12), width: 4) == [12])
    }
}
