import Crypto
import Foundation
import Store

/// The server's own secret, in a file of the data folder that only its owner may read, and keys derived from it.
public struct Secrets: Sendable {
    private let root: SymmetricKey

    /// For tests: a secret that lives as long as this value.
    public init() { root = SymmetricKey(size: .bits256) }

    /// Reads the secret, or makes one where there is none.
    /// - Throws: `StoreError.unusable`.
    public init(folder: URL) throws {
        let file = folder.appending(path: "secret.key")
        if let data = try? Data(contentsOf: file), data.count == 32 {
            root = SymmetricKey(data: data)
            return
        }
        let key = SymmetricKey(size: .bits256)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try PrivateFile.write(key.withUnsafeBytes { Data($0) }, to: file)
        } catch {
            throw StoreError.unusable(folder: folder.lastPathComponent, reason: "the secret's file cannot be written")
        }
        root = key
    }

    /// A key for one purpose, such as `urls`: knowing it tells nothing of the others.
    public func key(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Data(purpose.utf8), outputByteCount: 32)
    }
}

enum PrivateFile {
    /// Writes a file that only its owner may read: beside its place first, then renamed.
    static func write(_ data: Data, to file: URL) throws {
        let beside = file.appendingPathExtension("new")
        try? FileManager.default.removeItem(at: beside)
        guard
            FileManager.default.createFile(atPath: beside.path, contents: data, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        guard rename(beside.path, file.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
