import ArgumentParser
import ImageGeneration
import Pipelines
import Torch

/// Where and in which precision a command computes.
struct EngineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "auto, cpu, cuda, cuda:N or mps. auto takes the fastest one that is there.", valueName: "device"))
    var device = "auto"

    @Option(
        help: ArgumentHelp(
            "float32, bfloat16 or float16. auto is float32 on the CPU, bfloat16 on CUDA and float16 on MPS.",
            valueName: "dtype"))
    var dtype = "auto"

    @Flag(
        help: """
            Hold one network in memory at a time instead of all. The pictures are the same; reading takes longer. \
            `limn models info` says what a model needs.
            """)
    var lowMemory = false

    init() {}

    init(device: String, dtype: String) {
        self.device = device
        self.dtype = dtype
    }

    var residency: Residency { lowMemory ? .one : .all }

    func resolved() throws -> (device: Device, dtype: DType) {
        let device = try Device.named(device)
        if dtype == "auto" { return (device, Self.usual(device.kind)) }
        guard let dtype = DType(name: dtype), [.float32, .bfloat16, .float16].contains(dtype) else {
            throw GenerationError.invalid(
                "dtype", "there is no dtype '\(dtype)' to compute in; use float32, bfloat16 or float16")
        }
        return (device, dtype)
    }

    private static func usual(_ kind: Device.Kind) -> DType {
        switch kind {
        case .cpu: .float32
        case .cuda: .bfloat16
        case .mps: .float16
        }
    }
}

/// `25` for the decoder, `prior=25` for a stage by name.
struct StageValue<Value: LosslessStringConvertible & Sendable>: ExpressibleByArgument, Sendable {
    var stage: String
    var value: Value

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard let last = parts.last, let value = Value(last) else { return nil }
        self.value = value
        stage = parts.count == 2 ? parts[0] : "decoder"
    }
}
