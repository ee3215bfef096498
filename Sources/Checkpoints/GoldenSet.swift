import Foundation
import Torch

/// Recorded runs of a reference implementation: `golden.json` says what was run and what each tensor is,
/// `golden.safetensors` holds the tensors.
public struct GoldenSet: Sendable {
    /// What the recording says about one tensor.
    public struct Description: Equatable, Sendable {
        public let shape: [Int]
        public let dtype: String
        public let what: String
        /// The largest absolute value, rounded; nil for integers.
        public let absmax: Double?
        public let mean: Double?

        fileprivate init?(_ json: JSON) {
            guard let shape = json["shape"]?.array?.map(\.int), !shape.contains(nil),
                let dtype = json["dtype"]?.string
            else { return nil }
            self.shape = shape.compactMap(\.self)
            self.dtype = dtype
            what = json["what"]?.string ?? ""
            absmax = json["absmax"]?.double
            mean = json["mean"]?.double
        }
    }

    public let title: String
    /// Which of several recordings of the same kind it is.
    public let set: String
    /// What a reader has to know to replay the runs.
    public let notes: [String]
    /// The arguments of each run, by its name.
    public let calls: [String: JSON]
    /// All tensors, by name: `RUN/STAGE/step00/sample_in`.
    public let tensors: [String: Description]
    private let file: TensorFile

    /// Reads the two files of a folder, which must speak of the same tensors.
    ///
    /// - Throws: `CheckpointError`.
    public init(folder: URL) throws {
        let name = "golden.json"
        let json = try JSON(file: folder.appending(path: name), name: name, nonFinite: true)
        func fault(_ key: String, _ message: String) -> CheckpointError {
            CheckpointError(.malformed, file: name, key: key, message)
        }
        guard let title = json["title"]?.string else { throw fault("title", "is missing or not a string") }
        guard let calls = json["calls"]?.object else { throw fault("calls", "is missing or not an object") }
        guard let described = json["tensors"]?.object else { throw fault("tensors", "is missing or not an object") }
        let file = try TensorFile(folder.appending(path: "golden.safetensors"))
        tensors = try Dictionary(
            uniqueKeysWithValues: described.map { key, value in
                guard let description = Description(value) else { throw fault(key, "needs a shape and a dtype") }
                let stored = file.shape(of: key)
                guard stored == description.shape else {
                    let found = stored.map { "the shape \($0)" } ?? "no such tensor"
                    throw fault(key, "has the shape \(description.shape); golden.safetensors has \(found)")
                }
                return (key, description)
            })
        self.title = title
        self.calls = calls
        self.file = file
        set = json["set"]?.string ?? ""
        notes = json["notes"]?.array?.compactMap(\.string) ?? []
    }

    /// The names that begin with `prefix`, in alphabetical order, which is also the order of steps and noises.
    public func names(_ prefix: String = "") -> [String] { tensors.keys.filter { $0.hasPrefix(prefix) }.sorted() }

    public func contains(_ name: String) -> Bool { tensors[name] != nil }

    /// The recorded tensor in its own type.
    public func tensor(_ name: String) throws -> Tensor { try file.tensor(name) }
}
