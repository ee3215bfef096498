import AsyncHTTPClient
import Foundation
import HubCache
import NIOCore
import NIOHTTP1

/// Fetches one file into the cache's blobs: goes on where it or another process stopped, and puts the file to its place
/// only when its digest is right.
struct BlobDownload {
    let client: HubClient
    let repository: CachedRepository
    let lock: URL
    let commit: String
    let file: RepositoryListing.File
    let disk: any Disk
    let meter: PullMeter

    private var subject: String { "\(repository.id)/\(file.path)" }

    /// - Throws: `HubError`, `CancellationError`.
    func run() async throws {
        let held = try await BlobLock(lock, subject: subject)
        try await fetch()
        _ = consume held
    }

    private func fetch() async throws {
        // Another process may have fetched it while this one waited.
        guard !FileManager.default.fileExists(atPath: repository.blob(file.digest).path) else {
            return meter.finish(file.path, bytes: file.size)
        }
        let place = repository.partial(file.digest)
        var blob = try await PartialBlob(place, file: file, subject: subject, disk: disk)
        meter.begin(file.path, bytes: blob.count)
        // What an earlier pull left may be to blame for a wrong digest, once.
        var isResumed = blob.count > 0
        try await fill(&blob)
        while !blob.isRight {
            try blob.restart()
            meter.restart(file.path)
            guard isResumed else { throw wrong() }
            isResumed = false
            try await fill(&blob)
        }
        try blob.synchronize()
        guard rename(place.path, repository.blob(file.digest).path) == 0 else {
            throw HubError.writing(subject, errno: errno)
        }
        meter.finish(file.path, bytes: file.size)
    }

    private func wrong() -> HubError {
        HubError(
            .wrongDigest, subject,
            "what was fetched is not the file that its publisher names (\(file.digest)); it was thrown away. "
                + "Pull again; if it stays so, the mirror or a proxy between changes files")
    }

    /// Appends bytes until none are missing.
    private func fill(_ blob: inout PartialBlob) async throws {
        var failures = 0
        while !blob.isComplete, !blob.isTooLong {
            let before = blob.count
            do {
                try await attempt(&blob)
            } catch let interruption as Interruption {
                failures = blob.count > before ? 1 : failures + 1
                try await client.retry.wait(after: interruption, failures: failures)
            }
        }
    }

    private func attempt(_ blob: inout PartialBlob) async throws {
        let start = blob.count
        let (answer, first) = try await client.get(
            HubClient.path(of: file.path, in: repository.id, commit: commit), subject: subject,
            headers: start > 0 ? ["Range": "bytes=\(start)-"] : [:])
        try check(first)
        if start > 0, !Self.continues(answer, at: start) {
            try blob.restart()
            meter.restart(file.path)
            // A whole file comes; anything else is asked for anew.
            guard answer.status == .ok else {
                throw Interruption(
                    error: HubError(.unexpectedAnswer, subject, "the hub sends another part of the file"))
            }
        }
        do {
            for try await buffer in answer.body {
                try Task.checkCancellation()
                try buffer.withUnsafeReadableBytes { bytes throws in
                    try blob.append(UnsafeRawBufferPointer(rebasing: bytes.prefix(max(0, file.size - blob.count + 1))))
                }
                meter.add(file.path, bytes: buffer.readableBytes)
                // One byte too many is enough to know.
                if blob.isTooLong { return }
            }
        } catch {
            throw HubClient.broken(error, subject: subject)
        }
        guard blob.isComplete else { throw HubClient.broken(ShortBody(), subject: subject) }
    }

    private struct ShortBody: Error {}

    /// The hub's own headers must speak of the file that was listed.
    private func check(_ headers: HTTPHeaders) throws(HubError) {
        let names = headers.first(name: "X-Linked-Etag").flatMap { FileDigest($0) }
        let linkedSize = headers.first(name: "X-Linked-Size").flatMap { Int($0) }
        let served = headers.first(name: "X-Repo-Commit")
        guard names ?? file.digest == file.digest, linkedSize ?? file.size == file.size, served ?? commit == commit
        else {
            throw HubError(.wrongDigest, subject, "the hub serves another file than it lists; pull again")
        }
    }

    private static func continues(_ answer: HTTPClientResponse, at start: Int) -> Bool {
        guard answer.status == .partialContent, let range = answer.headers.first(name: "Content-Range") else {
            return false
        }
        return range.hasPrefix("bytes \(start)-")
    }
}
