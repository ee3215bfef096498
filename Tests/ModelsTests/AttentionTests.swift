import Testing
import Torch

@testable import Models

@Suite struct AttentionTests {
    /// Training on the CPU in bfloat16 takes another way; it must come to the same.
    @Test(arguments: [(masked: false, causal: false), (true, false), (false, true)])
    func plainAttentionIsTheFusedOne(_ kind: (masked: Bool, causal: Bool)) throws {
        let generator = Generator(seed: 3)
        func draw(_ tokens: Int) -> Tensor { .randn([2, tokens, 24], generator: generator).to(.bfloat16) }
        let (query, key, value) = (draw(7), draw(7), draw(7))
        let seen = Tensor([1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0] as [Float], shape: [2, 1, 1, 7])
        let mask = kind.masked ? seen.gt(scalar: 0.5).additiveMask(.bfloat16) : nil
        func attended() -> Tensor {
            KeyValue(key, value, heads: 3).attended(by: query, heads: 3, mask: mask, causal: kind.causal).to(.float32)
        }
        let fused = try attended().floats()
        query.requiresGrad = true
        let plain = attended()
        try plain.sum().backward()
        #expect(query.grad != nil)
        let largest = try zip(fused, plain.detach().floats()).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest < 0.03, "bfloat16 keeps 8 bits")
    }
}
