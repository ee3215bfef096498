import Foundation
import HubCache

/// What the hub says of a repository at a revision.
public struct RepositoryListing: Sendable {
    public struct File: Hashable, Sendable {
        public var path: String
        /// In bytes.
        public var size: Int
        public var digest: FileDigest
    }

    public var id: RepositoryID
    /// As it was asked for: a branch, a tag or a commit.
    public var revision: String
    public var commit: String
    /// As the card names it, such as `apache-2.0`; nil where it names none.
    public var license: String?
    /// Where the card says that the licence is to be read.
    public var licenseURL: String?
    public var files: [File]
}

extension HubClient {
    /// Asks what a repository holds.
    ///
    /// - Throws: `HubError`, `CancellationError`.
    public func listing(of id: RepositoryID, revision: String = "main") async throws -> RepositoryListing {
        guard !settings.isOffline else {
            throw HubError(.offline, "\(id)", "is not in the cache, and HF_HUB_OFFLINE forbids to fetch it")
        }
        guard CachedRepository.isRevision(revision) else {
            throw HubError(.invalidRequest, "\(id)", "'\(revision)' is not a branch, a tag or a commit")
        }
        let place = Self.encode(revision, keepingSlashes: false)
        let info: Info = try await decoded("/api/models/\(id)/revision/\(place)", subject: "\(id)").value
        guard CachedRepository.isCommit(info.sha) else {
            throw HubError(.unexpectedAnswer, "\(id)", "the hub names no commit")
        }
        var next: String? = "/api/models/\(id)/tree/\(info.sha)?recursive=true"
        var files: [RepositoryListing.File] = []
        // A thousand files to a page; what has more than a hundred pages is no model.
        for _ in 0..<100 {
            guard let page = next else { break }
            let (entries, following): ([Entry], String?) = try await decoded(page, subject: "\(id)")
            files += try entries.filter { $0.type == "file" }.map { try $0.file(in: id) }
            next = following
        }
        let tag = info.tags?.first { $0.hasPrefix("license:") }?.dropFirst("license:".count)
        return RepositoryListing(
            id: id, revision: revision, commit: info.sha, license: info.cardData?.license ?? tag.map(String.init),
            licenseURL: info.cardData?.licenseLink, files: files)
    }

    /// Where the bytes of a file are asked for.
    static func path(of file: String, in id: RepositoryID, commit: String) -> String {
        "/\(id)/resolve/\(commit)/\(encode(file, keepingSlashes: true))"
    }

    private func decoded<T: Decodable>(_ path: String, subject: String) async throws -> (value: T, next: String?) {
        try await retry.run {
            let (answer, _) = try await get(path, subject: subject, headers: ["Accept": "application/json"])
            let data = try await body(of: answer, subject: subject)
            do {
                let decoder = JSONDecoder()
                decoder.keyDecodingStrategy = .convertFromSnakeCase
                return (try decoder.decode(T.self, from: data), Self.nextPage(answer.headers.first(name: "Link")))
            } catch {
                throw HubError(
                    .unexpectedAnswer, subject,
                    "the answer is not that of a hub; check HF_ENDPOINT and any proxy between")
            }
        }
    }

    /// The address in `<…>; rel="next"` (RFC 8288).
    static func nextPage(_ link: String?) -> String? {
        link?.split(separator: ",").compactMap { part -> String? in
            guard part.contains("rel=\"next\""), let from = part.firstIndex(of: "<"), let to = part.firstIndex(of: ">"),
                from < to
            else { return nil }
            return String(part[part.index(after: from)..<to])
        }.first
    }

    static func encode(_ text: String, keepingSlashes: Bool) -> String {
        var allowed = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        if keepingSlashes { allowed.insert("/") }
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}

/// `GET /api/models/ID/revision/REVISION`, as far as Limn reads it.
private struct Info: Decodable {
    struct Card: Decodable {
        var license: String?
        var licenseLink: String?

        enum CodingKeys: CodingKey { case license, licenseLink }

        /// A card is written by hand: what it says in another way is passed over.
        init(from decoder: any Decoder) throws {
            let container = try? decoder.container(keyedBy: CodingKeys.self)
            let several = (try? container?.decode([String].self, forKey: .license))?.joined(separator: ", ")
            license = (try? container?.decode(String.self, forKey: .license)) ?? several
            licenseLink = try? container?.decode(String.self, forKey: .licenseLink)
        }
    }
    var sha: String
    var tags: [String]?
    var cardData: Card?
}

/// An entry of `GET /api/models/ID/tree/COMMIT`.
private struct Entry: Decodable {
    struct LFS: Decodable {
        var oid: String
        var size: Int
    }
    var type: String
    var path: String
    var oid: String
    var size: Int?
    var lfs: LFS?

    func file(in id: RepositoryID) throws(HubError) -> RepositoryListing.File {
        guard let digest = FileDigest(lfs?.oid ?? oid), let size = lfs?.size ?? size, size >= 0 else {
            throw HubError(.unexpectedAnswer, "\(id)", "the hub lists a file without its size or digest")
        }
        return RepositoryListing.File(path: path, size: size, digest: digest)
    }
}
