import Crypto
import Foundation
import Store
import _CryptoExtras

/// Passwords, kept as scrypt hashes (RFC 7914) in the form `$scrypt$ln=15,r=8,p=3$SALT$HASH`.
public struct Password: Sendable {
    /// In characters. The upper one keeps a request from costing more than the hash does.
    public static let lengths = 8...256

    /// What a hash costs.
    public struct Cost: Hashable, Sendable {
        /// The base-2 logarithm of scrypt's N; the memory is 2^logRounds × blockSize × 128 bytes.
        public var logRounds: Int
        public var blockSize: Int
        public var parallelism: Int

        public init(logRounds: Int, blockSize: Int, parallelism: Int) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// 32 MiB and about a fifth of a second: one of OWASP's equivalent settings (N = 2^15, r = 8, p = 3).
        public static let standard = Cost(logRounds: 15, blockSize: 8, parallelism: 3)
    }

    let cost: Cost
    /// Each hash takes 32 MiB, so few are computed at once.
    private let work = BlockingWork(name: "passwords", width: 2)
    /// What a password is compared with where there is no account, so that it takes as long.
    private let decoy: String

    init(cost: Cost) throws {
        self.cost = cost
        decoy = try Self.hash(RandomText.base62(24), cost: cost)
    }

    /// - Throws: `AccountError.weakPassword`.
    func hash(_ password: String) async throws -> String {
        guard Self.lengths.contains(password.count), password.utf8.count <= 4 * Self.lengths.upperBound else {
            throw AccountError.weakPassword
        }
        let cost = cost
        return try await work.run { try Self.hash(password, cost: cost) }
    }

    /// Whether the password is the one of the hash; false, after the same work, where there is no hash.
    func matches(_ password: String, hash: String?) async throws -> Bool {
        guard password.utf8.count <= 4 * Self.lengths.upperBound else { return false }
        let stored = hash ?? decoy
        let isMatch = try await work.run { try Self.matches(password, stored) }
        return isMatch && hash != nil
    }

    private static func hash(_ password: String, cost: Cost) throws -> String {
        let salt = Data(RandomText.base62(22).utf8)
        let hash = try derive(password, salt: salt, cost: cost)
        return "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)"
            + "$\(salt.base64EncodedString())$\(hash.base64EncodedString())"
    }

    private static func matches(_ password: String, _ stored: String) throws -> Bool {
        let parts = stored.split(separator: "$")
        guard parts.count == 4, parts[0] == "scrypt", let cost = Cost(String(parts[1])),
            let salt = Data(base64Encoded: String(parts[2])), let hash = Data(base64Encoded: String(parts[3]))
        else { return false }
        return try ConstantTime.equal(derive(password, salt: salt, cost: cost), hash)
    }

    private static func derive(_ password: String, salt: Data, cost: Cost) throws -> Data {
        // Two ways to type the same letter give the same password.
        try KDF.Scrypt.deriveKey(
            from: Data(password.precomposedStringWithCanonicalMapping.utf8), salt: salt, outputByteCount: 32,
            rounds: 1 << cost.logRounds, blockSize: cost.blockSize, parallelism: cost.parallelism,
            maxMemory: (1 << cost.logRounds) * cost.blockSize * 256 + (1 << 20)
        ).withUnsafeBytes { Data($0) }
    }
}

extension Password.Cost {
    /// Reads `ln=15,r=8,p=3`.
    fileprivate init?(_ text: String) {
        var values: [Substring: Int] = [:]
        for pair in text.split(separator: ",") {
            let sides = pair.split(separator: "=")
            guard sides.count == 2, let value = Int(sides[1]) else { return nil }
            values[sides[0]] = value
        }
        guard let rounds = values["ln"], let size = values["r"], let parallelism = values["p"],
            (1...24).contains(rounds), (1...32).contains(size), (1...16).contains(parallelism)
        else { return nil }
        self.init(logRounds: rounds, blockSize: size, parallelism: parallelism)
    }
}
