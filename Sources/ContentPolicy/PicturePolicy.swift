import Imaging

/// Where a picture stands in a request.
public enum PictureRole: String, Codable, CaseIterable, Sendable {
    /// Given by a caller: a picture to edit or to vary.
    case upload
    /// Drawn by a model.
    case output
}

/// Decides on pictures. Conformers are asked from many tasks at once.
public protocol PicturePolicy: Sendable {
    /// Told on the policy page and in records, such as `none`.
    var name: String { get }
    /// Whether anything is looked at: false where every picture passes unseen.
    var checksPictures: Bool { get }

    /// - Throws: whatever kept the picture from being judged; the caller must not show such a picture.
    func decide(_ picture: ImageBuffer, as role: PictureRole) async throws -> Decision
}

/// Lets every picture pass, and says so: the default where no classifier is installed.
public struct UncheckedPictures: PicturePolicy {
    public let name = "none"
    public let checksPictures = false

    public init() {}

    public func decide(_ picture: ImageBuffer, as role: PictureRole) -> Decision { .allowed }
}
