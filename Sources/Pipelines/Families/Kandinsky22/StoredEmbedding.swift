import Checkpoints
import Foundation
import Torch

/// An embedding that belongs to a model and costs to compute, in a file beside the model.
///
/// The file names what it was computed from; of another encoder or in another type it is not taken. A folder that cannot
/// be written to does without.
struct StoredEmbedding {
    private let url: URL
    /// What the embedding was computed with.
    private let origin: String

    private static let key = "embedding"
    private static let originKey = "computed_from"

    /// - Parameters:
    ///   - name: of the file, without its ending; a dot before it keeps it out of the model's digest.
    ///   - component: the encoder; its files' names, sizes and dates tell it from others.
    init?(_ name: String, in folder: ModelFolder, encoder component: String, dtype: DType) {
        let files = FileManager.default
        guard let encoder = try? folder.folder(component: component),
            let names = try? files.contentsOfDirectory(atPath: encoder.path)
        else { return nil }
        url = folder.url.appending(path: "\(name).safetensors")
        let facts = names.sorted().map { name in
            // Of a link what it leads to.
            let path = encoder.appending(path: name).resolvingSymlinksInPath().path
            let found = try? files.attributesOfItem(atPath: path)
            let seconds = (found?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            return "\(name) \(found?[.size] as? Int ?? 0) \(Int(seconds))"
        }
        origin = ([dtype.name] + facts).joined(separator: "; ")
    }

    /// The embedding, (1, width) in its own type; nil where there is none that can be used.
    func read() -> Tensor? {
        guard let file = try? TensorFile(url), file.metadata[Self.originKey] == origin,
            let embedding = try? file.tensor(Self.key), embedding.rank == 2, embedding.size(0) == 1
        else { return nil }
        return embedding
    }

    func write(_ embedding: Tensor) {
        try? SafetensorsWriter.write(
            [(Self.key, embedding.to(.cpu))], to: url, metadata: ["format": "pt", Self.originKey: origin])
    }
}
