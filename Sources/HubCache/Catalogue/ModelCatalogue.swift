import Foundation

/// The published models that Limn runs: short names, the repositories that each is made of, licences, and what is known
/// of their files. Data, in `Resources/catalogue.json`.
public struct ModelCatalogue: Codable, Sendable {
    public var models: [Model]
    public var repositories: [Repository]
    public var licenses: [License]

    /// A model by its short name.
    public struct Model: Codable, Hashable, Sendable {
        /// What `--model` takes once it is pulled.
        public var name: String
        public var title: String
        /// The family whose pipeline runs it, as in `limn.json`.
        public var family: String
        public var license: String
        public var parts: [Part]
        /// Components that `model_index.json` of the parts does not name, with their classes.
        public var index: [String: [String]]?
    }

    /// What a model takes of a repository.
    public struct Part: Codable, Hashable, Sendable {
        public var repository: RepositoryID
        /// Patterns of the files that are needed, where not all are.
        public var only: [String]?
        /// The folder in the model that the files go to; nil for the model's own.
        public var folder: String?
        /// Other names in the model, by path in the repository.
        public var rename: [String: String]?
    }

    public struct Repository: Codable, Hashable, Sendable {
        public var id: RepositoryID
        /// Nil where the publisher names none.
        public var license: String?
        /// Patterns of the files that Limn reads, of a repository that is not in the diffusers layout.
        public var only: [String]?
        /// What is known of files beforehand; not all of them, nor everything of each.
        public var files: [File]?
    }

    public struct File: Codable, Hashable, Sendable {
        public var path: String
        /// In bytes.
        public var size: Int?
        public var sha256: String?
    }

    public struct License: Codable, Hashable, Sendable {
        /// The SPDX identifier, or what comes closest to one.
        public var name: String
        public var url: String
        /// What a user should know before accepting it.
        public var note: String?
    }

    public static let published: ModelCatalogue = {
        do {
            return try JSONDecoder().decode(ModelCatalogue.self, from: Data(PackageResources.catalogue_json))
        } catch {
            // A test reads it; a damaged one cannot be shipped.
            preconditionFailure("the catalogue is damaged: \(error)")
        }
    }()

    public func model(_ name: String) -> Model? { models.first { $0.name == name } }

    public func repository(_ id: RepositoryID) -> Repository? { repositories.first { $0.id == id } }

    /// A licence by its own name or by the hub's (`creativeml-openrail-m`); one that is not listed has no page.
    public func license(_ name: String) -> License? {
        let key = Self.key(name)
        return licenses.first { Self.key($0.name) == key || Self.key($0.name) == "creativeml" + key + "m" }
    }

    /// The digest that a file had when it was entered; nil where it is not known.
    public func digest(of path: String, in id: RepositoryID) -> FileDigest? {
        repository(id)?.files?.first { $0.path == path }?.sha256.flatMap(FileDigest.init)
    }

    private static func key(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "+" }
    }
}
