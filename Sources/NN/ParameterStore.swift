import Torch

/// Gives a network its parameters while it is being built, and remembers them by key.
///
/// With a weight source every parameter is taken from it, checked and cast; without one it is initialised. Layers do
/// not fail one by one: what is missing, unused or of another shape is collected, and `verify()` throws it all at once.
public final class ParameterStore {
    public let dtype: DType
    public let device: Device
    /// Whether the weights of convolutions lie with the channels last.
    public let channelsLast: Bool
    /// The trained parameters in the order in which the network was built.
    public private(set) var parameters: [(key: String, tensor: Tensor)] = []
    /// Tensors that belong to the checkpoint but are not trained.
    public private(set) var buffers: [(key: String, tensor: Tensor)] = []

    private let source: (any WeightSource)?
    private let generator: Generator
    private let available: Set<String>
    private var claimed: Set<String> = []
    private var ignored: Set<String> = []
    private var faults = ParameterError()

    /// - Parameters:
    ///   - source: where weights come from; nil initialises them.
    ///   - dtype: the type in which parameters are kept, whatever the source stores.
    ///   - generator: draws the initial values when there is no source.
    ///   - channelsLast: keeps the weights of convolutions (four dimensions) with the channels last in memory.
    ///     Pictures then run through the network in that order too, which oneDNN and cuDNN do faster; shapes and keys
    ///     stay as they are.
    public init(
        source: (any WeightSource)? = nil, dtype: DType = .float32, device: Device = .cpu,
        generator: Generator = Generator(seed: 0), channelsLast: Bool = false
    ) {
        self.source = source
        self.dtype = dtype
        self.device = device
        self.generator = generator
        self.channelsLast = channelsLast
        available = Set(source?.keys ?? [])
    }

    /// The scope without a prefix.
    public var root: ParameterScope { ParameterScope(store: self, prefix: "") }

    /// Everything that a checkpoint holds: parameters, then buffers.
    public var all: [(key: String, tensor: Tensor)] { parameters + buffers }

    /// Throws `ParameterError` with every missing, unused and mismatched key, or the first `TorchError`.
    public func verify() throws {
        faults.unused = available.subtracting(claimed).subtracting(ignored).sorted()
        guard faults.isEmpty else { throw faults }
        try TorchError.check()
    }

    /// Declares keys that old checkpoints carry and the network does not need.
    public func ignore(_ keys: [String]) { ignored.formUnion(keys) }

    fileprivate func sourceHas(prefix: String) -> Bool { available.contains { $0.hasPrefix(prefix) } }

    func take(_ key: String, _ shape: [Int], _ initial: Initializer, trained: Bool) -> Tensor {
        if !claimed.insert(key).inserted { faults.duplicate.append(key) }
        let tensor = source.map { load(key, shape, from: $0) } ?? fresh(shape, initial)
        if trained { parameters.append((key, tensor)) } else { buffers.append((key, tensor)) }
        return tensor
    }

    private func fresh(_ shape: [Int], _ initial: Initializer) -> Tensor {
        laidOut(initial.tensor(shape, generator: generator).to(dtype).to(device))
    }

    private func laidOut(_ tensor: Tensor) -> Tensor {
        channelsLast && tensor.rank == 4 ? tensor.channelsLast() : tensor
    }

    private func load(_ key: String, _ shape: [Int], from source: any WeightSource) -> Tensor {
        let placeholder = Tensor.empty([0], dtype: dtype, device: .cpu)
        guard available.contains(key), let found = source.shape(of: key) else {
            faults.missing.append(key)
            return placeholder
        }
        // Checkpoints keep some linear layers as convolutions of single places.
        guard found == shape || shape.count == 2 && found == shape + [1, 1] else {
            faults.mismatched.append(.init(key: key, expected: shape, found: found))
            return placeholder
        }
        if let type = source.dtype(of: key), !type.isFloatingPoint {
            faults.wrongType.append("\(key) (\(type.name))")
            return placeholder
        }
        do {
            guard channelsLast, shape.count == 4 else {
                let tensor = try source.tensor(key, dtype: dtype, device: device)
                return found == shape ? tensor : tensor.reshape(shape)
            }
            // Cast and laid out in one go: a tensor between the two would leave a hole in the memory.
            let room = Tensor.empty([shape[0], shape[2], shape[3], shape[1]], dtype: dtype, device: device)
                .permute([0, 3, 1, 2])
            try source.copy(key, into: room)
            return room
        } catch {
            faults.unreadable.append("\(key) (\(error))")
            return placeholder
        }
    }
}

/// A place in a network's tree of parameters: `scope / "down_blocks" / 0` adds to the dotted key.
public struct ParameterScope {
    public let store: ParameterStore
    public let prefix: String

    public static func / (scope: ParameterScope, name: String) -> ParameterScope {
        ParameterScope(store: scope.store, prefix: scope.key(name))
    }

    public static func / (scope: ParameterScope, index: Int) -> ParameterScope { scope / String(index) }

    /// Whether the weight source has keys under a name, for layers that checkpoints call by several; false without one.
    public func sourceHas(_ name: String) -> Bool { store.sourceHas(prefix: key(name) + ".") }

    /// A trained parameter of this scope.
    public func parameter(_ name: String, _ shape: [Int], _ initial: Initializer) -> Tensor {
        store.take(key(name), shape, initial, trained: true)
    }

    /// A tensor that belongs to the checkpoint but is not trained.
    public func buffer(_ name: String, _ shape: [Int], _ initial: Initializer) -> Tensor {
        store.take(key(name), shape, initial, trained: false)
    }

    private func key(_ name: String) -> String { prefix.isEmpty ? name : prefix + "." + name }
}
