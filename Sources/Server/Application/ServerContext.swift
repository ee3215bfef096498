import Hummingbird
import NIOCore
import Service

/// What the server knows of a request beside its bytes.
public struct ServerContext: StudioContext {
    public var coreContext: CoreRequestContextStorage
    public var signedIn: SignedIn?
    /// Who calls the API; nil before that is found out, and outside of it.
    var caller: Caller?
    /// Tells when the client has gone.
    var client: ClientPresence?
    /// The client's network address, without its port.
    public let clientAddress: String
    let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        clientAddress = source.channel.remoteAddress?.ipAddress ?? "unknown"
        channel = source.channel
    }
}
