import Foundation
import Testing

@testable import Torch

@Suite struct TensorTests {
    @Test func valuesComeBackAsTheyWentIn() throws {
        let a = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
        #expect(a.shape == [2, 3])
        #expect(try (a * 2 + 1).floats() == [3, 5, 7, 9, 11, 13])
        #expect(try a.matmul(a.transpose(0, 1)).floats() == [14, 32, 32, 77])
        #expect(try a.sum(dims: [1]).floats() == [6, 15])
        #expect(try a.to(.bfloat16).floats() == [1, 2, 3, 4, 5, 6])
        #expect(Tensor.cat([a, a], dim: 0).shape == [4, 3])
    }

    @Test func theFirstErrorOfAGraphIsTheOneThrown() throws {
        let a = Tensor.zeros([2, 3])
        let b = Tensor.zeros([4, 5])
        let failed = a.matmul(b).silu().reshape([1, 1])
        #expect(failed.size(0) == 0)
        let error = #expect(throws: TorchError.self) { try failed.floats() }
        #expect(error?.operation == "matmul")
        #expect(error?.message.contains("2x3") == true)
        #expect(try a.floats().count == 6)
    }

    @Test func aShapeThatDoesNotFitIsAnError() {
        #expect(throws: TorchError.self) { try Tensor([1, 2, 3] as [Float], shape: [2, 2]).floats() }
    }

    @Test func generatorRepeatsAndResumes() throws {
        let generator = Generator(seed: 42)
        // The first draws of torch.randn(4, generator=torch.Generator().manual_seed(42)).
        let first = try Tensor.randn([4], generator: generator).floats()
        let known: [Float] = [0.3367, 0.1288, 0.2345, 0.2303]
        for (a, b) in zip(first, known) { #expect(abs(a - b) < 1e-4) }
        let state = try generator.state()
        let next = try Tensor.randn([8], generator: generator).floats()
        try generator.restore(state)
        #expect(try Tensor.randn([8], generator: generator).floats() == next)
    }

    @Test func gradientsFlow() throws {
        let x = Tensor([3] as [Float])
        x.requiresGrad = true
        try (x * x * x).sum().backward()
        #expect(try x.grad?.item() == 27)
        x.clearGrad()
        #expect(x.grad == nil)
        let y = Autograd.noGrad { x * 2 }
        #expect(!y.requiresGrad)
    }

    @Test func autocastInsideAutocastLeavesTheOuterOneOn() {
        let ones = Tensor.ones([2, 2])
        func product() -> DType { ones.matmul(ones).dtype }
        let (inner, outer) = Autograd.autocast(.bfloat16, on: .cpu) {
            (Autograd.autocast(.float16, on: .cpu) { product() }, product())
        }
        #expect(inner == .float16)
        #expect(outer == .bfloat16)
        #expect(product() == .float32)
    }

    @Test func workerRunsOnItsOwnThreadAndReportsWhatNobodyRead() async throws {
        let worker = TorchWorker()
        let kept = try await worker.confine { Tensor([1, 2] as [Float]) }
        #expect(try await worker.run(with: kept) { try ($0 + 1).floats() } == [2, 3])
        await #expect(throws: TorchError.self) {
            try await worker.run { _ = Tensor.zeros([2]).matmul(Tensor.zeros([3])) }
        }
        #expect(try await worker.run { try Tensor.ones([2]).sum().item() } == 2)
    }

    @Test func memoryIsMappedWithoutACopyAndReleased() throws {
        final class Owner {
            let memory = UnsafeMutablePointer<Float>.allocate(capacity: 4)
            deinit { memory.deallocate() }
        }
        weak var watch: Owner?
        do {
            let owner = Owner()
            watch = owner
            for i in 0..<4 { owner.memory[i] = Float(i) }
            let tensor = Tensor(mapping: owner.memory, shape: [2, 2], dtype: .float32, owner: owner)
            owner.memory[0] = 9
            #expect(try tensor.floats() == [9, 1, 2, 3])
        }
        #expect(watch == nil)
    }

    #if os(Linux) && arch(x86_64)
    @Test func theProcessorSaysWhetherItMultipliesInBFloat16() throws {
        let flags = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        #expect(
            Device.cpu.isFasterInBFloat16 == flags.contains("amx_bf16"))
    }
    #endif

    @Test func unknownDevicesAreRefused() {
        #expect(throws: TorchError.self) { try Device.named("tpu") }
        #expect(throws: TorchError.self) { try Device.named("cuda:99") }
        #expect((try? Device.named("cpu")) == .cpu)
    }

    @Test func adamWMovesAgainstTheGradient() throws {
        let p = Tensor([1, -1] as [Float])
        let g = Tensor([0.5, -0.5] as [Float])
        TensorLists.adamW(
            [p], gradients: [g], means: [.zeros([2])], squares: [.zeros([2])], steps: [.zeros([])],
            rate: 0.1, betas: (0.9, 0.999), decay: 0, eps: 1e-8)
        let values = try p.floats()
        #expect(abs(values[0] - 0.9) < 1e-5 && abs(values[1] + 0.9) < 1e-5)
        #expect(abs(try TensorLists.globalNorm([g, g]).item() - 1) < 1e-6)
    }
}
