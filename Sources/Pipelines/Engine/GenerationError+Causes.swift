import Checkpoints
import Diffusion
import ImageGeneration
import Imaging
import Models
import NN
import Tokenizers
import Torch

/// A plan that no run can follow: a fault of the engine.
struct PlanError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension GenerationError {
    /// Runs a body that reads a model's component, and names the component in what it throws.
    static func naming<R>(_ component: String, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as TorchError {
            throw GenerationError(error)
        } catch let error as GenerationError {
            throw error
        } catch let error as CheckpointError {
            throw GenerationError(.unusableModel, parameter: error.file, "\(error)")
        } catch let error as CancellationError {
            throw error
        } catch {
            throw GenerationError(.unusableModel, parameter: component, "\(component): \(error)")
        }
    }

    init(_ error: TorchError) {
        switch error.kind {
        case .outOfMemory:
            self.init(
                .outOfMemory,
                "\(error); ask for fewer pictures or a smaller size, use --low-memory, or another device or dtype")
        case .device: self.init(.deviceUnavailable, parameter: "device", "\(error)")
        case .invalidArgument: self.init(.engineFailed, "\(error)")
        }
    }

    /// What a caller of the generator is told of any error; nil for one that means cancelling.
    init?(cause error: any Error) {
        switch error {
        case is CancellationError: return nil
        case let error as GenerationError: self = error
        case let error as TorchError: self.init(error)
        case let error as ImageError: self.init(.invalidRequest, parameter: "image", "\(error)")
        default: self.init(.engineFailed, "\(error)")
        }
    }
}
