import Checkpoints
import Foundation
import ImageGeneration
import Models

/// A kind of model: how its folders are read and which stages they have. The only place that knows model families.
protocol ModelFamily: Sendable {
    /// The name in `limn.json`.
    var name: String { get }
    /// `_class_name` in `model_index.json` of the folders that belong to it.
    var pipelines: Set<String> { get }
    /// Tasks that a folder cannot do, although it makes the embeddings that they begin with.
    func impossible(_ folder: ModelFolder) -> Set<TaskKind>
    /// Folders without `model_index.json` that belong to it.
    var layouts: [FolderLayout] { get }
    /// What a folder without `limn.json` means.
    func defaultManifest(of folder: ModelFolder) throws -> GenerationManifest
    /// What a folder's components can make image embeddings of; the tasks follow from it.
    func embeds(_ folder: ModelFolder) -> Set<EmbeddingInput>
    /// Reads what the planner needs from the configurations of a stage. No weights.
    func space(of stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> SampleSpace
    /// Reads how a stage draws.
    func sampler(of stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> StageDescription.Sampler
    /// Whether a stage's network has channels for a known picture and its mask.
    func seesKnownPicture(_ stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> Bool
    /// Whether a stage can draw several candidates, of which one is chosen.
    func drawsCandidates(_ stage: GenerationManifest.Stage, in folder: ModelFolder) -> Bool
    /// The model itself; its weights are read when a plan needs them. Called on the worker that will run it.
    func model(_ components: ComponentLoader) -> any StageModel
}

extension ModelFamily {
    var layouts: [FolderLayout] { [] }
    func impossible(_ folder: ModelFolder) -> Set<TaskKind> { [] }

    func embeds(_ folder: ModelFolder) -> Set<EmbeddingInput> {
        let makers: [(component: String, input: EmbeddingInput)] = [
            ("prior", .text), ("linear_prior", .text), ("image_encoder", .picture),
        ]
        return Set(makers.filter { folder.components[$0.component] != nil }.map(\.input))
    }

    func seesKnownPicture(_ stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> Bool { false }

    /// Every prior can.
    func drawsCandidates(_ stage: GenerationManifest.Stage, in folder: ModelFolder) -> Bool { stage.role == .prior }

    /// A diffusion by the scheduler that the stage names.
    func sampler(of stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> StageDescription.Sampler {
        guard let scheduler = stage.scheduler else {
            throw GenerationError(
                .unusableModel, parameter: GenerationManifest.fileName,
                "\(GenerationManifest.fileName): the stage \(stage.name) draws tokens, which models of the family "
                    + "\(name) do not")
        }
        return .diffusion(try configuration(folder, scheduler))
    }

    /// The space of a diffusion prior.
    func priorSpace(_ stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> SampleSpace {
        let config: PriorConfig = try configuration(folder, stage.network)
        return .embedding(width: config.embeddingDim)
    }

    /// Height and width of a stage's samples: the stage's own size, in pixels, or else the network's `sample_size`.
    ///
    /// - Parameter factor: how many times larger its pictures are than its samples.
    /// - Throws: `GenerationError` of kind `.unusableModel` where neither says it.
    func side(
        of stage: GenerationManifest.Stage, sampleSize: Int?, factor: Int = 1
    ) throws(GenerationError) -> Int {
        guard let side = stage.size.map({ $0 / factor }) ?? sampleSize, side > 0 else {
            throw GenerationError(
                .unusableModel, parameter: stage.network,
                "\(stage.network)/config.json has no sample_size, and the stage \(stage.name) has no size")
        }
        return side
    }

    /// The configuration of a component; an error names it.
    func configuration<C: Decodable>(_ folder: ModelFolder, _ component: String) throws -> C {
        try GenerationError.naming(component) { try folder.decode(component: component) }
    }
}

enum Families {
    static let all: [any ModelFamily] = [
        UnCLIPFamily(), Kandinsky22Family(), StableUnCLIPFamily(), DalleMiniFamily(),
    ]

    /// How models lie that have no `model_index.json`.
    static var layouts: [FolderLayout] { all.flatMap(\.layouts) }

    /// The family that a folder belongs to.
    ///
    /// - Throws: `GenerationError` of kind `.unusableModel`.
    static func family(of folder: ModelFolder) throws(GenerationError) -> any ModelFamily {
        if let name = folder.manifest?.family {
            if let family = all.first(where: { $0.name == name }) { return family }
            throw unknown("family '\(name)'", in: GenerationManifest.fileName, known: all.map(\.name))
        }
        if let family = all.first(where: { $0.pipelines.contains(folder.pipelineClass) }) { return family }
        throw unknown("pipeline '\(folder.pipelineClass)'", in: "model_index.json", known: all.flatMap(\.pipelines))
    }

    private static func unknown(_ what: String, in file: String, known: [String]) -> GenerationError {
        GenerationError(
            .unusableModel, parameter: file,
            "\(file) names the \(what), which Limn does not have; it has \(known.sorted().joined(separator: ", "))")
    }
}
