import Crypto
import Foundation
import Store

/// Something secret that is shown once and kept as its SHA-256 alone. It is random enough that a plain hash suffices.
enum Token {
    /// 256 bits.
    static func random() -> String { RandomText.base62(43) }

    static func hash(_ token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }
}
