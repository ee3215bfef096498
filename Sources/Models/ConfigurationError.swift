/// A model's `config.json` that cannot be built: which key, what it said, and what was expected.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The key is not there and has no default.
        case missing
        /// The value has another type than the key's, or is out of range.
        case invalid
        /// The value means something in the reference that Limn does not compute.
        case unsupported
        /// Two keys contradict each other.
        case inconsistent
    }

    public let kind: Kind
    /// The model class that the configuration is for, such as `UNet2DConditionModel`.
    public let model: String
    /// The key as it stands in the file, such as `down_block_types`.
    public let key: String
    /// The value as it stands in the file, shortened; empty where there is none.
    public let value: String
    /// What would have been right.
    public let expected: String

    public init(_ kind: Kind, model: String, key: String, value: String = "", expected: String) {
        self.kind = kind
        self.model = model
        self.key = key
        self.value = value.count > 80 ? value.prefix(80) + "…" : value
        self.expected = expected
    }

    public var description: String {
        switch kind {
        case .missing: "\(model): the configuration has no \(key); expected \(expected)"
        case .invalid: "\(model): \(key) is \(value); expected \(expected)"
        case .unsupported: "\(model): \(key) is \(value), which is not supported; expected \(expected)"
        case .inconsistent: "\(model): \(key) is \(value), which contradicts the rest; expected \(expected)"
        }
    }
}
