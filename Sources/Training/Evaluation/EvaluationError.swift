/// What keeps a model from being judged.
public enum EvaluationError: Error, CustomStringConvertible, Sendable, Equatable {
    case tooFewCaptions(split: String, distinct: Int, wanted: Int)
    case noSuchSplit(String, available: [String])
    case noJudge(folder: String)
    case otherEvaluation(folder: String)

    public var description: String {
        switch self {
        case .tooFewCaptions(let split, let distinct, let wanted):
            "the split '\(split)' has \(distinct) distinct captions and \(wanted) are asked for; use a smaller -n"
        case .noSuchSplit(let split, let available):
            "the pack has no split '\(split)'; it has \(available.joined(separator: ", "))"
        case .noJudge(let folder):
            "\(folder) holds no CLIP that could judge: expected image_encoder, text_encoder and tokenizer, as "
                + "`limn train clip` leaves them in RUN/model"
        case .otherEvaluation(let folder):
            "\(folder) holds pictures of another model or of other settings; choose another --out or remove that folder"
        }
    }
}
