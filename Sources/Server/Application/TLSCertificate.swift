import HummingbirdTLS
import NIOSSL

/// The files of a certificate, in PEM.
public struct TLSCertificate: Sendable {
    /// The certificate, followed by those that lead to its root.
    public var chain: String
    public var key: String

    public init(chain: String, key: String) {
        self.chain = chain
        self.key = key
    }

    /// - Throws: `ServingError` for files that cannot be used.
    func configuration() throws -> TLSConfiguration {
        guard let chain = try? NIOSSLCertificate.fromPEMFile(chain), !chain.isEmpty else {
            throw ServingError.unreadableCertificate
        }
        guard let key = try? NIOSSLPrivateKey(file: key, format: .pem) else { throw ServingError.unreadableKey }
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw ServingError.certificateWithoutKey
        }
        return configuration
    }
}
