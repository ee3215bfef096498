import Foundation
import Imaging
import Store

/// Pictures that people send.
public struct Pictures: Sendable {
    let store: any DataStore
    let retention: Retention
    let clock: WallClock
    private let work = BlockingWork(name: "uploads", width: 2)

    public init(store: any DataStore, retention: Retention = Retention(), clock: WallClock = .system) {
        self.store = store
        self.retention = retention
        self.clock = clock
    }

    /// Keeps the bytes of an image file as they are, after a look at their header. The caller has checked what its own
    /// rules ask of the picture.
    /// - Throws: `ImageError` for what is no picture or a too large one, `StoreError`.
    public func add(
        _ bytes: Data, origin: Picture.Origin, owner: User.ID, limits: DecodeLimits = .standard
    ) async throws -> Picture {
        let (header, blob) = try await work.run { [blobs = store.blobs] in
            (try ImageHeader(decoding: bytes, limits: limits), try blobs.stage(bytes))
        }
        let now = clock.now()
        let isKept = origin == .upload || origin == .generated
        let picture = Picture(
            owner: owner, origin: origin, blob: blob, bytes: bytes.count, format: header.format.rawValue,
            width: header.width, height: header.height, created: now, expires: isKept ? nil : now + retention.inputs)
        try await store.add(sent: picture)
        try store.blobs.publish(blob)
        return picture
    }
}
