import Checkpoints
import Foundation
import NN

extension ModelImport {
    /// A model, and which of its components each file of weights is.
    struct Base {
        var model: InstalledModel
        /// Components by the files' names.
        var components: [String: String]
    }

    /// The tensors of a network: names and shapes.
    private struct Signature: Equatable {
        var shapes: [String: [Int]]

        init(_ weights: any WeightSource) {
            shapes = Dictionary(uniqueKeysWithValues: weights.keys.map { ($0, weights.shape(of: $0) ?? []) })
        }

        /// How many tensors have another shape or are in one of both alone.
        func differences(to other: Signature) -> [String] {
            Set(shapes.keys).union(other.shapes.keys).filter { shapes[$0] != other.shapes[$0] }.sorted()
        }
    }

    /// Finds the model whose components have the same tensors as the files.
    ///
    /// - Throws: `CheckpointError`: a file is not safetensors, or no model has such a component, or several have.
    static func base(for files: [URL], among models: [InstalledModel]) throws -> Base {
        let signatures = try files.map { file in
            (file: file, signature: Signature(try TensorFile(file)))
        }
        var nearest: (differences: [String], place: String)?
        var found: [Base] = []
        for model in models {
            let components = components(of: model)
            var names: [String: String] = [:]
            for (file, signature) in signatures {
                for (component, own) in components {
                    let differences = signature.differences(to: own)
                    if differences.isEmpty {
                        names[file.lastPathComponent] = names[file.lastPathComponent] ?? component
                    } else if differences.count < nearest?.differences.count ?? .max {
                        nearest = (differences, "\(model.name)/\(component)")
                    }
                }
            }
            if names.count == files.count { found.append(Base(model: model, components: names)) }
        }
        let subject = files.first?.lastPathComponent ?? "the files"
        guard let base = found.first else { throw unrecognized(subject, nearest) }
        guard found.count == 1 else {
            throw CheckpointError(
                .notAModel, file: subject,
                "fits several models (\(found.map(\.model.name).joined(separator: ", "))); choose one with --like")
        }
        guard Set(base.components.values).count == files.count else {
            throw CheckpointError(.notAModel, file: subject, "two files are the same component of \(base.model.name)")
        }
        return base
    }

    private static func components(of model: InstalledModel) -> [(String, Signature)] {
        guard let folder = try? model.files() else { return [] }
        return folder.components.keys.sorted().compactMap { name in
            (try? folder.weights(component: name)).map { (name, Signature($0)) }
        }
    }

    private static func unrecognized(
        _ subject: String, _ nearest: (differences: [String], place: String)?
    ) -> CheckpointError {
        let hint =
            nearest.map { near in
                "; the nearest is \(near.place), from which \(near.differences.count) tensors differ, such as "
                    + near.differences[0]
            } ?? ""
        return CheckpointError(
            .notAModel, file: subject,
            "is a network that no installed model has: names and shapes must be equal\(hint). Install the model that it was "
                + "made from first")
    }
}
