import Crypto
import Foundation

/// Addresses that open without signing in, until a moment: `PATH?exp=SECONDS&sig=SIGNATURE` (HMAC-SHA256, base64url).
public struct URLSignature: Sendable {
    private let key: SymmetricKey

    public init(_ secrets: Secrets) { key = secrets.key(for: "urls") }

    /// The query that makes a path open until `expires`.
    public func query(path: String, expires: Date) -> String {
        let seconds = Int(expires.timeIntervalSince1970)
        return "exp=\(seconds)&sig=\(signature(path, seconds))"
    }

    /// Whether a signature belongs to a path and has not run out.
    public func isValid(path: String, exp: String, sig: String, now: Date) -> Bool {
        guard let seconds = Int(exp), Double(seconds) > now.timeIntervalSince1970 else { return false }
        return ConstantTime.equal(signature(path, seconds).utf8, sig.utf8)
    }

    private func signature(_ path: String, _ seconds: Int) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(path)\n\(seconds)".utf8), using: key)
        return Data(code).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
