import Foundation
import NN
import Scenes
import Testing
import Torch

@testable import Models

@Suite struct SketcherTests {
    private func config(_ json: String) throws -> SketcherConfig {
        try JSONDecoder().decode(SketcherConfig.self, from: Data(json.utf8))
    }

    private let small = #"{"sample_size": 4, "hidden_size": 8, "num_layers": 2, "clip_embeddings_dim": 6}"#

    private func sketcher() throws -> Sketcher {
        Sketcher(try config(small), ParameterStore(generator: Generator(seed: 1)).root)
    }

    @Test func aSketchIsOfItsConditionsAndItsTime() throws {
        let sketcher = try sketcher()
        func noise(_ shape: [Int], _ seed: UInt64) -> Tensor { .randn(shape, generator: Generator(seed: seed)) }
        let (sample, images, texts) = (noise([3, 3, 4, 4], 2), noise([3, 6], 3), noise([3, 6], 4))
        func draw(_ row: Int?, _ time: Float = 7, image: Tensor? = nil, text: Tensor? = nil) throws -> [Float] {
            func rows(_ tensor: Tensor) -> Tensor { row.map { tensor.narrow(dim: 0, start: $0, length: 1) } ?? tensor }
            let context = sketcher.condition(imageEmbeds: rows(image ?? images), textEmbeds: rows(text ?? texts))
            let drawn = sketcher(rows(sample), Tensor([time]), context: context)
            #expect(drawn.shape == rows(sample).shape)
            return try drawn.floats()
        }
        let together = try draw(nil)
        for row in 0..<3 {
            let alone = try draw(row)
            #expect(zip(alone, together[(row * 48)...]).allSatisfy { abs($0 - $1) < 1e-5 }, "row \(row)")
            #expect(try draw(row, 8) != alone && draw(row, image: texts) != alone && draw(row, text: images) != alone)
            // Of an embedding it counts where it points, not how long it is.
            let longer = try draw(row, image: images * 3)
            #expect(zip(longer, alone).allSatisfy { abs($0 - $1) < 1e-3 })
        }
        #expect(sketcher.guided(images).shape == [6, 6])
    }

    /// Each thing is sketched as large as a sketch is, and shown where it is; the ground goes on between them.
    @Test func picturesAreSketchedPartByPart() throws {
        let boxes = [Box(x: 0, y: 0.25, side: 0.5), Box(x: 0.5, y: 0.25, side: 0.5)]
        let ground = Tensor([0.25, -0.5, 1] as [Float], shape: [1, 3, 1, 1])
        let disc = Tensor((0..<64).map { 1...6 ~= $0 % 8 && 1...6 ~= $0 / 8 ? 1 : 0 } as [Float], shape: [1, 1, 8, 8])
        let things = [-0.75, 0.75].map { color in ground + disc * (color - ground) }
        let middle = Tensor.cat(things, dim: 3)
        let bar = ground.expand([1, 3, 4, 16])
        let scene = Tensor.cat([bar, middle, bar], dim: 2)
        let parts = boxes.map { ScenePart(text: "a disc", boxes: [$0]) }
        let (pictures, all) = (Tensor.cat([scene, scene], dim: 0), [parts, [.whole("two discs")]])
        let sketches = Sketch.of(pictures, parts: all, size: 8)
        #expect(sketches.shape == [3, 3, 8, 8])
        for (row, thing) in things.enumerated() {
            #expect(try sketches.narrow(dim: 0, start: row, length: 1).floats() == thing.floats())
        }
        let shown = Sketch.composed(sketches, all, size: 16)
        let first = try shown.narrow(dim: 0, start: 0, length: 1).floats()
        #expect(try zip(first, scene.floats()).allSatisfy { abs($0 - $1) < 1e-6 })
        // As a whole it is half as sharp, and the same as before there were parts.
        let whole = scene.interpolate(size: [8, 8], mode: .area).interpolate(size: [16, 16], mode: .bilinear)
        #expect(try shown.narrow(dim: 0, start: 1, length: 1).floats() == whole.floats())
        // Two of a kind have one sketch.
        let twins = Sketch.composed(
            things[0], [[ScenePart(text: "a disc", boxes: boxes)]], size: 16
        ).narrow(dim: 2, start: 4, length: 8)
        let pair = try Tensor.cat([things[0], things[0]], dim: 3).floats()
        #expect(try zip(twins.floats(), pair).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func aConfigurationIsWrittenAsItIsRead() throws {
        let config = try config(small)
        #expect(config.inChannels == 3 && config.intermediateSize == 16)
        #expect(try self.config(String(decoding: JSONEncoder().encode(config), as: UTF8.self)) == config)
    }

    @Test(arguments: [
        #"{"hidden_size": 8, "num_layers": 2, "clip_embeddings_dim": 6}"#,
        #"{"sample_size": 4, "hidden_size": 7, "num_layers": 2, "clip_embeddings_dim": 6}"#,
        #"{"sample_size": 4, "hidden_size": 8, "num_layers": 0, "clip_embeddings_dim": 6}"#,
    ])
    func whatCannotBeIsRefused(json: String) { #expect(throws: ConfigurationError.self) { try config(json) } }
}
