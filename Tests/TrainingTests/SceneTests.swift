import Foundation
import Scenes
import Testing

@testable import Training

@Suite struct NounPhraseTests {
    @Test(arguments: [
        ("red apple", 1, "a red apple"), ("owl", 1, "an owl"), ("cherry", 2, "two cherries"), ("fox", 3, "three foxes"),
        ("toy mouse", 4, "four toy mice"), ("boy", 2, "two boys"), ("maple leaf", 2, "two maple leaves"),
    ])
    func thingsAreCounted(caption: String, count: Int, said: String) throws {
        #expect(try #require(NounPhrase(caption: caption)).counted(count) == said)
    }

    @Test(arguments: ["grapes", "fork and knife", "face with open mouth", "cat, black", "", "a b c d", "1st medal"])
    func whatIsNotOneThingIsRefused(caption: String) { #expect(NounPhrase(caption: caption) == nil) }

    @Test func aColourReplacesAColour() throws {
        #expect(try #require(NounPhrase(caption: "red apple")).colored("blue").counted(1) == "a blue apple")
        #expect(try #require(NounPhrase(caption: "pear")).colored("orange").counted(2) == "two orange pears")
        #expect(try #require(NounPhrase(caption: "orange")).colored("blue").counted(1) == "a blue orange")
    }
}

@Suite struct HueTests {
    private static func flat(_ rgba: [UInt8], size: Int = 4) -> PicturePack.Pixels {
        PicturePack.Pixels(size: size, bytes: Array(repeating: rgba, count: size * size).flatMap { $0 })
    }

    @Test(arguments: [(0, 0), (200, 40), (33, 190), (255, 128)] as [(UInt8, UInt8)])
    func hueSaturationAndValueLeadBack(red: UInt8, green: UInt8) {
        for blue in [UInt8](stride(from: 0, through: 255, by: 15)) {
            let rgb = HSV(red: red, green: green, blue: blue).rgb
            #expect(rgb == (red, green, blue))
        }
    }

    @Test func theMainColourIsNamed() {
        #expect(NamedHue(mainOf: Self.flat([220, 30, 30, 255]))?.name == "red")
        #expect(NamedHue(mainOf: Self.flat([40, 70, 220, 255]))?.name == "blue")
        #expect(NamedHue(mainOf: Self.flat([128, 128, 128, 255])) == nil)
        #expect(NamedHue(mainOf: Self.flat([0, 0, 0, 0])) == nil)
    }

    @Test func onlyTheColourIsTurned() {
        let shift = HueShift(from: 0, to: 120)
        #expect(Array(shift.apply(to: Self.flat([200, 0, 0, 200])).bytes.prefix(4)) == [0, 200, 0, 200])
        #expect(Array(shift.apply(to: Self.flat([90, 90, 90, 255])).bytes.prefix(4)) == [90, 90, 90, 255])
        #expect(Array(shift.apply(to: Self.flat([0, 0, 200, 255])).bytes.prefix(4)) == [0, 0, 200, 255])
    }
}

@Suite struct SceneTests {
    private static func sampler(
        _ folder: TemporaryFolder, again: Double = 0, most: Int = 4, moving: Bool = true, heldOut: [String] = []
    ) throws -> PictureSampler {
        try TinyPack.write(to: folder("pack"), heldOut: heldOut)
        var config = DataConfig(pack: folder("pack").path)
        config.styleProbability = 0
        config.groundProbability = 0
        config.scenes = SceneConfig()
        config.scenes?.probability = 1
        config.scenes?.again = again
        config.scenes?.most = most
        config.scenes?.moving = moving
        return try PictureSampler(pack: PicturePack(folder: folder("pack")), config: config)
    }

    /// What the caption counts and colours is what is painted.
    @Test func captionsSayWhatIsThere() throws {
        let folder = try TemporaryFolder()
        let sampler = try Self.sampler(folder)
        var random = Randomness(seed: 9)
        let numbers = ["a": 1, "an": 1, "two": 2, "three": 3, "four": 4]
        var counts: Set<Int> = []
        for draw in (0..<30).flatMap({ _ in sampler.draws(count: 4, &random) }) {
            let words = draw.caption.split(separator: " ").map(String.init)
            let said = words.compactMap { numbers[$0] }.reduce(0, +)
            #expect(said == draw.subjects.count, "\(draw.caption)")
            counts.insert(said)
            let pictures = try sampler.pictures([draw], size: 32).floats()
            for subject in draw.subjects {
                let (x, y) = (subject.box.x + subject.box.side / 2, subject.box.y + subject.box.side / 2)
                let at = Int(y * 32) * 32 + Int(x * 32)
                let rgb = (0..<3).map { UInt8(((pictures[$0 * 1024 + at] + 1) * 127.5).rounded()) }
                let hue = HSV(red: rgb[0], green: rgb[1], blue: rgb[2]).hue
                let named = NamedHue.all.filter { words.contains($0.name) }
                #expect(named.contains { HSV.distance($0.hue, hue) < 20 }, "\(draw.caption): \(rgb)")
            }
        }
        #expect(counts == [1, 2, 3, 4])
    }

    /// The same pictures, shown again in other ways; none of them where that is not asked for.
    @Test func aBatchShowsTheSameThingsAgain() throws {
        let folder = try TemporaryFolder()
        func neighbours(again: Double) throws -> (same: Int, captions: Set<String>) {
            var random = Randomness(seed: 3)
            let draws = try Self.sampler(folder, again: again).draws(count: 40, &random)
            #expect(draws.count == 40)
            let things = draws.map { Set($0.subjects.map(\.index)) }
            return (zip(things, things.dropFirst()).count { $0 == $1 }, Set(draws.map(\.caption)))
        }
        let (alone, always) = (try neighbours(again: 0), try neighbours(again: 1))
        #expect(always.same == 39 && always.captions.count > 8)
        #expect(alone.same < 15)
    }

    /// A combination that a model is judged by is not composed either.
    @Test func whatIsKeptForJudgingIsNotComposed() throws {
        func isComposed(_ name: String, heldOut: [String]) throws -> Bool {
            let folder = try TemporaryFolder()
            var random = Randomness(seed: 4)
            return try Self.sampler(folder, heldOut: heldOut).draws(count: 400, &random).contains {
                $0.caption.hasSuffix(name)
            }
        }
        #expect(try isComposed("pink disc", heldOut: []))
        #expect(try !isComposed("pink disc", heldOut: ["disc, pink"]))
        #expect(try isComposed("purple disc", heldOut: ["disc, pink"]))
    }

    @Test func scenesHaveAtMostSoManyThings() throws {
        let folder = try TemporaryFolder()
        var random = Randomness(seed: 5)
        for most in [1, 2] {
            let draws = try Self.sampler(folder, most: most).draws(count: 60, &random)
            #expect(Set(draws.map(\.subjects.count)) == Set(1...most))
        }
        for most in ["0", "5"] {
            let json = Data("{\"most\": \(most)}".utf8)
            #expect(throws: TrainingError.self) { try JSONDecoder().decode(SceneConfig.self, from: json) }
        }
    }

    /// A thing by itself is then as it is where no scene is composed.
    @Test(arguments: [true, false])
    func thingsFillTheirPlacesUnlessTheyAreMoved(moving: Bool) throws {
        let folder = try TemporaryFolder()
        var random = Randomness(seed: 7)
        let draws = try Self.sampler(folder, most: 1, moving: moving).draws(count: 60, &random)
        let still = draws.count { $0.subjects[0].box == .whole && !$0.subjects[0].isMirrored }
        #expect(still == (moving ? 0 : 60))
    }

    /// What a caption counts out is what is seen.
    @Test func captionsAreReadAsTheyWereComposed() throws {
        let folder = try TemporaryFolder()
        var random = Randomness(seed: 6)
        var scenes = 0
        for draw in try Self.sampler(folder).draws(count: 200, &random) {
            guard let scene = SceneText(draw.caption) else {
                #expect(draw.subjects.count == 1, "\(draw.caption)")
                continue
            }
            scenes += 1
            let seen = Dictionary(grouping: draw.subjects, by: \.index).values.map(\.count)
            #expect(scene.kinds.map(\.count).sorted() == seen.sorted(), "\(draw.caption)")
        }
        #expect(scenes > 50)
    }

    @Test func thingsDoNotCoverEachOther() {
        var random = Randomness(seed: 2)
        for count in SceneLayout.counts {
            for _ in 0..<50 {
                let boxes = SceneLayout(count: count, &random).boxes
                #expect(boxes.count == count)
                for (place, a) in boxes.enumerated() {
                    #expect(a.x >= 0 && a.y >= 0 && a.x + a.side <= 1.001 && a.y + a.side <= 1.001)
                    for b in boxes[(place + 1)...] {
                        let apart =
                            a.x + a.side <= b.x + 0.01 || b.x + b.side <= a.x + 0.01 || a.y + a.side <= b.y + 0.01
                            || b.y + b.side <= a.y + 0.01
                        #expect(apart)
                    }
                }
            }
        }
    }

    @Test func aSmallerPictureIsTheMeanOfWhatItCovers() {
        let bytes: [UInt8] = (0..<16).flatMap { (value: UInt8) -> [UInt8] in [value * 16, 0, 0, 255] }
        let pixels = PicturePack.Pixels(size: 4, bytes: bytes)
        #expect(pixels.resized(to: 4)[4] == 16.0 / 255)
        let half = pixels.resized(to: 2)
        let expected: Float = 40.0 / 255
        #expect(abs(half[0] - expected) < 1e-6 && abs(half[3] - 1) < 1e-6)
        let third = pixels.resized(to: 3)
        let mean = (0..<9).reduce(Float(0)) { $0 + third[$1 * 4] } / 9
        #expect(abs(mean - 120.0 / 255) < 1e-5)
    }

    @Test func aPackWithoutSingleThingsIsRefused() throws {
        let folder = try TemporaryFolder()
        try TinyPack.write(to: folder("pack"))
        var config = DataConfig(pack: folder("pack").path)
        config.scenes = SceneConfig()
        config.scenes?.groups = ["Nothing"]
        #expect(throws: PackError.self) {
            try PictureSampler(pack: PicturePack(folder: folder("pack")), config: config)
        }
    }
}

@Suite struct CutoutTests {
    /// Three discs, one of two halves with a narrow gap.
    private static func picture() -> RGBPicture {
        var bytes = [UInt8](repeating: 255, count: 64 * 64 * 3)
        func fill(_ x: Range<Int>, _ y: Range<Int>, _ rgb: [UInt8]) {
            for line in y {
                for column in x {
                    bytes.replaceSubrange((line * 64 + column) * 3..<(line * 64 + column) * 3 + 3, with: rgb)
                }
            }
        }
        fill(5..<15, 5..<20, [220, 30, 30])
        fill(16..<25, 5..<20, [220, 30, 30])
        fill(40..<58, 8..<24, [40, 70, 220])
        fill(20..<40, 40..<58, [30, 160, 60])
        fill(60..<62, 60..<61, [0, 0, 0])
        return RGBPicture(width: 64, height: 64, bytes: bytes)
    }

    @Test func separateThingsAreCutOut() throws {
        let cutouts = Cutouts(of: Self.picture())
        #expect(cutouts.colours.count == 3, "a narrow gap parts nothing, a speck is nothing")
        #expect(cutouts.colours[0].share(of: "red") > 0.9)
        #expect(cutouts.colours[1].share(of: "blue") > 0.9)
        #expect(try cutouts.pictures(side: 16)?.shape == [3, 3, 16, 16])
        let empty = Cutouts(of: RGBPicture(width: 8, height: 8, bytes: Array(repeating: 200, count: 192)))
        #expect(empty.colours.isEmpty)
        #expect(try empty.pictures(side: 16) == nil)
    }
}
