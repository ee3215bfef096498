import Foundation
import GRDB

extension SQLiteStore {
    public func setting(_ name: String) async throws -> String? {
        try await read { try $0.row("SELECT value FROM settings WHERE name = ?", [name])?["value"] }
    }

    public func set(_ name: String, to value: String?) async throws {
        try await writer.write(promise: true) { database in
            if let value {
                try database.insert(into: "settings", or: "OR REPLACE", ["name": name, "value": value])
            } else {
                try database.run("DELETE FROM settings WHERE name = ?", [name])
            }
        }
    }

    public func ping() async throws {
        try await writer.write { try $0.run("UPDATE settings SET value = value WHERE name = ''") }
        try files.remove(try files.stage(Data("ping".utf8)))
    }

    // MARK: Sweeping

    public func sweep(now: Date, jobsBefore: [Job.Source: Date], decisionsBefore: Date) async throws -> Swept {
        var swept = Swept()
        // In pieces, so that nobody waits long for a write behind it.
        while true {
            try Task.checkCancellation()
            let count = try await writer.write { try Self.sweepPictures(now: now, in: $0) }
            swept.pictures += count
            if count < Self.sweepSize { break }
        }
        for (source, date) in jobsBefore {
            while true {
                try Task.checkCancellation()
                let count = try await writer.write { try Self.sweepJobs(source, before: date, in: $0) }
                swept.jobs += count
                if count < Self.sweepSize { break }
            }
        }
        try await writer.write { database in
            let now = now.milliseconds
            try database.run("DELETE FROM sessions WHERE expires <= ?", [now])
            try database.run("DELETE FROM invitations WHERE expires <= ?", [now])
            try database.run("DELETE FROM charges WHERE date < ?", [now - 3_600_000])
            try database.run(
                "DELETE FROM idempotency_keys WHERE created < ?", [now - Int64(Submission.idempotencyLife * 1000)])
            try database.run("DELETE FROM decisions WHERE date < ?", [decisionsBefore.milliseconds])
        }
        return swept
    }

    private static let sweepSize = 500

    private static func sweepPictures(now: Date, in database: Database) throws -> Int {
        try database.run(
            """
            DELETE FROM pictures WHERE number IN (
                SELECT number FROM pictures WHERE expires <= ? AND NOT EXISTS (
                    SELECT 1 FROM job_inputs AS i JOIN jobs AS j ON j.id = i.job
                    WHERE i.picture = pictures.id AND j.state IN ('queued', 'running'))
                LIMIT \(sweepSize))
            """, [now.milliseconds])
        return database.changesCount
    }

    private static func sweepJobs(_ source: Job.Source, before date: Date, in database: Database) throws -> Int {
        try database.run(
            """
            DELETE FROM jobs WHERE id IN (
                SELECT id FROM jobs WHERE source = ? AND finished < ?
                    AND NOT EXISTS (SELECT 1 FROM pictures WHERE job = jobs.id)
                LIMIT \(sweepSize))
            """, [source.rawValue, date.milliseconds])
        return database.changesCount
    }

    public func collectGarbage() async throws {
        while true {
            let doomed = try await read { database in
                try database.rows("SELECT name FROM doomed_blobs LIMIT 500").map { BlobName(stored: $0["name"]) }
            }
            if doomed.isEmpty { return }
            // The file first: a crash between the two repeats what does no harm.
            for name in doomed { try files.remove(name) }
            try await writer.write { database in
                for name in doomed { try database.run("DELETE FROM doomed_blobs WHERE name = ?", [name.text]) }
            }
        }
    }

    // MARK: The doctor

    public func examine() async throws -> [Finding] {
        // Files before rows: a published blob has had its row, so one without is stray, unless it goes just now.
        let published = Set(files.publishedNames())
        let files = files
        let findings = try await read { database in
            let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
            if !integrity.isEmpty {
                return integrity.map { Finding(.damagedDatabase, subject: "limn.sqlite", detail: $0) }
            }
            return try Self.brokenReferences(in: database) + Self.impossibleJobs(in: database)
                + Self.damagedBlobs(files, in: database) + Self.strayBlobs(published, files, in: database)
        }
        return try await read { database in
            // A picture that was deleted meanwhile lacks nothing.
            try findings.filter { finding in
                try finding.kind != .missingBlob
                    || database.row("SELECT 1 FROM pictures WHERE id = ?", [finding.subject]) != nil
            }
        }
    }

    private static func brokenReferences(in database: Database) throws -> [Finding] {
        try database.rows("PRAGMA foreign_key_check").map { row in
            let table: String = row["table"]
            return Finding(
                .brokenReference, subject: table, detail: "\(row["rowid"] as Int64? ?? 0) \(row["parent"] as String)")
        }
    }

    private static func impossibleJobs(in database: Database) throws -> [Finding] {
        let impossible = try database.rows(
            """
            SELECT id, state FROM jobs WHERE (state IN ('queued', 'running')) <> (finished IS NULL)
                OR state = 'running' AND (started IS NULL OR attempts = 0)
                OR drawn + filtered > count OR attempts < 0
                OR (SELECT count(*) FROM pictures WHERE job = jobs.id) > drawn
            """
        ).map { row in
            Finding(
                .impossibleState, subject: row["id"],
                detail: "\(row["state"] as String) does not fit its dates, attempts or pictures")
        }
        let short = try database.rows(
            "SELECT id, count, drawn + filtered AS done FROM jobs WHERE state = 'succeeded' AND drawn + filtered < count"
        ).map { row in
            Finding(
                .missingPicture, subject: row["id"],
                detail: "\(row["done"] as Int) of \(row["count"] as Int) pictures were drawn")
        }
        return impossible + short
    }

    private static func damagedBlobs(_ files: FileBlobStore, in database: Database) throws -> [Finding] {
        var findings: [Finding] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT id, blob, bytes FROM pictures")
        while let row = try rows.next() {
            let size = files.size(BlobName(stored: row["blob"]))
            let bytes: Int = row["bytes"]
            if size == bytes { continue }
            findings.append(
                Finding(
                    .missingBlob, subject: row["id"],
                    detail: size.map { "its file has \($0) bytes in place of \(bytes)" } ?? "it has no file"))
        }
        return findings
    }

    private static func strayBlobs(
        _ published: Set<BlobName>, _ files: FileBlobStore, in database: Database
    ) throws -> [Finding] {
        var stray = published
        for (table, column) in [("pictures", "blob"), ("doomed_blobs", "name")] {
            for piece in Array(stray).pieces {
                let rows = try database.rows(
                    "SELECT \(column) AS name FROM \(table) WHERE \(column) IN (\(placeholders(piece.count)))",
                    piece.map(\.text))
                for row in rows { stray.remove(BlobName(stored: row["name"])) }
            }
        }
        return stray.filter { files.size($0) != nil }.sorted { $0.text < $1.text }
            .map { Finding(.strayBlob, subject: $0.text, detail: "no picture has this file") }
    }

    public func repair(_ findings: [Finding]) async throws {
        for finding in findings {
            switch finding.kind {
            case .damagedDatabase: break
            case .strayBlob: if let name = BlobName(finding.subject) { try files.remove(name) }
            case .missingBlob:
                try await writer.write(promise: true) { database in
                    try database.run("DELETE FROM pictures WHERE id = ?", [finding.subject])
                }
            case .impossibleState, .missingPicture: try await endAsFailed(finding.subject)
            case .brokenReference:
                guard let row = Int64(finding.detail.prefix { $0 != " " }) else { break }
                try await writer.write(promise: true) { database in
                    try database.run("DELETE FROM \(finding.subject.quotedDatabaseIdentifier) WHERE rowid = ?", [row])
                }
            }
        }
        try await collectGarbage()
    }

    private func endAsFailed(_ job: String) async throws {
        try await writer.write(promise: true) { database in
            try database.run(
                """
                UPDATE jobs SET state = 'failed', failure_kind = 'server_error',
                    failure_message = 'the job was damaged and repaired', attempts = max(attempts, 0),
                    finished = coalesce(finished, started, created),
                    drawn = max(drawn, (SELECT count(*) FROM pictures WHERE job = jobs.id))
                WHERE id = ?
                """, [job])
            try database.run(
                "UPDATE jobs SET count = max(count, drawn + filtered) WHERE id = ?", [job])
        }
    }
}
