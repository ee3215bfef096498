import Crypto
import Foundation

/// What the hub calls a file's contents: the SHA-256 of what is stored with Git LFS, the object id that git gives all else.
/// It is the file's ETag and the name of its blob in the cache.
public enum FileDigest: Hashable, Sendable, CustomStringConvertible {
    case sha256(String)
    /// SHA-1 of `blob SIZE\0` and the contents.
    case gitBlob(String)

    /// Reads 64 or 40 hexadecimal digits, with the quotes of an ETag or without; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var digits = text.lowercased()
        if digits.hasPrefix("w/") { digits.removeFirst(2) }
        digits = digits.trimmingCharacters(in: ["\""])
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        switch digits.utf8.count {
        case 64: self = .sha256(digits)
        case 40: self = .gitBlob(digits)
        default: return nil
        }
    }

    public var hexadecimal: String {
        switch self {
        case .sha256(let digits), .gitBlob(let digits): digits
        }
    }

    public var description: String { hexadecimal }

    /// Whether a file has this digest. Reads all of it; can be cancelled.
    public func matches(_ file: URL) async throws -> Bool {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: 0)
        var computation = DigestComputation(like: self, size: Int(size))
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            try Task.checkCancellation()
            piece.withUnsafeBytes { computation.update($0) }
            await Task.yield()
        }
        return computation.finish() == self
    }
}

/// A digest of bytes that come one after the other.
public struct DigestComputation: Sendable {
    private enum State: Sendable {
        case sha256(SHA256)
        case gitBlob(Insecure.SHA1)
    }

    private var state: State

    /// - Parameters:
    ///   - digest: which kind is computed.
    ///   - size: of the whole file in bytes, which git's digest begins with.
    public init(like digest: FileDigest, size: Int) {
        switch digest {
        case .sha256: state = .sha256(SHA256())
        case .gitBlob:
            var hash = Insecure.SHA1()
            hash.update(data: Data("blob \(size)\0".utf8))
            state = .gitBlob(hash)
        }
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch state {
        case .sha256(var hash):
            hash.update(bufferPointer: bytes)
            state = .sha256(hash)
        case .gitBlob(var hash):
            hash.update(bufferPointer: bytes)
            state = .gitBlob(hash)
        }
    }

    public func finish() -> FileDigest {
        switch state {
        case .sha256(let hash): .sha256(Self.hexadecimal(hash.finalize()))
        case .gitBlob(let hash): .gitBlob(Self.hexadecimal(hash.finalize()))
        }
    }

    private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
