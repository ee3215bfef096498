/// What went wrong in the store.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another row has this value already.
    case taken(what: String)
    /// The store was written by a newer Limn.
    case tooNew
    /// A blob is not where its row says. It was damaged or removed from outside; `limn doctor` lists such rows.
    case missingBlob
    /// The folder cannot be used: what was tried, and the system's words.
    case unusable(folder: String, reason: String)
    /// Another process works on this data folder.
    case inUse
    /// The disk is full or broken.
    case unwritable(reason: String)

    public var description: String {
        switch self {
        case .taken(let what): "there is such \(what) already"
        case .tooNew: "the data was written by a newer version of Limn; use that version, or another data folder"
        case .missingBlob: "a picture's file is missing; run limn doctor"
        case .unusable(let folder, let reason): "the data folder \(folder) cannot be used: \(reason)"
        case .inUse: "another limn works on this data folder; stop it first"
        case .unwritable(let reason): "the data folder cannot be written: \(reason)"
        }
    }
}
