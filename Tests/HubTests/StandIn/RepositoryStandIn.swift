import Foundation
import HubCache

/// A repository on the stand-in.
struct RepositoryStandIn: Sendable {
    var id: RepositoryID
    var commit: String
    var license: String? = "apache-2.0"
    var files: [String: Data]
    /// Files from this size on are kept as with Git LFS, and their bytes come from the content network.
    var largeFrom = 1000
    /// Whether the publisher wants terms accepted.
    var isGated = false

    init(_ id: String, commit: Character = "a", files: [String: Data]) {
        // The tests' names are right.
        self.id = RepositoryID(id)!
        self.commit = String(repeating: commit, count: 40)
        self.files = files
    }

    /// The files of a folder.
    init(_ id: String, folder: URL) throws {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        self.init(id, files: [:])
        for path in paths {
            if let data = try? Data(contentsOf: folder.appending(path: path)) { files[path] = data }
        }
    }

    func isLarge(_ data: Data) -> Bool { data.count >= largeFrom }

    func digest(_ data: Data) -> FileDigest {
        var computation = DigestComputation(like: isLarge(data) ? .sha256("") : .gitBlob(""), size: data.count)
        data.withUnsafeBytes { computation.update($0) }
        return computation.finish()
    }

    /// A small model in the diffusers layout, with what Limn needs and what it does not.
    static func model(_ id: String = "limn-tests/small", weights: Int = 200_000) -> RepositoryStandIn {
        let index = #"{"_class_name": "UnCLIPPipeline", "decoder": ["diffusers", "UNet2DConditionModel"]}"#
        return RepositoryStandIn(
            id,
            files: [
                "README.md": Data("---\nlicense: apache-2.0\n---\n# A small model\n".utf8),
                "model_index.json": Data(index.utf8),
                "decoder/config.json": Data(#"{"sample_size": 8}"#.utf8),
                "decoder/diffusion_pytorch_model.safetensors": bytes(weights, seed: 1),
                "decoder/diffusion_pytorch_model.bin": bytes(weights + 7, seed: 2),
                "decoder/diffusion_pytorch_model.fp16.safetensors": bytes(weights / 2, seed: 3),
                "prior/diffusion_pytorch_model.safetensors": bytes(weights / 3, seed: 4),
                "picture.png": bytes(5000, seed: 5), ".gitattributes": Data("*.bin filter=lfs".utf8),
            ])
    }

    private static func bytes(_ count: Int, seed: Int) -> Data {
        Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ ($0 >> 8) &+ seed) })
    }
}
