import Checkpoints
import Foundation
import ImageGeneration
import Imaging
import Torch

/// Finds models, reads what they can do, and keeps the ones that were used last.
public actor ModelRegistry {
    /// A model on its worker. Its weights are read when a run first needs them.
    struct Loaded: Sendable {
        let description: ModelDescription
        let model: Confined<any StageModel>
    }

    public nonisolated let library: ModelLibrary
    private let worker: TorchWorker
    private let device: Device
    private let dtype: DType
    private let residency: Residency
    /// How many models stay in memory.
    private let capacity: Int
    /// The most recently used last.
    private var kept: [(folder: URL, loaded: Loaded)] = []

    init(
        library: ModelLibrary, worker: TorchWorker, device: Device, dtype: DType, residency: Residency = .all,
        capacity: Int = 1
    ) {
        self.library = library
        self.worker = worker
        self.device = device
        self.dtype = dtype
        self.residency = residency
        self.capacity = max(1, capacity)
    }

    /// What a model's files say, without its weights.
    ///
    /// - Throws: `GenerationError`.
    public static func describe(_ model: String?, in library: ModelLibrary) throws -> ModelDescription {
        try describe(library.locate(model))
    }

    /// What an installed model's files say, without its weights.
    ///
    /// - Throws: `GenerationError`.
    public static func describe(_ model: InstalledModel) throws -> ModelDescription { try read(model).description }

    /// What the weights take that a model draws with when it is asked for nothing special.
    ///
    /// - Throws: `GenerationError`.
    public static func memoryNeeds(of model: InstalledModel, dtype: DType) throws -> MemoryNeeds? {
        let (files, family, description) = try read(model)
        let task: ImageTask =
            description.tasks.contains(.textToImage)
            ? .textToImage(prompt: "a picture")
            : .variation(Variation(of: try ImageBuffer(width: 1, height: 1, color: .white)))
        let plan = try Pipelines.plan(for: ImageRequest(task), seed: 0, model: description)
        return try family.model(ComponentLoader(files, dtype: dtype, device: .cpu)).missingWeights(for: plan)?.needs
    }

    /// The model, made ready on the worker if it is not there yet.
    func model(_ name: String?) async throws -> Loaded {
        let installed = try library.locate(name)
        let folder = installed.folder.resolvingSymlinksInPath()
        if let index = kept.firstIndex(where: { $0.folder == folder }) {
            kept.append(kept.remove(at: index))
            return kept[kept.count - 1].loaded
        }
        let (files, family, description) = try Self.read(installed)
        kept.removeFirst(max(0, kept.count + 1 - capacity))
        let model = try await worker.confine { [dtype, device, residency] in
            family.model(ComponentLoader(files, dtype: dtype, device: device, residency: residency))
        }
        let loaded = Loaded(description: description, model: model)
        kept.append((folder, loaded))
        return loaded
    }

    /// Lets all models go; their memory is the system's again when no run holds them.
    func unload() async {
        kept.removeAll()
        // Behind the models' own ends, which the worker has to wait for too.
        try? await worker.run { Library.trimMemory() }
    }

    private static func read(
        _ model: InstalledModel
    ) throws -> (files: ModelFolder, family: any ModelFamily, description: ModelDescription) {
        let files = try GenerationError.naming(model.name) { try model.files() }
        let family = try Families.family(of: files)
        return (files, family, try ModelDescription(files, family: family, name: model.name))
    }
}
