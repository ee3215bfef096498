/// Why nothing was packed.
public enum PackingError: Error, Sendable, Equatable, CustomStringConvertible {
    case noSuchSource(String)
    /// Neither a folder, nor a table, nor a tar archive.
    case unknownKind(String)
    case unreadable(String, reason: String)
    /// A folder or archive without pictures, and what it has instead.
    case noPictures(String, insteadHas: [String])
    /// A table in which no column names the pictures.
    case noPictureColumn(String, expected: [String], found: [String])
    case invalidOption(String)
    /// With `strict`: the first picture that could not be packed.
    case strict(id: String, PackProblem)
    /// Every picture was skipped.
    case nothingLeft(skipped: Int, id: String, PackProblem)

    public var description: String {
        switch self {
        case .noSuchSource(let name): "there is no file or folder \(name); check the name"
        case .unknownKind(let name):
            "\(name) is not a source of pictures; give a folder, a .jsonl, .csv or .tsv file, or a .tar archive "
                + "(unpack a compressed one first)"
        case .unreadable(let name, let reason): "\(name) could not be read: \(reason)"
        case .noPictures(let name, let others):
            "\(name) has no .png, .jpg, .jpeg or .webp files"
                + (others.isEmpty ? "" : "; it has \(others.joined(separator: ", ")): name the one to pack")
        case .noPictureColumn(let name, let expected, let found):
            "no column of \(name) names the pictures: expected \(expected.joined(separator: ", ")), "
                + "found \(found.joined(separator: ", ")); say which one with --picture-column"
        case .invalidOption(let what): what
        case .strict(let id, let problem): "\(id): \(problem)"
        case .nothingLeft(let skipped, let id, let problem):
            "none of the \(skipped) pictures could be packed; the first, \(id): \(problem)"
        }
    }
}

/// Why one picture is not in the pack.
public enum PackProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case noCaption
    case unreadableCaptions(String)
    case noPicture(String)
    case unreadablePicture(String)
    case duplicateID
    case unknownSplit(String)
    case damagedSource(String)

    public var description: String {
        switch self {
        case .noCaption: "it has no caption"
        case .unreadableCaptions(let why): "its captions: \(why)"
        case .noPicture(let why): "its picture: \(why)"
        case .unreadablePicture(let why): "its picture: \(why)"
        case .duplicateID: "an earlier picture has this id"
        case .unknownSplit(let name): "its split is \"\(name)\"; expected train, val or heldout"
        case .damagedSource(let why): why
        }
    }
}
