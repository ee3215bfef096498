import Training

/// Facts about a pack's rows.
public struct PackSummary: Sendable, Equatable {
    public struct Count: Sendable, Equatable {
        public let name: String
        public let pictures: Int
    }

    public let pictures: Int
    /// Each ordered by pictures, most first.
    public let splits, sources, styles, groups, licenses: [Count]
    public let distinctCaptions: Int
    public let captionsPerPicture: Double
    /// Of the first captions.
    public let meanWords: Double
    public let maxWords: Int
    public let distinctWords: Int
    /// Of validation and held-out pictures, those whose first caption is also a training picture's.
    public let captionsSharedWithTraining: Int

    public init(rows: [PackedRow]) {
        pictures = rows.count
        splits = Self.counts(rows.map(\.split))
        sources = Self.counts(rows.map(\.source))
        styles = Self.counts(rows.map(\.style))
        groups = Self.counts(rows.map { String($0.group.prefix { $0 != "/" }) })
        licenses = Self.counts(rows.map(\.license))
        let captions = rows.map { $0.captions.first ?? "" }
        let words = captions.map { $0.split(separator: " ") }
        distinctCaptions = Set(captions).count
        distinctWords = Set(words.joined().map { $0.lowercased() }).count
        maxWords = words.map(\.count).max() ?? 0
        meanWords = Self.mean(words.map(\.count))
        captionsPerPicture = Self.mean(rows.map(\.captions.count))
        let trained = Set(rows.filter { $0.split == "train" }.compactMap(\.captions.first))
        captionsSharedWithTraining = rows.count { $0.split != "train" && trained.contains($0.captions.first ?? "") }
    }

    private static func counts(_ names: [String]) -> [Count] {
        Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
            .map { Count(name: $0.key, pictures: $0.value) }
            .sorted { ($1.pictures, $0.name) < ($0.pictures, $1.name) }
    }

    private static func mean(_ counts: [Int]) -> Double { Double(counts.reduce(0, +)) / Double(max(1, counts.count)) }
}
