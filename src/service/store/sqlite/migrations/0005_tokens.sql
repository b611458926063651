-- Tokens of people and pipelines. A revoked one is gone; the audit log remembers it.
CREATE TABLE tokens (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,        -- JSON: a list of scopes
    digest BLOB NOT NULL UNIQUE, -- SHA-256 of its text
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER         -- to a minute
) STRICT;
-- The generation of the list, not of when each was used.
INSERT INTO sequences (name, value) VALUES ('tokens', 0);
