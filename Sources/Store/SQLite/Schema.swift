import GRDB

/// The database's tables, as steps that each store has taken once. A step that was released is never changed: add one.
///
/// Dates are milliseconds since 1970. Rows of an account go with it. What a picture's row leaves behind, its blob, is
/// written down by a trigger, so that no way of deleting rows can forget it.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 accounts") { try $0.execute(sql: accounts) }
        migrator.registerMigration("2 jobs") { try $0.execute(sql: jobs) }
        migrator.registerMigration("3 pictures") { try $0.execute(sql: pictures) }
        migrator.registerMigration("4 usage") { try $0.execute(sql: usage) }
        return migrator
    }

    private static let accounts = """
        CREATE TABLE users (
            id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL UNIQUE, password_hash TEXT,
            role TEXT NOT NULL CHECK (role IN ('member', 'admin')), disabled INTEGER NOT NULL,
            images_per_minute INTEGER, images_per_month INTEGER, active_jobs INTEGER,
            created INTEGER NOT NULL, last_seen INTEGER) STRICT;
        CREATE INDEX users_created ON users (created, id);
        CREATE TABLE invitations (
            id TEXT NOT NULL PRIMARY KEY, token_hash BLOB NOT NULL UNIQUE, email TEXT, role TEXT NOT NULL,
            invited_by TEXT REFERENCES users ON DELETE CASCADE,
            created INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT;
        CREATE INDEX invitations_invited_by ON invitations (invited_by);
        CREATE TABLE sessions (
            id TEXT NOT NULL PRIMARY KEY, user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            token_hash BLOB NOT NULL UNIQUE, previous_hash BLOB,
            created INTEGER NOT NULL, rotated INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT;
        CREATE INDEX sessions_user ON sessions (user);
        CREATE INDEX sessions_previous ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;
        CREATE TABLE api_keys (
            id TEXT NOT NULL PRIMARY KEY, user TEXT NOT NULL REFERENCES users ON DELETE CASCADE, name TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE, hint TEXT NOT NULL, scopes TEXT NOT NULL,
            created INTEGER NOT NULL, expires INTEGER, last_used INTEGER, revoked INTEGER) STRICT;
        CREATE INDEX api_keys_user ON api_keys (user);
        CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
        """

    private static let jobs = """
        CREATE TABLE jobs (
            id TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL REFERENCES users ON DELETE CASCADE, key TEXT,
            source TEXT NOT NULL, request TEXT NOT NULL, task TEXT NOT NULL, label TEXT, prompt TEXT NOT NULL,
            model TEXT NOT NULL, count INTEGER NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'rejected')),
            attempts INTEGER NOT NULL, drawn INTEGER NOT NULL, filtered INTEGER NOT NULL,
            failure_kind TEXT, failure_message TEXT, digest BLOB NOT NULL,
            created INTEGER NOT NULL, started INTEGER, finished INTEGER) STRICT;
        CREATE INDEX jobs_owner ON jobs (owner, created, id);
        CREATE INDEX jobs_digest ON jobs (owner, digest);
        CREATE INDEX jobs_active ON jobs (owner) WHERE state IN ('queued', 'running');
        CREATE INDEX jobs_finished ON jobs (finished) WHERE finished IS NOT NULL;
        CREATE TABLE idempotency_keys (
            owner TEXT NOT NULL REFERENCES users ON DELETE CASCADE, key TEXT NOT NULL, digest BLOB NOT NULL,
            job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE, created INTEGER NOT NULL,
            PRIMARY KEY (owner, key)) STRICT;
        CREATE INDEX idempotency_keys_job ON idempotency_keys (job);
        CREATE TABLE decisions (
            number INTEGER PRIMARY KEY, owner TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            job TEXT REFERENCES jobs ON DELETE SET NULL, place INTEGER, subject TEXT NOT NULL, verdict TEXT NOT NULL,
            rule TEXT NOT NULL, category TEXT NOT NULL, date INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX decisions_job ON decisions (job, place) WHERE place IS NOT NULL;
        CREATE INDEX decisions_of_job ON decisions (job);
        CREATE INDEX decisions_owner ON decisions (owner);
        CREATE INDEX decisions_date ON decisions (date);
        """

    private static let pictures = """
        CREATE TABLE pictures (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            owner TEXT NOT NULL REFERENCES users ON DELETE CASCADE, origin TEXT NOT NULL,
            job TEXT REFERENCES jobs ON DELETE SET NULL, place INTEGER NOT NULL,
            blob TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, format TEXT NOT NULL,
            width INTEGER NOT NULL, height INTEGER NOT NULL, seed INTEGER, task TEXT, prompt TEXT NOT NULL, recipe TEXT,
            favourite INTEGER NOT NULL, share_token TEXT UNIQUE, created INTEGER NOT NULL, expires INTEGER,
            UNIQUE (job, place)) STRICT;
        CREATE INDEX pictures_owner ON pictures (owner, created, id);
        CREATE INDEX pictures_expires ON pictures (expires) WHERE expires IS NOT NULL;
        CREATE TABLE job_inputs (
            job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE,
            picture TEXT NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
            PRIMARY KEY (job, picture)) STRICT, WITHOUT ROWID;
        CREATE INDEX job_inputs_picture ON job_inputs (picture);
        CREATE TABLE collections (
            id TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL REFERENCES users ON DELETE CASCADE, name TEXT NOT NULL,
            created INTEGER NOT NULL, UNIQUE (owner, name)) STRICT;
        CREATE TABLE collection_pictures (
            collection TEXT NOT NULL REFERENCES collections ON DELETE CASCADE,
            picture TEXT NOT NULL REFERENCES pictures (id) ON DELETE CASCADE, added INTEGER NOT NULL,
            PRIMARY KEY (collection, picture)) STRICT, WITHOUT ROWID;
        CREATE INDEX collection_pictures_picture ON collection_pictures (picture);

        CREATE TABLE doomed_blobs (name TEXT NOT NULL PRIMARY KEY) STRICT;
        CREATE TRIGGER pictures_doom AFTER DELETE ON pictures BEGIN
            INSERT OR IGNORE INTO doomed_blobs VALUES (old.blob);
        END;

        CREATE VIRTUAL TABLE picture_words USING fts5 (
            prompt, content = 'pictures', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2');
        CREATE TRIGGER pictures_words_insert AFTER INSERT ON pictures BEGIN
            INSERT INTO picture_words (rowid, prompt) VALUES (new.number, new.prompt);
        END;
        CREATE TRIGGER pictures_words_delete AFTER DELETE ON pictures BEGIN
            INSERT INTO picture_words (picture_words, rowid, prompt) VALUES ('delete', old.number, old.prompt);
        END;
        """

    private static let usage = """
        CREATE TABLE charges (
            owner TEXT NOT NULL REFERENCES users ON DELETE CASCADE, date INTEGER NOT NULL, images INTEGER NOT NULL
            ) STRICT;
        CREATE INDEX charges_owner ON charges (owner, date);
        CREATE INDEX charges_date ON charges (date);
        CREATE TABLE usage_days (
            owner TEXT NOT NULL REFERENCES users ON DELETE CASCADE, day TEXT NOT NULL, images INTEGER NOT NULL,
            PRIMARY KEY (owner, day)) STRICT, WITHOUT ROWID;
        CREATE INDEX usage_days_day ON usage_days (day);
        """
}
