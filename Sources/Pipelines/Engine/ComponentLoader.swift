import Checkpoints
import Foundation
import ImageGeneration
import Models
import NN
import Tokenizers
import Torch

/// Reads the components of a model folder, each once, in one dtype on one device.
///
/// Errors are `GenerationError`s of kind `.unusableModel` that name the component, or what libtorch throws.
final class ComponentLoader {
    let folder: ModelFolder
    let dtype: DType
    let device: Device
    private let channelsLast: Bool
    private var kept: [String: Any] = [:]

    /// - Parameter channelsLast: how the weights of convolutions lie. With the channels last they are about a tenth
    ///   faster; the other way they are added up in the reference's order.
    init(_ folder: ModelFolder, dtype: DType, device: Device, channelsLast: Bool = true) {
        self.folder = folder
        self.dtype = dtype
        self.device = device
        self.channelsLast = channelsLast
    }

    /// A network from `NAME/config.json` and its weights. Every key must fit.
    func network<Configuration: Decodable, Network>(
        _ name: String, _ build: (Configuration, ParameterScope) throws -> Network
    ) throws -> Network {
        try keeping(name) {
            let configuration = try folder.decode(Configuration.self, component: name)
            let store = ParameterStore(
                source: try folder.weights(component: name), dtype: dtype, device: device, channelsLast: channelsLast)
            let network = try build(configuration, store.root)
            try store.verify()
            return network
        }
    }

    func tokenizer(_ name: String) throws -> CLIPTokenizer { try files(name) { try CLIPTokenizer(folder: $0) } }

    /// What is made of the files in the folder of a component without weights.
    func files<Value>(_ name: String, _ read: (_ folder: URL) throws -> Value) throws -> Value {
        try keeping(name) { try read(try folder.folder(component: name)) }
    }

    /// What the configuration of a component without weights says.
    func value<Value: Decodable>(_ name: String) throws -> Value {
        try keeping(name) { try folder.decode(component: name) }
    }

    private func keeping<Value>(_ name: String, _ make: () throws -> Value) throws -> Value {
        if let value = kept[name] as? Value { return value }
        try Task.checkCancellation()
        let value = try GenerationError.naming(name, make)
        kept[name] = value
        return value
    }
}
