import Checkpoints
import Foundation

/// The parts that several runs leave, as one model in the diffusers layout: which components it has, and what
/// `model_index.json` and `limn.json` say of them.
///
/// With all of Karlo's components and no manifest, `diffusers.UnCLIPPipeline` opens the folder; with an image encoder
/// and its preprocessing, `diffusers.UnCLIPImageVariationPipeline` opens it too. What those pipelines do not have, such
/// as a linear prior, is listed in `limn.json`.
public struct ModelAssembly {
    let components: [ExportedComponent]
    /// `limn.json` without its list of components; nil where there is none.
    private let manifest: [String: JSON]?

    /// - Parameters:
    ///   - sources: folders with a folder for each component, as a run leaves them in `RUN/model`
    ///   - manifest: the file that becomes `limn.json`
    /// - Throws: `AssemblyError`, `CheckpointError`
    public init(sources: [URL], manifest: URL?) throws {
        var byName: [String: ExportedComponent] = [:]
        for component in try sources.flatMap(ExportedComponent.all) {
            if let earlier = byName[component.name], try !earlier.hasFiles(of: component) {
                throw AssemblyError.givenTwice(component: component.name)
            }
            byName[component.name] = component
        }
        components = byName.values.sorted { $0.name < $1.name }
        self.manifest = try manifest.map(Self.read)
        try check()
    }

    private static func read(_ file: URL) throws -> [String: JSON] {
        guard let members = try JSON(file: file, name: file.lastPathComponent).object else {
            throw AssemblyError.badManifest(reason: "is not a JSON object")
        }
        return members
    }

    private func check() throws {
        let names = Set(components.map(\.name))
        guard let manifest else {
            let undeclared = names.subtracting(UnCLIPLayout.libraries.keys)
            guard undeclared.isEmpty else { throw AssemblyError.undeclared(undeclared.sorted()) }
            return try require(pipeline.components, neededBy: pipeline.className, among: names)
        }
        try require(Self.named(in: manifest), neededBy: "the manifest", among: names)
    }

    private func require(_ needed: Set<String>, neededBy reader: String, among names: Set<String>) throws {
        let missing = needed.subtracting(names)
        guard missing.isEmpty else { throw AssemblyError.missing(missing.sorted(), neededBy: reader) }
    }

    /// The components that a manifest draws with.
    private static func named(in manifest: [String: JSON]) -> Set<String> {
        let stages = manifest["stages"]?.array ?? []
        let ofStages = stages.flatMap { stage in ["network", "last_network", "scheduler"].map { stage[$0] } }
        return Set((ofStages + [manifest["linear_prior"]]).compactMap { $0?.string })
    }

    /// The reference's pipeline that comes nearest: the one for pictures where there is no prior of any kind.
    private var pipeline: (className: String, components: Set<String>) {
        let names = Set(components.map(\.name))
        let hasPrior = names.contains("prior") || manifest?["linear_prior"] != nil
        return UnCLIPLayout.pipelines[hasPrior || !names.contains("image_encoder") ? 0 : 1]
    }

    /// `model_index.json`
    var index: JSON {
        var members: [String: JSON] = ["_class_name": .string(pipeline.className)]
        for component in components {
            guard let library = UnCLIPLayout.library(of: component) else { continue }
            members[component.name] = .array([.string(library), .string(component.className)])
        }
        return .object(members)
    }

    /// `limn.json`; its name and family may be left to the folder and to what this trainer trains.
    func manifest(name: String) -> JSON? {
        guard var members = manifest else { return nil }
        let own = components.filter { UnCLIPLayout.library(of: $0) == nil }
        members["components"] =
            own.isEmpty ? nil : .object(Dictionary(uniqueKeysWithValues: own.map { ($0.name, .string($0.className)) }))
        let defaults: [String: JSON] = ["format": .integer(1), "name": .string(name), "family": .string("unclip")]
        return .object(members.merging(defaults) { given, _ in given })
    }
}
