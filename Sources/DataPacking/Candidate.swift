import Foundation

/// A picture that a source offers. Listing candidates reads no picture.
struct Candidate: Sendable {
    /// Names it in messages, and is its id if its captions give none.
    let name: String
    /// What its row says if the captions name no source.
    let source: String
    /// What is said of it, and its encoded bytes. Throws a `PackProblem`.
    let read: @Sendable () throws(PackProblem) -> (fields: Fields, picture: Data)
}

extension Candidate {
    /// One that cannot be had.
    init(name: String, source: String, problem: PackProblem) {
        self.init(name: name, source: source) { () throws(PackProblem) in throw problem }
    }
}

extension Blob {
    static let maxPicture = 256 << 20
    static let maxCaptions = 1 << 20

    func picture() throws(PackProblem) -> Data {
        do { return try read(limit: Self.maxPicture) } catch { throw .unreadablePicture("\(error)") }
    }

    func captions() throws(PackProblem) -> Data {
        do { return try read(limit: Self.maxCaptions) } catch { throw .unreadableCaptions("\(error)") }
    }
}
