-- Times are microseconds since 1970 in UTC. Ids are the sixteen bytes of a UUID, webhooks' ids are text. Every
-- `number` rises and is never used again (AUTOINCREMENT): lists are paged by it, and rows refer to each other by it.
-- Enumerations are small integers; their meaning is in codes.rs.
-- Foreign keys are not declared: each would cost a lookup for every row written, and no row is deleted by cascade.

CREATE TABLE settings (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    global_version INTEGER
) STRICT;
INSERT INTO settings (only_row) VALUES (1);

-- Numbers that are no row's own: the last claim, the generation of everything that decides which webhook gets an event in
-- which version, and of the list of tokens, the first hour and day whose durations are not all folded away yet, and which
-- hours are summed up (rules/rollup/window.rs).
CREATE TABLE sequences (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO sequences (name, value) VALUES
    ('claim', 0), ('subscriptions', 0), ('tokens', 0), ('folded', 0), ('folded days', 0), ('summed', 0);

-- A deleted webhook's row stays for its history, without its secrets and headers.
CREATE TABLE webhooks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,  -- JSON: a list of filters
    headers TEXT NOT NULL, -- JSON: an object of texts
    -- JSON: an object with what was set of scheme, timeout, retry schedule, rate, order, content type, success, where,
    -- template and preset; what is absent has its default.
    settings TEXT NOT NULL DEFAULT '{}',
    enabled INTEGER NOT NULL,
    disabled_reason TEXT,
    pinned_version INTEGER,
    secret BLOB NOT NULL,
    previous_secret BLOB,
    previous_expires_at INTEGER,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    disabled_at INTEGER
) STRICT;
CREATE UNIQUE INDEX webhooks_by_name ON webhooks (name) WHERE deleted_at IS NULL;

CREATE TRIGGER webhook_added AFTER INSERT ON webhooks BEGIN
    UPDATE sequences SET value = value + 1 WHERE name = 'subscriptions';
END;
CREATE TRIGGER webhook_changed AFTER UPDATE ON webhooks BEGIN
    UPDATE sequences SET value = value + 1 WHERE name = 'subscriptions';
END;
CREATE TRIGGER settings_changed AFTER UPDATE ON settings BEGIN
    UPDATE sequences SET value = value + 1 WHERE name = 'subscriptions';
END;

-- What changes with every attempt, apart from the wide rows that seldom do: the webhook's lane of waiting work, and how
-- it fares (health.rs of the domain), shared by all processes and kept over restarts. The columns from `failing_since` to
-- `warned` are about the failures since the last success.
CREATE TABLE lanes (
    webhook INTEGER PRIMARY KEY,
    state INTEGER NOT NULL, -- only work of enabled webhooks is claimed
    next_due INTEGER,       -- not after the first row of `work` that nobody has claimed is due; null when there is none
    held_until INTEGER,     -- nothing is claimed before; follows from `asked_until` and `paused_until`
    last_attempt_at INTEGER,
    standing INTEGER NOT NULL DEFAULT 1, -- follows from the others; has an index
    proven INTEGER NOT NULL DEFAULT 0,   -- has succeeded since its last fresh start
    failing_since INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    failed_events INTEGER NOT NULL DEFAULT 0, -- different ones, counted up to 3
    failed_event INTEGER,                     -- the first of them, while there are less
    other_failed_event INTEGER,               -- the second
    pauses INTEGER NOT NULL DEFAULT 0,        -- how many the breaker has made
    paused_until INTEGER,
    warned INTEGER,
    asked_until INTEGER, -- the receiver's own wish
    -- From when on the lane's work can be claimed: claims read the lanes in this order, each standing by itself.
    ready_at INTEGER GENERATED ALWAYS AS (max(next_due, coalesce(held_until, next_due))) VIRTUAL
) STRICT;
CREATE INDEX lanes_by_ready ON lanes (standing, ready_at) WHERE state = 1 AND next_due IS NOT NULL;

-- Every type of which an event was taken in: rows have its number, as there may be any number of types.
CREATE TABLE event_types (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of acceptance
    id BLOB NOT NULL,
    source INTEGER NOT NULL DEFAULT 0, -- where it came in from; 0: it is our own
    type INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    digest INTEGER NOT NULL, -- of the content: the same id with another one is refused (content.rs)
    body BLOB,               -- its v1 body, packed (body.rs); null when it is no longer kept
    given BLOB,              -- in which order its fields were given; null: in that of the body
    occurred_at INTEGER,     -- null: when it was accepted
    sequence INTEGER,        -- a source's own; null of our own events, whose number it is
    dispatched_at INTEGER,   -- a source's own; null of our own events: when it was accepted
    UNIQUE (id, source)
) STRICT;
CREATE INDEX events_by_type ON events (type);

-- Frozen bodies that are not their event's own v1 body: one for all webhooks that get the same bytes.
CREATE TABLE bodies (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event INTEGER NOT NULL,
    version INTEGER,     -- the version whose format it is in; null when it is in none's
    content_type TEXT,   -- null: JSON
    body BLOB NOT NULL   -- packed
) STRICT;
CREATE INDEX bodies_by_event ON bodies (event);

CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    event INTEGER NOT NULL,
    webhook INTEGER NOT NULL,
    version INTEGER,         -- whose format its body is in; null when it is in none's
    body INTEGER,            -- its row in `bodies`; null: its event's own v1 body
    kind INTEGER NOT NULL,   -- why it was made: the kind of its first attempt
    status INTEGER NOT NULL, -- a pending one of a deleted webhook counts as cancelled
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    recovery INTEGER -- the last recovery that made it, or made it due again
) STRICT;
CREATE INDEX deliveries_by_event ON deliveries (event);
CREATE INDEX deliveries_exhausted ON deliveries (finished_at) WHERE status = 2 AND kind <> 5;

-- Work in progress: one row a pending delivery, gone when it has ended.
CREATE TABLE work (
    delivery INTEGER PRIMARY KEY,
    webhook INTEGER NOT NULL,
    event_type INTEGER NOT NULL,
    kind INTEGER NOT NULL,   -- of the attempt that is next, or in flight
    try INTEGER NOT NULL,    -- its number
    due_at INTEGER NOT NULL,
    attempt BLOB,            -- its id; kept when a claim is freed: the same try is made again
    claim INTEGER,           -- null while nobody has claimed it
    claimed_at INTEGER,
    instance INTEGER,
    recovery INTEGER,        -- which counts how the next try ends
    ends_as INTEGER          -- how the delivery ends when the next try fails; null: by its schedule
) STRICT;
CREATE INDEX work_waiting ON work (webhook, due_at) WHERE claim IS NULL;
-- Tells by itself which webhooks have how many requests in flight.
CREATE INDEX work_claimed ON work (claim, webhook, kind) WHERE claim IS NOT NULL;
CREATE INDEX work_cut_short ON work (attempt) WHERE claim IS NULL AND attempt IS NOT NULL;

-- Finished attempts, append-only. `facet` packs event type, kind and outcome (facet.rs): pages with any filter are
-- merged from the few facets that pass it, so that one index serves them all.
CREATE TABLE attempts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    delivery INTEGER NOT NULL,
    webhook INTEGER NOT NULL,
    facet INTEGER NOT NULL,
    try INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    error TEXT,
    error_detail TEXT,
    started_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    exchange BLOB -- what was sent and what came back, packed (exchange.rs); null when it is no longer kept
) STRICT;
CREATE INDEX attempts_by_delivery ON attempts (delivery);
CREATE INDEX attempts_by_webhook ON attempts (webhook, facet);
CREATE INDEX attempts_by_facet ON attempts (facet);

-- From when to when the rows of each block of numbers are: blocks of 64 numbers on level 1, of 64 blocks of the level
-- below on the levels above. Finds where a time begins in a list that is ordered by number.
CREATE TABLE time_blocks (
    timeline INTEGER NOT NULL,
    level INTEGER NOT NULL,
    block INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    PRIMARY KEY (timeline, level, block)
) STRICT, WITHOUT ROWID;

-- Finished attempts, tests left out, counted by the time of their end: in five minutes (span 1) and in hours (span 12).
-- Sums of hours that are over have 0 for what they sum: hours of all webhooks, and days (span 288) of a webhook over all
-- types.
-- `slot` packs how they ended and a class of how long they took (rules/rollup/slot.rs); in old hours it has no class any
-- more. The bucket comes early, so that the rows that are written now lie side by side, and so do those that are dropped
-- one day.
CREATE TABLE rollups (
    span INTEGER NOT NULL,
    bucket INTEGER NOT NULL, -- seconds since 1970 / 300 / span
    webhook INTEGER NOT NULL,
    type INTEGER NOT NULL,   -- of the event
    slot INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (span, bucket, webhook, type, slot)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE instances (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    joined_at INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency_keys (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    fingerprint BLOB NOT NULL,
    answer TEXT NOT NULL, -- JSON, never a secret
    created_at INTEGER NOT NULL
) STRICT;

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

-- Whether secrets are sealed, and by which key: one row, with a value that only the right key opens.
CREATE TABLE vault (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    key BLOB NOT NULL,
    proof BLOB NOT NULL
) STRICT;
