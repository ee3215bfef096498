import Hummingbird
import NIOCore
import Service

/// What the server knows of a request beside its bytes.
public struct ServerContext: StudioContext {
    public var coreContext: CoreRequestContextStorage
    public var signedIn: SignedIn?
    /// The client's network address, without its port.
    public let clientAddress: String

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        clientAddress = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}
