import Foundation

/// Which files of a repository Limn needs.
public struct FileSelection: Hashable, Sendable {
    /// Patterns with `*`; nil: all that the diffusers layout needs.
    public var only: [String]?
    /// Weights of another precision where a component has them, such as `fp16`.
    public var variant: String?

    public init(only: [String]? = nil, variant: String? = nil) {
        self.only = only
        self.variant = variant
    }

    /// The paths that are needed, sorted.
    public func select(from paths: [String]) -> [String] {
        let safe = paths.filter(Self.isSafe)
        guard let only else { return layout(safe) }
        let wanted = safe.filter { path in only.contains { fnmatch($0, path, 0) == 0 } }
        return (chosenWeights(wanted) + wanted.filter { WeightFile($0) == nil }).sorted()
    }

    /// Of the diffusers layout: the index, the card and the licence, and of each component's folder its configurations and
    /// one set of weights.
    private func layout(_ paths: [String]) -> [String] {
        guard paths.contains("model_index.json") else { return [] }
        let parts = paths.filter { path in
            let names = path.split(separator: "/")
            return names.count == 2 && !Self.unused.contains(String(names[0]))
        }
        let top = paths.filter { path in
            ["model_index.json", "limn.json", "README.md"].contains(path) || path.uppercased().hasPrefix("LICENSE")
        }
        let texts = parts.filter { path in
            [".json", ".txt", ".model"].contains { path.hasSuffix($0) } && !path.contains(".index.")
        }
        return (top + texts + chosenWeights(parts)).sorted()
    }

    /// Components that no pipeline of Limn has.
    private static let unused: Set<String> = ["safety_checker"]

    /// One set of weights for each folder and stem: the variant that is asked for, or the usual precision, or what there
    /// is; as safetensors where there are any, or as torch's archive, or as Flax wrote them.
    private func chosenWeights(_ paths: [String]) -> [String] {
        let files = paths.compactMap(WeightFile.init)
        let sets = Dictionary(grouping: files) { $0.folder + "/" + $0.component }
        return sets.values.flatMap { files -> [String] in
            let order = [variant, nil].map { $0 ?? "" } + ["fp16"]
            for variant in order {
                for format in WeightFile.Format.allCases {
                    let chosen = files.filter { $0.variant == variant && $0.format == format }
                    if !chosen.isEmpty { return chosen.map(\.path) }
                }
            }
            return []
        }
    }

    /// A path that stays in its folder and that every file system takes.
    static func isSafe(_ path: String) -> Bool {
        path.utf8.count < 1000
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { name in
                !name.isEmpty && !name.hasPrefix(".") && name.utf8.count < 240
                    && name.unicodeScalars.allSatisfy { $0.value > 0x1F && $0.value != 0x7F && $0 != "\\" }
            }
    }
}

/// A path that reads as weights: `decoder/diffusion_pytorch_model.fp16-00001-of-00002.safetensors`, or a shards' index.
struct WeightFile {
    /// In the order of preference.
    enum Format: String, CaseIterable {
        case safetensors
        case bin, pt
        case msgpack
    }

    let path: String
    let folder: String
    /// What the weights are of: the networks' usual names are one.
    let component: String
    let variant: String
    let format: Format

    private static let usual: Set<String> = [
        "diffusion_pytorch_model", "pytorch_model", "model", "flax_model", "diffusion_flax_model",
    ]

    init?(_ path: String) {
        let parts = path.split(separator: "/")
        guard let name = parts.last else { return nil }
        var words = name.split(separator: ".").map(String.init)
        let isIndex = words.last == "json" && words.contains("index")
        if isIndex { words.removeAll { $0 == "json" || $0 == "index" } }
        guard let position = words.lastIndex(where: { Format(rawValue: $0) != nil }), position > 0,
            let format = Format(rawValue: words[position])
        else { return nil }
        words.remove(at: position)
        words = words.map(Self.withoutShard)
        guard (1...2).contains(words.count) else { return nil }
        self.path = path
        folder = parts.dropLast().joined(separator: "/")
        component = Self.usual.contains(words[0]) ? "" : words[0]
        variant = words.count == 2 ? words[1] : ""
        self.format = format
        // A stem that no library gives a component's weights, such as `openvino_model`.
        if !folder.isEmpty, !Self.usual.contains(words[0]) { return nil }
    }

    /// `model-00001-of-00002` without its number.
    private static func withoutShard(_ word: String) -> String {
        guard let match = word.firstMatch(of: /-\d{5}-of-\d{5}$/) else { return word }
        return String(word[..<match.range.lowerBound])
    }
}
