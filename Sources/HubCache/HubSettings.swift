import Foundation

/// Where the hub is, where its files are kept and who asks: the variables of the environment that Python's
/// `huggingface_hub` reads, with the same meaning.
public struct HubSettings: Sendable {
    /// `HF_ENDPOINT`: the hub or a mirror of it, without a slash at the end.
    public var endpoint: String
    /// `HF_HUB_CACHE`, or `hub` in `HF_HOME`, which is `~/.cache/huggingface` by default.
    public var cache: HubCache
    /// `HF_TOKEN`, or what the file at `HF_TOKEN_PATH` or `HF_HOME/token` holds.
    public var token: HubToken?
    /// `HF_HUB_OFFLINE`: the network is left alone.
    public var isOffline: Bool

    public init(endpoint: String, cache: HubCache, token: HubToken? = nil, isOffline: Bool = false) {
        self.endpoint = endpoint
        self.cache = cache
        self.token = token
        self.isOffline = isOffline
    }

    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        func value(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
        func folder(_ path: String) -> URL {
            guard path.hasPrefix("~/"), let home = environment["HOME"] else { return URL(filePath: path) }
            return URL(filePath: home).appending(path: path.dropFirst(2))
        }
        let caches = value("XDG_CACHE_HOME").map(folder) ?? folder("~/.cache")
        let home = value("HF_HOME").map(folder) ?? caches.appending(path: "huggingface")
        let cache = value("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE").map(folder) ?? home.appending(path: "hub")
        let tokenFile = value("HF_TOKEN_PATH").map(folder) ?? home.appending(path: "token")
        let token = value("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN") ?? (try? String(contentsOf: tokenFile, encoding: .utf8))
        var endpoint = value("HF_ENDPOINT") ?? "https://huggingface.co"
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        self.init(
            endpoint: endpoint, cache: HubCache(cache), token: token.flatMap(HubToken.init),
            isOffline: value("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE").map(Self.isTrue) ?? false)
    }

    private static func isTrue(_ value: String) -> Bool { ["1", "true", "yes", "on"].contains(value.lowercased()) }
}

/// A user's token. It does not print itself.
public struct HubToken: Sendable, CustomStringConvertible, CustomReflectable {
    public let value: String

    /// Nil for a text that no header can carry.
    public init?(_ text: String) {
        value = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !value.isEmpty, value.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
    }

    public var description: String { "(a token)" }
    public var customMirror: Mirror { Mirror(reflecting: description) }
}
