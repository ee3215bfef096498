/// What is wrong with a pack of pictures.
public enum PackError: Error, CustomStringConvertible, Sendable, Equatable {
    case notAPack(folder: String, reason: String)
    case damaged(file: String, reason: String)
    case noSuchSize(Int, available: [Int])
    case empty(String)

    public var description: String {
        switch self {
        case .notAPack(let folder, let reason):
            "\(folder) is not a pack of pictures: \(reason); make one with `limn data pack`"
        case .damaged(let file, let reason): "the pack's \(file) is damaged: \(reason); pack the pictures again"
        case .noSuchSize(let size, let available):
            "the pack has no pictures of \(size) pixels, only of \(available.map(String.init).joined(separator: ", ")); "
                + "pack again with --size \(size)"
        case .empty(let what): "the pack has no pictures \(what)"
        }
    }
}
