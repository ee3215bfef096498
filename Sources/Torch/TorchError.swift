import CTorch

/// What went wrong in a tensor operation: the operation's name and libtorch's own words, which give the shapes.
public struct TorchError: Error, CustomStringConvertible, Sendable {
    public enum Kind: Int32, Sendable {
        case outOfMemory = 1
        case invalidArgument = 2
        case device = 3
    }

    public var kind: Kind
    public var operation: String
    public var message: String

    public init(kind: Kind, operation: String, message: String) {
        self.kind = kind
        self.operation = operation
        self.message = message
    }

    public var description: String {
        switch kind {
        case .outOfMemory: "out of memory in \(operation): \(message)"
        case .invalidArgument, .device: "\(operation): \(message)"
        }
    }

    /// Takes this thread's kept error, if there is one.
    static func take() -> TorchError? {
        guard let kind = Kind(rawValue: ct_error_kind()) else { return nil }
        let error = TorchError(
            kind: kind, operation: String(cString: ct_error_operation()), message: String(cString: ct_error_message()))
        ct_error_clear()
        return error
    }

    /// Throws the first error that an operation on this thread met since the last check.
    ///
    /// Operations never throw by themselves, so that a network reads as mathematics; reading a result back checks,
    /// and so does the end of `TorchWorker.run`.
    public static func check() throws(TorchError) {
        if let error = take() { throw error }
    }
}
