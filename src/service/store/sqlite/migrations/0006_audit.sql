-- Who changed what, append-only. Each row is written in the transaction of its change.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,  -- as it was called then
    token BLOB,           -- the id of the token it was done with
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    target_name TEXT,
    before TEXT,          -- JSON, without secrets
    after TEXT,           -- JSON, without secrets
    request_id TEXT
) STRICT;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
