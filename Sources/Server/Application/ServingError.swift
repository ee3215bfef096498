import Foundation
import NIOCore

/// What keeps a server from listening.
public enum ServingError: Error, CustomStringConvertible, Sendable, Equatable {
    /// Another program listens there.
    case taken(address: String)
    /// The address is none of this machine's.
    case foreign(address: String)
    /// The system does not let this user listen there.
    case forbidden(address: String)
    case unreadableCertificate
    case unreadableKey
    /// The key is another certificate's.
    case certificateWithoutKey

    public var description: String {
        switch self {
        case .taken(let address):
            "another program listens at \(address); stop it, or choose another port with --port"
        case .foreign(let address): "\(address) is not an address of this machine; --host takes one that is"
        case .forbidden(let address):
            "this user may not listen at \(address); choose a port above 1023 with --port"
        case .unreadableCertificate: "--tls-cert is not a file with a certificate in PEM that can be read"
        case .unreadableKey: "--tls-key is not a file with a private key in PEM, without a password, that can be read"
        case .certificateWithoutKey: "--tls-key is not the private key of the certificate in --tls-cert"
        }
    }

    /// What a failure to listen means; the failure itself where nothing is known of it.
    static func explaining(_ error: any Error, host: String, port: Int) -> any Error {
        guard let error = error as? IOError else { return error }
        let address = "\(host):\(port)"
        switch error.errnoCode {
        case EADDRINUSE: return ServingError.taken(address: address)
        case EADDRNOTAVAIL: return ServingError.foreign(address: address)
        case EACCES, EPERM: return ServingError.forbidden(address: address)
        default: return error
        }
    }
}
