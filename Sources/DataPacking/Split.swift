import Scenes
import Training

/// The split of rows that name none: `train`, or `val` for a fraction of them.
public struct SplitRule: Sendable {
    /// Pictures that share it go to the same split.
    public enum Key: String, CaseIterable, Sendable {
        case id, caption, group, style, source

        func value(_ row: PackedRow) -> String {
            let value =
                switch self {
                case .id: row.id
                case .caption: row.captions.first?.lowercased() ?? ""
                case .group: row.group
                case .style: row.style
                case .source: row.source
                }
            // Rows that lack it are not all of one kind.
            return value.isEmpty ? row.id : value
        }
    }

    /// Of the values of `key` (not of the pictures), 0 ≤ fraction < 1.
    public var valFraction: Double
    public var key: Key

    public init(valFraction: Double = 0, key: Key = .caption) {
        self.valFraction = valFraction
        self.key = key
    }

    /// The same for the same row in every run, and for every row in `val` also at a larger fraction.
    func split(_ row: PackedRow) -> String {
        var draw = Randomness(seed: Self.hash(key.value(row)))
        return draw.chance(valFraction) ? "val" : "train"
    }

    /// FNV-1a, 64 bits (Fowler, Noll & Vo).
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Other datasets' words for the splits.
    static let names = [
        "train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "dev": "val",
        "heldout": "heldout", "held-out": "heldout", "held_out": "heldout", "test": "heldout",
    ]
}
