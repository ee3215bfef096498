import Checkpoints
import Foundation
import Torch

/// What a run continues from: every tensor that changes, and the number of updates made.
///
/// A state is a folder `state/step-N` with one safetensors file, written beside and renamed. Random choices need no
/// place in it: they are functions of the seed and the step.
struct RunState {
    let step: Int
    private let file: URL

    private static func folder(of run: URL) -> URL { run.appending(path: "state") }

    private static func states(in run: URL) -> [RunState] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder(of: run).path)) ?? []
        return names.compactMap { name in
            guard name.hasPrefix("step-"), name.hasSuffix(".safetensors"),
                let step = Int(name.dropFirst(5).dropLast(12))
            else { return nil }
            return RunState(step: step, file: folder(of: run).appending(path: name))
        }.sorted { $0.step < $1.step }
    }

    static func newest(in run: URL) throws -> RunState? { states(in: run).last }

    static func save(_ tensors: [(key: String, tensor: Tensor)], step: Int, in run: URL) throws {
        try FileManager.default.createDirectory(at: folder(of: run), withIntermediateDirectories: true)
        try SafetensorsWriter.write(tensors, to: folder(of: run).appending(path: "step-\(step).safetensors"))
    }

    static func prune(in run: URL, keep: Int) throws {
        for state in states(in: run).dropLast(keep) { try FileManager.default.removeItem(at: state.file) }
    }

    /// Overwrites the tensors with what was saved under their keys.
    func restore(_ tensors: [(key: String, tensor: Tensor)]) throws {
        let saved = try TensorFile(file)
        for (key, tensor) in tensors {
            guard saved.shape(of: key) == tensor.shape else {
                throw TrainingError.unreadable(
                    file: file.lastPathComponent, reason: "it has no '\(key)' of the right shape")
            }
            tensor.copyInPlace(from: try saved.tensor(key))
        }
        try TorchError.check()
    }
}
