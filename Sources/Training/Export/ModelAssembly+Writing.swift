import Checkpoints
import Foundation
import Torch

extension ModelAssembly {
    /// The components and the sizes of their files, in bytes.
    public typealias Contents = [(component: String, bytes: Int)]

    /// Writes the model beside its place and puts it there whole. A model that was there is replaced; files that lie in
    /// its folder beside the components, such as its card, stay.
    ///
    /// - Parameter dtype: of the weights; nil leaves them as they are
    /// - Throws: `AssemblyError`, `CheckpointError`, `TorchError`, and Foundation's errors for what cannot be written
    @discardableResult
    public func write(to folder: URL, dtype: DType? = nil) throws -> Contents {
        let place = folder.standardizedFileURL
        let kept = try Self.filesToKeep(in: place)
        let partial = Self.sibling(of: place, "partial")
        try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
        do {
            for file in kept {
                try FileManager.default.copyItem(at: file, to: partial.appending(path: file.lastPathComponent))
            }
            for component in components {
                try component.write(to: partial.appending(path: component.name), dtype: dtype)
            }
            try ComponentWriter.write(index, to: partial, file: "model_index.json")
            if let manifest = manifest(name: place.lastPathComponent) {
                try ComponentWriter.write(manifest, to: partial, file: "limn.json")
            }
            let contents = try Self.contents(of: ModelFolder(partial))
            try Self.put(partial, at: place)
            return contents
        } catch {
            try? FileManager.default.removeItem(at: partial)
            throw error
        }
    }

    /// - Throws: `AssemblyError` when the folder holds something that is not a model.
    private static func filesToKeep(in folder: URL) throws -> [URL] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        let items = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        let written = ["model_index.json", "limn.json"]
        guard items.contains(where: { written.contains($0.lastPathComponent) }) || items.allSatisfy(\.isPlainFile)
        else {
            throw AssemblyError.occupied(folder: folder.lastPathComponent)
        }
        return items.filter { $0.isPlainFile && !written.contains($0.lastPathComponent) }
    }

    private static func put(_ partial: URL, at place: URL) throws {
        guard FileManager.default.fileExists(atPath: place.path) else {
            return try FileManager.default.moveItem(at: partial, to: place)
        }
        let old = sibling(of: place, "old")
        try FileManager.default.moveItem(at: place, to: old)
        do { try FileManager.default.moveItem(at: partial, to: place) } catch {
            try? FileManager.default.moveItem(at: old, to: place)
            throw error
        }
        try FileManager.default.removeItem(at: old)
    }

    private static func sibling(of folder: URL, _ kind: String) -> URL {
        folder.deletingLastPathComponent()
            .appending(path: ".\(folder.lastPathComponent).\(UUID().uuidString.prefix(8)).\(kind)")
    }

    private static func contents(of folder: ModelFolder) throws -> Contents {
        try folder.components.keys.sorted().map { name in
            let files = try FileManager.default.contentsOfDirectory(
                at: folder.folder(component: name), includingPropertiesForKeys: [.fileSizeKey])
            let sizes = try files.map { try $0.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0 }
            return (name, sizes.reduce(0, +))
        }
    }
}

extension ExportedComponent {
    /// Copies the files, with floating-point weights in another type where one is given.
    fileprivate func write(to target: URL, dtype: DType?) throws {
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        for file in try files() {
            let copy = target.appending(path: file.lastPathComponent)
            guard let dtype, file.pathExtension == "safetensors" else {
                try FileManager.default.copyItem(at: file, to: copy)
                continue
            }
            let weights = try TensorFile(file, name: "\(name)/\(file.lastPathComponent)")
            let tensors = try weights.keys.map { key in
                let tensor = try weights.tensor(key)
                return (key: key, tensor: tensor.dtype.isFloatingPoint ? tensor.to(dtype) : tensor)
            }
            try SafetensorsWriter.write(tensors, to: copy, metadata: weights.metadata)
        }
    }
}

extension URL {
    fileprivate var isPlainFile: Bool {
        (try? resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile ?? false
    }
}
