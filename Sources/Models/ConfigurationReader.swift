/// A key of a configuration file, spelled as in the file.
struct ConfigurationKey: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral value: String) { stringValue = value }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Any JSON value, to be compared with the ones that are supported and to be shown in an error.
enum ConfigurationValue: Decodable, Equatable, Sendable, CustomStringConvertible {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case list([ConfigurationValue])
    case object

    init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            var values: [ConfigurationValue] = []
            while !list.isAtEnd { values.append(try list.decode(ConfigurationValue.self)) }
            self = .list(values)
            return
        }
        guard let single = try? decoder.singleValueContainer() else {
            self = .object
            return
        }
        if single.decodeNil() {
            self = .null
        } else if let value = try? single.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? single.decode(Double.self) {
            self = .number(value)
        } else if let value = try? single.decode(String.self) {
            self = .string(value)
        } else {
            self = .object
        }
    }

    var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
        case .string(let value): "\"\(value)\""
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .object: "{…}"
        }
    }
}

/// Reads the keys of one model's configuration. Every error names the key and the value.
///
/// A key that is absent takes its default; without a default it must be there. `null` counts as absent for the
/// optional readers and as a wrong value for the others.
struct ConfigurationReader {
    /// Widths, counts and sizes: none of a real model is outside.
    static let sizes = 1...1_048_576

    let model: String
    private let values: KeyedDecodingContainer<ConfigurationKey>

    init(_ decoder: any Decoder, model: String) throws {
        self.model = model
        do {
            values = try decoder.container(keyedBy: ConfigurationKey.self)
        } catch is DecodingError {
            throw ConfigurationError(.invalid, model: model, key: "config.json", expected: "a JSON object")
        }
    }

    private init(_ values: KeyedDecodingContainer<ConfigurationKey>, model: String) {
        (self.values, self.model) = (values, model)
    }

    /// The object under a key; nil where there is none.
    func nested(_ key: ConfigurationKey) -> ConfigurationReader? {
        (try? values.nestedContainer(keyedBy: ConfigurationKey.self, forKey: key)).map {
            ConfigurationReader($0, model: model)
        }
    }

    func int(_ key: ConfigurationKey, default fallback: Int? = nil, in range: ClosedRange<Int> = sizes) throws -> Int {
        let value = try read(key, Int.self, "an integer in \(range.shown)", fallback)
        return try check(key, value, in: range)
    }

    func optionalInt(_ key: ConfigurationKey, in range: ClosedRange<Int> = sizes) throws -> Int? {
        try self[key] == .null ? nil : int(key, in: range)
    }

    func double(_ key: ConfigurationKey, default fallback: Double? = nil) throws -> Double {
        let value = try read(key, Double.self, "a number", fallback)
        guard value.isFinite else { throw invalid(key, "a finite number") }
        return value
    }

    func optionalDouble(_ key: ConfigurationKey) throws -> Double? {
        try self[key] == .null ? nil : double(key)
    }

    func bool(_ key: ConfigurationKey, default fallback: Bool? = nil) throws -> Bool {
        try read(key, Bool.self, "true or false", fallback)
    }

    func string(_ key: ConfigurationKey, default fallback: String? = nil) throws -> String {
        try read(key, String.self, "a string", fallback)
    }

    func optionalString(_ key: ConfigurationKey) throws -> String? {
        try self[key] == .null ? nil : string(key)
    }

    func strings(_ key: ConfigurationKey, default fallback: [String]? = nil) throws -> [String] {
        let value = try read(key, [String].self, "a list of strings", fallback)
        guard 1...64 ~= value.count else { throw invalid(key, "1 to 64 strings") }
        return value
    }

    func ints(_ key: ConfigurationKey, default fallback: [Int]? = nil) throws -> [Int] {
        let value = try read(key, [Int].self, "a list of integers", fallback)
        guard 1...64 ~= value.count else { throw invalid(key, "1 to 64 integers") }
        return try value.map { try check(key, $0, in: Self.sizes) }
    }

    /// One number for every level, or a list with one number a level.
    func levels(_ key: ConfigurationKey, count: Int, default fallback: Int) throws -> [Int] {
        guard case .list = try self[key] else {
            return Array(repeating: try int(key, default: fallback), count: count)
        }
        let value = try ints(key)
        guard value.count == count else { throw invalid(key, "a number, or a list of \(count)") }
        return value
    }

    /// Keys for which only some values are supported; absent is as good as the first of them, the reference's default.
    func require(_ supported: KeyValuePairs<ConfigurationKey, [ConfigurationValue]>) throws {
        for (key, allowed) in supported where values.contains(key) {
            let value = try self[key]
            guard !allowed.contains(value) else { continue }
            throw unsupported(key, value.description, allowed.map(\.description).joined(separator: " or "))
        }
    }

    func invalid(_ key: ConfigurationKey, _ expected: String) -> ConfigurationError {
        error(.invalid, key, ((try? self[key]) ?? .null).description, expected)
    }

    func unsupported(_ key: ConfigurationKey, _ value: String, _ expected: String) -> ConfigurationError {
        error(.unsupported, key, value, expected)
    }

    func inconsistent(_ key: ConfigurationKey, _ expected: String) -> ConfigurationError {
        error(.inconsistent, key, ((try? self[key]) ?? .null).description, expected)
    }

    /// The value of a key whatever its type; `null` where it is absent.
    private subscript(_ key: ConfigurationKey) -> ConfigurationValue {
        get throws {
            guard values.contains(key) else { return .null }
            return try values.decode(ConfigurationValue.self, forKey: key)
        }
    }

    private func read<T: Decodable>(
        _ key: ConfigurationKey, _ type: T.Type, _ expected: String, _ fallback: T?
    ) throws -> T {
        guard values.contains(key) else {
            guard let fallback else { throw error(.missing, key, "", expected) }
            return fallback
        }
        do {
            return try values.decode(type, forKey: key)
        } catch {
            throw invalid(key, expected)
        }
    }

    private func check(_ key: ConfigurationKey, _ value: Int, in range: ClosedRange<Int>) throws -> Int {
        guard range.contains(value) else { throw invalid(key, "\(range.shown)") }
        return value
    }

    private func error(
        _ kind: ConfigurationError.Kind, _ key: ConfigurationKey, _ value: String, _ expected: String
    ) -> ConfigurationError {
        ConfigurationError(kind, model: model, key: key.stringValue, value: value, expected: expected)
    }
}

extension ClosedRange<Int> {
    fileprivate var shown: String { "\(lowerBound) to \(upperBound)" }
}
