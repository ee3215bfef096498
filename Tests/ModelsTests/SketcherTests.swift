import Foundation
import NN
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

    @Test func aDecoderIsShownWhatASketchHolds() throws {
        let halves = Tensor((0..<64).map { $0 % 8 < 4 ? -1 : 1 } as [Float], shape: [1, 1, 8, 8])
        let sketch = Sketch.of(halves, size: [2, 2])
        #expect(try sketch.floats() == [-1, 1, -1, 1])
        let shown = Sketch.shown(sketch * 3, size: [8, 8])
        #expect(shown.shape == [1, 1, 8, 8])
        let row = try shown.narrow(dim: 2, start: 3, length: 1).floats()
        #expect(row.first == -1 && row.last == 1 && row == row.sorted())
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
