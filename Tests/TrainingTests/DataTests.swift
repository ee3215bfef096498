import Foundation
import Scenes
import Testing
import Torch

@testable import Training

@Suite struct PackTests {
    @Test func whatIsWrittenIsRead() throws {
        let folder = try TemporaryFolder()
        try TinyPack.write(to: folder("pack"))
        let pack = try PicturePack(folder: folder("pack"))
        #expect(pack.rows.count == 24 && pack.sizes == [16, 32])
        #expect(pack.rows[0].captions == ["red disc", "a disc in red"])
        let pixels = try pack.pixels(0, size: 16)
        #expect(Array(pixels.bytes[((8 * 16 + 8) * 4)..<((8 * 16 + 8) * 4 + 4)]) == [220, 30, 30, 255])
        #expect(pack.indices(split: "val").count == 4)
        #expect(throws: PackError.self) { try pack.pixels(0, size: 64) }
    }

    @Test func damageIsAnErrorWithAName() throws {
        let folder = try TemporaryFolder()
        try TinyPack.write(to: folder("pack"))
        #expect(throws: PackError.self) { try PicturePack(folder: folder("nowhere")) }
        let file = folder("pack").appending(path: "pictures-16.pack")
        let whole = try Data(contentsOf: file)
        try whole.dropLast(5).write(to: file)
        #expect(
            throws: PackError.damaged(
                file: "pictures-16.pack", reason: "its length is not what its index says")
        ) { try PicturePack(folder: folder("pack")) }
        var scrambled = whole
        scrambled[2] ^= 0xFF
        scrambled[3] ^= 0xFF
        try scrambled.write(to: file)
        #expect(throws: PackError.self) { try PicturePack(folder: folder("pack")).pixels(0, size: 16) }
    }

    @Test func anUnfinishedPackLeavesNothing() throws {
        let folder = try TemporaryFolder()
        let writer = try PackWriter(folder: folder("pack"), sizes: [16])
        writer.abandon()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }
}

@Suite struct SamplerTests {
    private func sampler(_ folder: TemporaryFolder, _ change: (inout DataConfig) -> Void = { _ in }) throws
        -> PictureSampler
    {
        if !FileManager.default.fileExists(atPath: folder("pack").path) { try TinyPack.write(to: folder("pack")) }
        var config = DataConfig(pack: folder("pack").path)
        change(&config)
        return try PictureSampler(pack: PicturePack(folder: folder("pack")), config: config)
    }

    @Test func aBatchIsAFunctionOfItsPlace() throws {
        let folder = try TemporaryFolder()
        let sampler = try sampler(folder)
        func batch(_ step: UInt64) -> [Draw] {
            var random = Randomness(seed: 3, Purpose.pictures, step)
            return sampler.draws(count: 8, &random)
        }
        #expect(batch(1) == batch(1))
        #expect(batch(1) != batch(2))
        #expect(Set(batch(5).map { $0.subjects[0].index }).count == 8, "no picture twice in a batch")
    }

    @Test func weightsAndSplitsAreKept() throws {
        let folder = try TemporaryFolder()
        let sampler = try sampler(folder) { $0.weights = ["Flags": 0] }
        var random = Randomness(seed: 1)
        let drawn = (0..<40).flatMap { _ in sampler.draws(count: 4, &random) }.map {
            sampler.pack.rows[$0.subjects[0].index]
        }
        #expect(drawn.allSatisfy { $0.split == "train" && $0.group.hasPrefix("Shapes") })
        #expect(throws: PackError.self) { try self.sampler(folder) { $0.split = "nothing" } }
    }

    @Test func aNamedGroundIsSaidAndPainted() throws {
        let folder = try TemporaryFolder()
        let sampler = try sampler(folder) {
            $0.groundProbability = 1
            $0.styleProbability = 0
            $0.keywordProbability = 0
        }
        var random = Randomness(seed: 4)
        let draw = sampler.draws(count: 1, &random)[0]
        #expect(draw.caption.hasSuffix("on a \(try #require(draw.ground.name)) background"))
        let pictures = try sampler.pictures([draw], size: 16)
        #expect(pictures.shape == [1, 3, 16, 16])
        let corner = try pictures.select(dim: 0, index: 0).floats()[0]
        #expect(abs(corner - (2 * draw.ground.color[0] - 1)) < 1e-5)
        // A size that the pack lacks is averaged from a stored one.
        #expect(try sampler.pictures([draw], size: 8).shape == [1, 3, 8, 8])
        #expect(throws: PackError.self) { try sampler.pictures([draw], size: 24) }
    }

    @Test func onlyWhatAMirrorLeavesTrueIsMirrored() {
        #expect(!Captions.mayMirror(PackedRow(id: "a", captions: ["left arrow"])))
        #expect(!Captions.mayMirror(PackedRow(id: "b", captions: ["flag of cuba"])))
        #expect(Captions.mayMirror(PackedRow(id: "c", captions: ["red apple"])))
    }

    @Test func picturesAreWrittenAsPNG() throws {
        let picture = try RGBPicture(grid: .zeros([3, 3, 4, 4]), columns: 2)
        #expect(picture.width == 8 && picture.height == 8)
        #expect(picture.bytes[0] == 128 && picture.bytes[(7 * 8 + 7) * 3] == 255)
        #expect(picture.png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
}
