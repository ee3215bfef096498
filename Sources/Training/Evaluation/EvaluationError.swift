/// What keeps a model from being judged.
public enum EvaluationError: Error, CustomStringConvertible, Sendable, Equatable {
    case tooFewCaptions(split: String, distinct: Int, wanted: Int)
    case noSuchSplit(String, available: [String])

    public var description: String {
        switch self {
        case .tooFewCaptions(let split, let distinct, let wanted):
            "the split '\(split)' has \(distinct) distinct captions and \(wanted) are asked for; use a smaller -n"
        case .noSuchSplit(let split, let available):
            "the pack has no split '\(split)'; it has \(available.joined(separator: ", "))"
        }
    }
}
