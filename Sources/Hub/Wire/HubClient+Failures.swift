import AsyncHTTPClient
import Foundation
import HubCache
import NIOHTTP1

extension HubClient {
    /// Lets successes and 416 (no such range) pass.
    ///
    /// - Throws: `Interruption` for what passes, `HubError` for what does not.
    func check(_ answer: HTTPClientResponse, subject: String) async throws {
        let status = answer.status
        guard !(200...299).contains(status.code), status != .rangeNotSatisfiable else { return }
        let code = answer.headers.first(name: "X-Error-Code")
        let error = failure(status, code: code, subject: subject)
        guard [408, 425, 429, 500, 502, 503, 504].contains(status.code) else { throw error }
        throw Interruption(error: error, retryAfter: Self.retryAfter(answer.headers.first(name: "Retry-After")))
    }

    /// - Parameter code: the hub's `X-Error-Code`: `RepoNotFound`, `RevisionNotFound`, `EntryNotFound`, `GatedRepo`.
    private func failure(_ status: HTTPResponseStatus, code: String?, subject: String) -> HubError {
        let page = "\(settings.endpoint)/\(subject.split(separator: "/").prefix(2).joined(separator: "/"))"
        let hasToken = settings.token != nil
        switch (status.code, code) {
        case (_, "GatedRepo"):
            return HubError(
                .gated, subject,
                "the publisher wants its terms accepted first: do so on \(page)"
                    + (hasToken ? "" : ", then set HF_TOKEN to a token of yours"))
        case (401, _) where hasToken:
            return HubError(
                .unauthorized, subject,
                "the hub does not know the token, or there is no such repository; check HF_TOKEN")
        case (401, _):
            return HubError(
                .unauthorized, subject,
                "there is no such repository, or it is private; check the name, or set HF_TOKEN to a token that may read it"
            )
        case (403, _):
            return HubError(
                .forbidden, subject,
                "the hub refuses; the token may lack the right to read, or \(page) has terms to accept")
        case (404, "RevisionNotFound"):
            return HubError(.notFound, subject, "has no such revision; see the branches and tags on \(page)")
        case (404, "EntryNotFound"): return HubError(.notFound, subject, "there is no such file in the repository")
        case (404, _): return HubError(.notFound, subject, "there is no such repository on the hub; check the name")
        case (429, _):
            return HubError(
                .rateLimited, subject, "the hub has had too many requests; pull again later, what was fetched is kept")
        case (500...599, _):
            return HubError(
                .serverFailed, subject, "the hub fails (\(status.code)); pull again later, what was fetched is kept")
        default: return HubError(.unexpectedAnswer, subject, "the hub answered \(status.code)")
        }
    }

    /// Seconds, or a date (RFC 9110, 10.2.3).
    static func retryAfter(_ value: String?, now: Date = Date()) -> Duration? {
        guard let value = value?.trimmingCharacters(in: .whitespaces) else { return nil }
        if let seconds = Int(value) { return seconds >= 0 ? .seconds(min(seconds, 1 << 30)) : nil }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.date(from: value).map { .seconds(max(0, $0.timeIntervalSince(now))) }
    }
}
