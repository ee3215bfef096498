import Foundation
import GRDB

// How rows of the database become values.

extension Row {
    func id<Of>(_ column: String) -> Identifier<Of> { Identifier(stored: self[column]) }

    func optionalID<Of>(_ column: String) -> Identifier<Of>? { (self[column] as String?).map(Identifier.init(stored:)) }

    func date(_ column: String) -> Date { Date(milliseconds: self[column]) }

    func optionalDate(_ column: String) -> Date? { (self[column] as Int64?).map(Date.init(milliseconds:)) }

    /// A value of an enumeration that the store wrote itself.
    func choice<Choice: RawRepresentable<String>>(_ column: String) throws -> Choice {
        guard let choice = Choice(rawValue: self[column]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an unknown value of \(column)")
        }
        return choice
    }
}

extension Database {
    typealias Value = (any DatabaseValueConvertible)?

    func insert(into table: String, or: String = "", _ values: KeyValuePairs<String, Value>) throws {
        let columns = values.map(\.key).joined(separator: ", ")
        let places = values.map { _ in "?" }.joined(separator: ", ")
        try run("INSERT \(or) INTO \(table) (\(columns)) VALUES (\(places))", values.map(\.value))
    }

    /// Runs a statement that is kept for the next time.
    func run(_ sql: String, _ arguments: [Value] = []) throws {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }

    func rows(_ sql: String, _ arguments: [Value] = []) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    func row(_ sql: String, _ arguments: [Value] = []) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    func number(_ sql: String, _ arguments: [Value] = []) throws -> Int {
        try Int.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(arguments)) ?? 0
    }

    /// Whether the last statement changed a row.
    var hasChanged: Bool { changesCount > 0 }
}

/// `?, ?, ?`
func placeholders(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }

extension Array {
    /// Pieces that fit into one statement's arguments.
    var pieces: [ArraySlice<Element>] {
        stride(from: 0, to: count, by: 500).map { self[$0..<Swift.min($0 + 500, count)] }
    }
}

extension User {
    init(_ row: Row) throws {
        self.init(
            id: row.id("id"), email: row["email"], passwordHash: row["password_hash"], role: try row.choice("role"),
            isDisabled: row["disabled"],
            limits: AccountLimits(
                imagesPerMinute: row["images_per_minute"], imagesPerMonth: row["images_per_month"],
                activeJobs: row["active_jobs"]),
            created: row.date("created"), lastSeen: row.optionalDate("last_seen"))
    }
}

extension Session {
    init(_ row: Row) {
        self.init(
            id: row.id("id"), user: row.id("user"), tokenHash: row["token_hash"], previousHash: row["previous_hash"],
            created: row.date("created"), rotated: row.date("rotated"), expires: row.date("expires"))
    }
}

extension Invitation {
    init(_ row: Row) throws {
        self.init(
            id: row.id("id"), tokenHash: row["token_hash"], email: row["email"], role: try row.choice("role"),
            invitedBy: row.optionalID("invited_by"), created: row.date("created"), expires: row.date("expires"))
    }
}

extension APIKey {
    init(_ row: Row) {
        let scopes: String = row["scopes"]
        self.init(
            id: row.id("id"), user: row.id("user"), name: row["name"], hash: row["hash"], hint: row["hint"],
            scopes: Set(scopes.split(separator: " ").compactMap { Scope(rawValue: String($0)) }),
            created: row.date("created"), expires: row.optionalDate("expires"),
            lastUsed: row.optionalDate("last_used"), revoked: row.optionalDate("revoked"))
    }
}

extension Job {
    init(_ row: Row) throws {
        let kind: String? = row["failure_kind"]
        self.init(
            id: row.id("id"), owner: row.id("owner"), key: row.optionalID("key"), source: try row.choice("source"),
            request: row["request"], task: row["task"], label: row["label"], prompt: row["prompt"],
            model: row["model"], count: row["count"], state: try row.choice("state"), attempts: row["attempts"],
            filtered: row["filtered"],
            failure: kind.map { Failure(kind: $0, message: row["failure_message"] ?? "") },
            created: row.date("created"), started: row.optionalDate("started"),
            finished: row.optionalDate("finished"))
    }
}

extension Picture {
    init(_ row: Row) throws {
        self.init(
            id: row.id("id"), owner: row.id("owner"), origin: try row.choice("origin"), job: row.optionalID("job"),
            index: row["place"], blob: BlobName(stored: row["blob"]), bytes: row["bytes"], format: row["format"],
            width: row["width"], height: row["height"],
            seed: (row["seed"] as Int64?).map { UInt64(bitPattern: $0) }, task: row["task"], prompt: row["prompt"],
            recipe: row["recipe"], isFavourite: row["favourite"], shareToken: row["share_token"],
            created: row.date("created"), expires: row.optionalDate("expires"))
    }
}
