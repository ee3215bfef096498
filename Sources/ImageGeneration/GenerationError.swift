/// Why a request was refused or failed: what was wrong, what was expected, what to do.
///
/// A request that was cancelled ends with `CancellationError` instead.
public struct GenerationError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Codable, CaseIterable, Sendable {
        /// A value that no model takes.
        case invalidRequest = "invalid_request"
        /// A value or task that this model does not take.
        case unsupported
        /// No model has this name, and no model lies in this folder.
        case unknownModel = "unknown_model"
        /// The model's files are damaged, missing, or do not fit together.
        case unusableModel = "unusable_model"
        /// The device is not there.
        case deviceUnavailable = "device_unavailable"
        case outOfMemory = "out_of_memory"
        /// A fault of the engine.
        case engineFailed = "engine_failed"
    }

    public var kind: Kind
    /// The culprit: a field of the request, or a file relative to the model's folder.
    public var parameter: String?
    public var message: String

    public init(_ kind: Kind, parameter: String? = nil, _ message: String) {
        self.kind = kind
        self.parameter = parameter
        self.message = message
    }

    public static func invalid(_ parameter: String, _ message: String) -> GenerationError {
        GenerationError(.invalidRequest, parameter: parameter, message)
    }

    public static func unsupported(_ parameter: String, _ message: String) -> GenerationError {
        GenerationError(.unsupported, parameter: parameter, message)
    }

    public var description: String { message }
}
