import AsyncHTTPClient
import Foundation
import HubCache
import NIOCore
import NIOHTTP1

/// Speaks the hub's protocol: what a repository holds, and the bytes of its files.
///
/// The token goes to the hub (`HubSettings.endpoint`) alone: redirects are followed here, and another host, port or
/// scheme gets none.
public struct HubClient: Sendable {
    public let settings: HubSettings
    let retry: RetryPolicy
    private let http: HTTPClient

    /// Runs the body with a client, and closes its connections afterwards.
    ///
    /// - Parameter silence: how long nothing may come over a connection before it counts as broken.
    public static func with<R: Sendable>(
        _ settings: HubSettings, retry: RetryPolicy = RetryPolicy(), silence: Duration = .seconds(30),
        _ body: (HubClient) async throws -> R
    ) async throws -> R {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(15), read: TimeAmount(silence))
        // `RetryPolicy` says when a connection is tried again.
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result: Result<R, any Error>
        do {
            result = .success(try await body(HubClient(settings: settings, retry: retry, http: http)))
        } catch {
            result = .failure(error)
        }
        try? await http.shutdown()
        return try result.get()
    }

    /// Asks for an address of the hub and follows redirects. The body is not read.
    ///
    /// - Parameters:
    ///   - path: after the endpoint, percent-encoded, with a slash at the front; or a whole address.
    ///   - subject: what errors call it.
    /// - Returns: the answer with a status of 200…299 or 416, and the first answer's headers, which are the hub's own
    ///   even where a content network sends the bytes.
    /// - Throws: `HubError`, or `Interruption`.
    func get(
        _ path: String, subject: String, headers: HTTPHeaders = [:]
    ) async throws -> (answer: HTTPClientResponse, first: HTTPHeaders) {
        var url = path.hasPrefix("/") ? settings.endpoint + path : path
        var first: HTTPHeaders?
        for _ in 0..<10 {
            let answer = try await send(url, subject: subject, headers: headers)
            first = first ?? answer.headers
            guard (300...399).contains(answer.status.code), answer.status != .notModified else {
                try await check(answer, subject: subject)
                return (answer, first ?? [:])
            }
            _ = try? await answer.body.collect(upTo: 1 << 16)
            url = try Self.redirect(answer, from: url, subject: subject)
        }
        throw HubError(.unexpectedAnswer, subject, "the hub redirects without end")
    }

    /// Collects a short body, such as a listing.
    func body(of answer: HTTPClientResponse, subject: String) async throws -> Data {
        do {
            return Data(try await answer.body.collect(upTo: 64 << 20).readableBytesView)
        } catch {
            throw Self.broken(error, subject: subject)
        }
    }

    private func send(_ url: String, subject: String, headers: HTTPHeaders) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: url)
        request.headers = headers
        request.headers.replaceOrAdd(name: "User-Agent", value: "limn")
        request.headers.replaceOrAdd(name: "Accept-Encoding", value: "identity")
        if let token = settings.token, Self.mayCarryToken(url, endpoint: settings.endpoint) {
            request.headers.replaceOrAdd(name: "Authorization", value: "Bearer \(token.value)")
        }
        do {
            return try await http.execute(request, timeout: .seconds(60))
        } catch {
            throw Self.broken(error, subject: subject)
        }
    }

    /// Whether an address is the hub's own, and the way to it private: over TLS, or within this machine.
    static func mayCarryToken(_ url: String, endpoint: String) -> Bool {
        guard let url = URLComponents(string: url), let hub = URLComponents(string: endpoint) else { return false }
        func origin(_ url: URLComponents) -> [String?] {
            let scheme = url.scheme?.lowercased()
            return [scheme, url.host?.lowercased(), "\(url.port ?? (scheme == "https" ? 443 : 80))"]
        }
        let isPrivate =
            hub.scheme?.lowercased() == "https" || ["localhost", "127.0.0.1", "::1", "[::1]"].contains(hub.host)
        return isPrivate && origin(url) == origin(hub)
    }

    private static func redirect(
        _ answer: HTTPClientResponse, from url: String, subject: String
    ) throws(HubError) -> String {
        guard let location = answer.headers.first(name: "Location"), let base = URL(string: url),
            let target = URL(string: location, relativeTo: base)?.absoluteURL,
            let scheme = target.scheme?.lowercased(), ["http", "https"].contains(scheme)
        else { throw HubError(.unexpectedAnswer, subject, "the hub redirects to no address") }
        guard scheme == "https" || base.scheme?.lowercased() == "http" else {
            throw HubError(
                .unexpectedAnswer, subject, "the hub redirects to an address without encryption; it is not followed")
        }
        return target.absoluteString
    }

    /// What a broken connection means: cancelling, or something that may be gone at the next try.
    static func broken(_ error: any Error, subject: String) -> any Error {
        if error is CancellationError || (error as? HTTPClientError) == .cancelled { return CancellationError() }
        if error is HubError || error is Interruption { return error }
        if let error = error as? HTTPClientError, [.invalidURL, .emptyHost, .emptyScheme].contains(error) {
            return HubError(.invalidRequest, subject, "HF_ENDPOINT is not the address of a hub")
        }
        return Interruption(
            error: HubError(
                .unreachable, subject,
                "the connection to the hub failed; check the network and HF_ENDPOINT, and pull again: what was fetched is kept"
            ))
    }
}
