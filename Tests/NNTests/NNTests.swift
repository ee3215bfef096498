import Testing
import Torch

@testable import NN

private struct MemorySource: WeightSource {
    var tensors: [String: Tensor]
    var keys: [String] { tensors.keys.sorted() }
    func shape(of key: String) -> [Int]? { tensors[key]?.shape }
    func dtype(of key: String) -> DType? { tensors[key]?.dtype }
    func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor { tensors[key]!.to(dtype) }
}

@Suite struct ParameterTests {
    @Test func everyFaultIsReportedAtOnce() throws {
        let store = ParameterStore(
            source: MemorySource(tensors: [
                "a.weight": .zeros([2, 3]), "b.weight": .zeros([5]), "b.bias": .zeros([4], dtype: .int64),
                "extra": .zeros([1]),
            ]))
        _ = Linear(store.root / "a", 3, 2)
        _ = LayerNorm(store.root / "b", 4)
        let error = #expect(throws: ParameterError.self) { try store.verify() }
        #expect(error?.missing == ["a.bias"])
        #expect(error?.unused == ["extra"])
        #expect(error?.mismatched == [.init(key: "b.weight", expected: [4], found: [5])])
        #expect(error?.wrongType == ["b.bias (int64)"])
    }

    @Test func initialisationIsRepeatable() throws {
        func weights() throws -> [Float] {
            let store = ParameterStore(generator: Generator(seed: 3))
            let layer = Conv2d(store.root / "c" / 0, 3, 4)
            try store.verify()
            #expect(store.parameters.map(\.key) == ["c.0.weight", "c.0.bias"])
            return try layer.weight.floats()
        }
        #expect(try weights() == weights())
    }

    @Test func layersComputeWhatTheyAreNamedFor() throws {
        let store = ParameterStore()
        let norm = LayerNorm(store.root / "n", 2)
        let out = try norm(Tensor([1, 3] as [Float], shape: [1, 2])).floats()
        #expect(abs(out[0] + 1) < 1e-3 && abs(out[1] - 1) < 1e-3)
        let conv = Conv2d(store.root / "c", 3, 8, stride: 2)
        #expect(conv(.zeros([1, 3, 16, 16])).shape == [1, 8, 8, 8])
    }
}
