import Foundation

/// Runs the body with a copy of a folder, which is removed afterwards.
func withCopy<R>(of folder: URL, _ body: (URL) async throws -> R) async throws -> R {
    let copy = FileManager.default.temporaryDirectory.appending(path: "limn-tests-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: folder, to: copy)
    defer { try? FileManager.default.removeItem(at: copy) }
    return try await body(copy)
}
