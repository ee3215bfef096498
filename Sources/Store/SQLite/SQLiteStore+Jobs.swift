import Foundation
import GRDB

extension SQLiteStore {
    // MARK: Taking in

    public func accept(_ submission: Submission) async throws -> Acceptance {
        try await writer.write(promise: true) { database in
            let owner = submission.job.owner
            let charge = submission.charge
            func usage() throws -> Usage {
                try Self.usage(of: owner, now: charge.now, window: charge.window, in: database)
            }
            switch try Self.earlier(submission, in: database) {
            case .same(let job): return .joined(job, try usage())
            case .other: return .conflict
            case nil: break
            }
            let ids = Array(Set(submission.inputs))
            let known = try Self.pictures(ids, owner: owner, in: database).map(\.id)
            if let unknown = ids.first(where: { !known.contains($0) }) { return .unknownPicture(unknown) }
            let used = try usage()
            if let refusal = charge.refusal(used) { return .refused(refusal, used) }
            var job = submission.job
            if submission.decisions.contains(where: { $0.verdict == .refused }) {
                job.state = .rejected
                job.finished = charge.now
            }
            try Self.insert(job, submission, in: database)
            try Self.charge(owner, charge, countsForMonth: job.state == .queued, in: database)
            return .accepted(job, try usage())
        }
    }

    private enum Earlier {
        case same(Job)
        /// The idempotency key belongs to another request.
        case other
    }

    /// What there is already of a submission: by its idempotency key, or as the same request of the same API key.
    private static func earlier(_ submission: Submission, in database: Database) throws -> Earlier? {
        let owner = submission.job.owner.text
        if let key = submission.idempotencyKey {
            let oldest = submission.charge.now - Submission.idempotencyLife
            let row = try database.row(
                """
                SELECT jobs.*, k.digest AS key_digest FROM idempotency_keys AS k JOIN jobs ON jobs.id = k.job
                WHERE k.owner = ? AND k.key = ? AND k.created > ?
                """, [owner, key, oldest.milliseconds])
            if let row { return row["key_digest"] == submission.digest ? .same(try Job(row)) : .other }
        }
        guard let since = submission.joinsSince else { return nil }
        return try database.row(
            """
            SELECT * FROM jobs WHERE owner = ? AND digest = ? AND key IS ?
                AND (state IN ('queued', 'running') OR state = 'succeeded' AND finished > ?)
            ORDER BY created DESC LIMIT 1
            """, [owner, submission.digest, submission.job.key?.text, since.milliseconds]
        ).map { .same(try Job($0)) }
    }

    private static func insert(_ job: Job, _ submission: Submission, in database: Database) throws {
        try database.insert(
            into: "jobs",
            [
                "id": job.id.text, "owner": job.owner.text, "key": job.key?.text, "source": job.source.rawValue,
                "request": job.request, "task": job.task, "label": job.label, "prompt": job.prompt,
                "model": job.model, "count": job.count, "state": job.state.rawValue, "attempts": job.attempts,
                "drawn": 0, "filtered": job.filtered, "failure_kind": job.failure?.kind,
                "failure_message": job.failure?.message, "digest": submission.digest,
                "created": job.created.milliseconds, "started": job.started?.milliseconds,
                "finished": job.finished?.milliseconds,
            ])
        for picture in Set(submission.inputs) {
            try database.insert(into: "job_inputs", ["job": job.id.text, "picture": picture.text])
        }
        if let key = submission.idempotencyKey {
            try database.insert(
                into: "idempotency_keys", or: "OR REPLACE",
                [
                    "owner": job.owner.text, "key": key, "digest": submission.digest, "job": job.id.text,
                    "created": submission.charge.now.milliseconds,
                ])
        }
        for decision in submission.decisions {
            try insert(
                RecordedDecision(decision, owner: job.owner, job: job.id, date: submission.charge.now), in: database)
        }
    }

    // MARK: Looking up

    public func job(_ id: Job.ID, owner: User.ID) async throws -> Job? {
        try await read { database in
            try database.row("SELECT * FROM jobs WHERE id = ? AND owner = ?", [id.text, owner.text]).map(Job.init)
        }
    }

    public func jobs(of owner: User.ID, after cursor: Cursor?, limit: Int) async throws -> Page<Job> {
        try await read { database in
            let rows = try database.rows(
                """
                SELECT * FROM jobs WHERE owner = ? AND (created, id) < (?, ?)
                ORDER BY created DESC, id DESC LIMIT ?
                """, [owner.text] + Cursor.values(cursor) + [limit + 1])
            return Page(try rows.map(Job.init), limit: limit) { Cursor(date: $0.created, id: $0.id.text) }
        }
    }

    public func activeJobs(of owner: User.ID?) async throws -> [Job] {
        try await read { database in
            try database.rows(
                """
                SELECT * FROM jobs WHERE state IN ('queued', 'running') \(owner == nil ? "" : "AND owner = ?")
                ORDER BY created, id
                """, owner.map { [$0.text] } ?? []
            ).map(Job.init)
        }
    }

    // MARK: Working

    public func claim(_ jobs: [Job.ID], now: Date) async throws -> [Job] {
        try await writer.write { database in
            var claimed: [Job] = []
            for job in jobs {
                try database.run(
                    """
                    UPDATE jobs SET state = 'running', attempts = attempts + 1, started = ?
                    WHERE id = ? AND state = 'queued'
                    """, [now.milliseconds, job.text])
                guard database.hasChanged, let row = try database.row("SELECT * FROM jobs WHERE id = ?", [job.text])
                else { continue }
                claimed.append(try Job(row))
            }
            return claimed
        }
    }

    public func handBack(_ jobs: [Job.ID], attempted: Bool) async throws {
        try await writer.write { database in
            for job in jobs {
                try database.run(
                    """
                    UPDATE jobs SET state = 'queued', started = NULL, attempts = attempts - ?
                    WHERE id = ? AND state = 'running'
                    """, [attempted ? 0 : 1, job.text])
            }
        }
    }

    public func finish(_ job: Job.ID, as end: JobEnd, now: Date) async throws -> Job? {
        try await writer.write(promise: true) { try Self.finish(job, as: end, now: now, in: $0) }
    }

    static func finish(_ id: Job.ID, as end: JobEnd, now: Date, in database: Database) throws -> Job? {
        let row = try database.row(
            "SELECT * FROM jobs WHERE id = ? AND state IN ('queued', 'running')", [id.text])
        guard let row else { return nil }
        var job = try Job(row)
        let drawn: Int = row["drawn"]
        let missing = max(0, job.count - drawn - job.filtered)
        (job.state, job.failure) = Self.state(of: job, after: end, missing: missing)
        job.finished = now
        try database.run(
            "UPDATE jobs SET state = ?, failure_kind = ?, failure_message = ?, finished = ? WHERE id = ?",
            [job.state.rawValue, job.failure?.kind, job.failure?.message, now.milliseconds, id.text])
        if missing > 0 { try Self.addToDay(of: job.created, job.owner, -missing, in: database) }
        return job
    }

    private static func state(of job: Job, after end: JobEnd, missing: Int) -> (Job.State, Job.Failure?) {
        switch end {
        case .cancelled: (.cancelled, nil)
        case .failed(let failure): (.failed, failure)
        case .drawn where missing > 0:
            (.failed, Job.Failure(kind: "engine_failed", message: "\(missing) of \(job.count) pictures were not drawn"))
        case .drawn: (job.filtered == job.count ? .rejected : .succeeded, nil)
        }
    }

    public func recover(attempts: Int, failure: Job.Failure, now: Date) async throws -> [Job] {
        try recoverStagedBlobs()
        return try await writer.write(promise: true) { database in
            let worn = try database.rows(
                "SELECT id FROM jobs WHERE state = 'running' AND attempts >= ?", [attempts]
            ).map { $0.id("id") as Job.ID }
            let failed = try worn.compactMap { try Self.finish($0, as: .failed(failure), now: now, in: database) }
            try database.run("UPDATE jobs SET state = 'queued', started = NULL WHERE state = 'running'")
            return failed
        }
    }

    /// Staged blobs whose rows were committed go to their places; the others were being written when the process died.
    private func recoverStagedBlobs() throws {
        for name in files.stagedNames() {
            let isKnown = try pool.read { try $0.row("SELECT 1 FROM pictures WHERE blob = ?", [name.text]) != nil }
            try isKnown ? files.publish(name) : files.remove(name)
        }
    }

    // MARK: Pictures of jobs

    public func doneIndices(of job: Job.ID) async throws -> Set<Int> {
        try await read { database in
            let rows = try database.rows(
                """
                SELECT place FROM pictures WHERE job = ?
                UNION SELECT place FROM decisions WHERE job = ? AND place IS NOT NULL AND verdict = 'refused'
                """, [job.text, job.text])
            return Set(rows.map { $0["place"] })
        }
    }

    public func add(drawn picture: Picture, decision: PolicyDecision?) async throws -> Bool {
        guard let job = picture.job else { return false }
        return try await writer.write(promise: true) { database in
            let isWanted = try database.row(
                """
                SELECT 1 FROM jobs WHERE id = ? AND owner = ? AND state = 'running'
                    AND NOT EXISTS (SELECT 1 FROM pictures WHERE job = ? AND place = ?)
                """, [job.text, picture.owner.text, job.text, picture.index])
            guard isWanted != nil else { return false }
            try Self.insert(picture, in: database)
            try database.run("UPDATE jobs SET drawn = drawn + 1 WHERE id = ?", [job.text])
            if let decision {
                try Self.insert(
                    RecordedDecision(
                        decision, owner: picture.owner, job: job, index: picture.index, date: picture.created),
                    in: database)
            }
            return true
        }
    }

    public func filter(_ job: Job.ID, index: Int, decision: PolicyDecision, now: Date) async throws {
        try await writer.write(promise: true) { database in
            guard let row = try database.row("SELECT * FROM jobs WHERE id = ? AND state = 'running'", [job.text])
            else { return }
            try Self.insert(
                RecordedDecision(decision, owner: row.id("owner"), job: job, index: index, date: now), in: database)
            guard database.hasChanged else { return }
            try database.run("UPDATE jobs SET filtered = filtered + 1 WHERE id = ?", [job.text])
        }
    }

    public func decisions(limit: Int) async throws -> [RecordedDecision] {
        try await read { database in
            try database.rows("SELECT * FROM decisions ORDER BY date DESC, number DESC LIMIT ?", [limit]).map { row in
                RecordedDecision(
                    PolicyDecision(
                        subject: try row.choice("subject"), verdict: try row.choice("verdict"), rule: row["rule"],
                        category: row["category"]),
                    owner: row.id("owner"), job: row.optionalID("job"), index: row["place"], date: row.date("date"))
            }
        }
    }

    /// Leaves out a second decision about the same picture.
    private static func insert(_ record: RecordedDecision, in database: Database) throws {
        try database.insert(
            into: "decisions", or: "OR IGNORE",
            [
                "owner": record.owner.text, "job": record.job?.text, "place": record.index,
                "subject": record.decision.subject.rawValue, "verdict": record.decision.verdict.rawValue,
                "rule": record.decision.rule, "category": record.decision.category,
                "date": record.date.milliseconds,
            ])
    }
}
