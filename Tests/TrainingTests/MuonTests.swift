import Testing
import Torch

@testable import Training

@Suite struct MuonTests {
    @Test(arguments: [[24, 40], [40, 24]])
    func anUpdateMovesAllDirectionsAlike(_ shape: [Int]) throws {
        let gradient = Tensor.randn(shape, generator: Generator(seed: 3))
        let update = Muon.orthogonalized(gradient, dtype: .float32)
        #expect(update.shape == shape)
        let wide = shape[0] > shape[1] ? update.transpose(0, 1) : update
        // The squares of the singular values.
        let values = try wide.matmul(wide.transpose(0, 1)).eigvalsh().floats()
        #expect(values.allSatisfy { (0.2...1.7).contains($0) }, "\(values)")
        // It goes where the gradient goes.
        #expect(try (update * gradient).sum().item() > 0)
    }

    @Test func onlyMatricesBetweenHiddenLayersAreItsOwn() {
        let kernel = Tensor.zeros([32, 16, 3, 3])
        #expect(Muon.suits("decoder/mid_block.resnets.0.conv1.weight", kernel))
        #expect(!Muon.suits("decoder/conv_in.weight", kernel))
        #expect(!Muon.suits("decoder/conv_norm_out.weight", .zeros([32])))
        #expect(!Muon.suits("text/embeddings.token_embedding.weight", .zeros([512, 64])))
        #expect(!Muon.suits("clip/scale", .zeros([8, 8])))
    }
}
