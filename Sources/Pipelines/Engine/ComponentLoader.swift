import Checkpoints
import Foundation
import ImageGeneration
import Models
import NN
import Tokenizers
import Torch

/// Reads the components of a model folder in one dtype on one device, and keeps them: all, or of the networks only the
/// last.
///
/// A network that a stage's denoiser holds stays until the stage is done, whatever is read meanwhile.
///
/// Errors are `GenerationError`s of kind `.unusableModel` that name the component, or what libtorch throws.
final class ComponentLoader {
    let folder: ModelFolder
    let dtype: DType
    let device: Device
    let residency: Residency
    private let channelsLast: Bool
    private var networks: [String: Any] = [:]
    /// Tokenizers and configurations, which are small.
    private var values: [String: Any] = [:]

    /// - Parameter channelsLast: how the weights of convolutions lie. With the channels last they are about a tenth
    ///   faster; the other way they are added up in the reference's order.
    init(
        _ folder: ModelFolder, dtype: DType, device: Device, residency: Residency = .all, channelsLast: Bool = true
    ) {
        self.folder = folder
        self.dtype = dtype
        self.device = device
        self.residency = residency
        self.channelsLast = channelsLast
    }

    /// A network from `NAME/config.json` and its weights. Every key must fit.
    func network<Configuration: Decodable, Network>(
        _ name: String, _ build: (Configuration, ParameterScope) throws -> Network
    ) throws -> Network {
        if let network = networks[name] as? Network { return network }
        if residency == .one, !networks.isEmpty {
            networks = [:]
            Library.trimMemory()
        }
        let network = try reading(name) {
            let configuration = try folder.decode(Configuration.self, component: name)
            let store = ParameterStore(
                source: try folder.weights(component: name), dtype: dtype, device: device, channelsLast: channelsLast)
            let network = try build(configuration, store.root)
            try store.verify()
            return network
        }
        networks[name] = network
        return network
    }

    /// Whether a network is there.
    func holds(_ name: String) -> Bool { networks[name] != nil }

    /// Whether no network is there.
    var isEmpty: Bool { networks.isEmpty }

    /// Runs a body whose networks are needed this once; those that it reads go afterwards.
    func briefly<R>(_ body: () throws -> R) rethrows -> R {
        guard residency == .all else { return try body() }
        let before = networks
        defer {
            networks = before
            Library.trimMemory()
        }
        return try body()
    }

    func tokenizer(_ name: String) throws -> CLIPTokenizer { try files(name) { try CLIPTokenizer(folder: $0) } }

    /// What is made of the files in the folder of a component without weights.
    func files<Value>(_ name: String, _ read: (_ folder: URL) throws -> Value) throws -> Value {
        try keeping(name) { try read(try folder.folder(component: name)) }
    }

    /// What a component's configuration says, without its weights.
    func value<Value: Decodable>(_ name: String) throws -> Value {
        try keeping(name) { try folder.decode(component: name) }
    }

    private func keeping<Value>(_ name: String, _ make: () throws -> Value) throws -> Value {
        if let value = values[name] as? Value { return value }
        let value = try reading(name, make)
        values[name] = value
        return value
    }

    private func reading<Value>(_ name: String, _ make: () throws -> Value) throws -> Value {
        try Task.checkCancellation()
        return try GenerationError.naming(name, make)
    }
}
