import Models
import NN
import Testing
import Torch

/// One recorded run of a pipeline: what its networks were given at each call.
struct GoldenRun {
    let golden: Golden
    let name: String

    static func all(_ golden: Golden) throws -> [GoldenRun] {
        let masks = golden.names("").filter { $0.hasSuffix("/text/mask") }
        try #require(!masks.isEmpty)
        return masks.map { GoldenRun(golden: golden, name: String($0.dropLast("/text/mask".count))) }
    }

    func callAsFunction(_ key: String) throws -> Tensor { try golden("\(name)/\(key)") }

    /// (rows), true where the text is a word and not padding.
    func mask() throws -> Tensor { try self("text/mask") }

    /// Text states for all rows: unconditional ones first, each prompt repeated for its pictures.
    func textStates() throws -> Tensor {
        let halves = golden.names("\(name)/text/uncond/").isEmpty ? ["cond"] : ["uncond", "cond"]
        let rows = try mask().size(0)
        let states = try halves.map { half in
            let states = try self("text/\(half)/last_hidden_state")
            return states.repeatInterleave(rows / halves.count / states.size(0), dim: 0)
        }
        return Tensor.cat(states, dim: 0)
    }

    /// The calls of a network whose inputs are recorded: `(key of the raw output, latents, timestep)`, with the
    /// latents repeated for guidance.
    func calls(_ stage: String, of network: String) throws -> [(raw: String, latents: Tensor, timestep: Int64)] {
        let timesteps = try self("\(stage)/timesteps").int64s()
        let calls = golden.names("\(name)/\(network)/call").filter { $0.hasSuffix("/raw") }
        return try calls.map { raw in
            let digits = raw.dropLast("/raw".count).suffix(2)
            let recorded = golden.names("\(name)/\(stage)/step\(digits)/sample_in")
            let latents = try golden(recorded.first ?? "\(name)/\(stage)/init_latents")
            let repeats = try golden(raw).size(0) / latents.size(0)
            return (raw, latents.tile([repeats] + latents.shape.dropFirst().map { _ in 1 }), timesteps[Int(digits)!])
        }
    }
}

/// A network's random weights by key, for comparing two ways of computing: a fresh network would put out zeros.
struct RandomWeights: WeightSource {
    let shapes: [String: [Int]]

    /// The keys and shapes that `build` asks for.
    init(_ build: (ParameterScope) throws -> some Any) rethrows {
        let store = ParameterStore()
        _ = try build(store.root)
        shapes = Dictionary(uniqueKeysWithValues: store.all.map { ($0.key, $0.tensor.shape) })
    }

    var keys: [String] { Array(shapes.keys) }
    func shape(of key: String) -> [Int]? { shapes[key] }
    func dtype(of key: String) -> DType? { .float32 }
    func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor {
        let seed = key.utf8.reduce(7) { ($0 &* 31 &+ UInt64($1)) % 1_000_003 }
        return (Tensor.randn(shapes[key] ?? [], generator: Generator(seed: seed)) * 0.2).to(dtype).to(device)
    }
}
