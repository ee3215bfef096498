/// A misspelt key must not silently leave its default in force.
enum ConfigurationKeys {
    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    static func refuseUnknown<Key: CodingKey>(in decoder: any Decoder, known: [Key]) throws {
        let names = Set(known.map(\.stringValue))
        let given = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        if let unknown = given.sorted().first(where: { !names.contains($0) }) {
            throw TrainingError.badConfiguration(
                key: unknown, expected: "one of " + names.sorted().joined(separator: ", "))
        }
    }
}
