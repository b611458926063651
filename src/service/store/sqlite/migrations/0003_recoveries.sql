-- Bulk retries: jobs that go through failed deliveries, then through events, step by step. What a step makes and how
-- far it came are committed together.
CREATE TABLE recoveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    status INTEGER NOT NULL,
    stage INTEGER NOT NULL,           -- what it looks through now
    webhook INTEGER,                  -- the only one it is for, when it is for one
    targets TEXT NOT NULL,            -- JSON: the numbers of the webhooks it is for
    what INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    rate REAL,                        -- deliveries a second
    next_due INTEGER NOT NULL,        -- when the next delivery it makes is due at the earliest
    failed_at INTEGER NOT NULL,       -- behind this end and number of a failed delivery it goes on
    failed_number INTEGER NOT NULL,
    next_event INTEGER NOT NULL,      -- from this event on
    events_end INTEGER NOT NULL,      -- up to this one, which is left out
    looked INTEGER NOT NULL DEFAULT 0,
    made INTEGER NOT NULL DEFAULT 0,
    succeeded INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX recoveries_to_advance ON recoveries (number) WHERE status = 0 AND stage < 2;

ALTER TABLE deliveries ADD COLUMN recovery INTEGER; -- the last recovery that made it, or made it due again
CREATE INDEX deliveries_exhausted ON deliveries (finished_at) WHERE status = 2 AND kind <> 5;

ALTER TABLE work ADD COLUMN recovery INTEGER; -- which counts how the next try ends
ALTER TABLE work ADD COLUMN ends_as INTEGER;  -- how the delivery ends when the next try fails; null: by its schedule
