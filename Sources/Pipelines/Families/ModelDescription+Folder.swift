import Checkpoints
import Diffusion
import Foundation
import ImageGeneration

extension ModelDescription {
    /// What a folder's files say of its model, without weights.
    ///
    /// - Parameter name: what the model is called where `limn.json` gives it no name; by default as its folder is.
    /// - Throws: `GenerationError` of kind `.unusableModel`, naming the file.
    init(_ folder: ModelFolder, family: any ModelFamily, name: String? = nil) throws {
        let manifest = try Self.manifest(folder, family)
        let stages = try manifest.stages.map { stage in
            StageDescription(
                stage, space: try family.space(of: stage, in: folder),
                sampler: try family.sampler(of: stage, in: folder),
                seesKnownPicture: try family.seesKnownPicture(stage, in: folder),
                drawsCandidates: family.drawsCandidates(stage, in: folder))
        }
        let possible = Set(TaskKind.allCases.filter { $0.isPossible(embedding: family.embeds(folder)) })
            .subtracting(family.impossible(folder))
        // A capability of a later version is none of ours.
        let declared = folder.manifest?.capabilities.map { Set($0.compactMap(TaskKind.init)) }
        self.init(
            name: folder.manifest?.name ?? name ?? folder.url.lastPathComponent, family: family.name,
            tasks: declared.map(possible.intersection) ?? possible, embeds: family.embeds(folder), manifest: manifest,
            stages: stages)
    }

    private static func manifest(_ folder: ModelFolder, _ family: any ModelFamily) throws -> GenerationManifest {
        guard folder.manifest != nil else { return try family.defaultManifest(of: folder) }
        let manifest: GenerationManifest = try GenerationError.naming(GenerationManifest.fileName) {
            try folder.decode(file: GenerationManifest.fileName)
        }
        try manifest.check()
        return manifest
    }
}

extension TaskKind {
    /// Whether a model can do it that makes image embeddings of these.
    func isPossible(embedding inputs: Set<EmbeddingInput>) -> Bool {
        switch self {
        case .textToImage, .inpaint, .outpaint: inputs.contains(.text)
        case .variation, .textDifference: inputs.contains(.picture)
        case .blend: !inputs.isEmpty
        }
    }
}
