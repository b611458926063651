-- Times are microseconds since 1970 in UTC. Ids are the sixteen bytes of a UUID; webhooks' ids are text. Every `number`
-- rises and is never reused (AUTOINCREMENT): lists are paged by it, and rows refer to each other by it. Enumerations
-- are small integers whose meaning is in rules/codes.rs. Foreign keys are not declared, because each would cost a
-- look-up for every written row, and no row is deleted by cascade.

CREATE TABLE settings (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    global_version INTEGER
) STRICT;
INSERT INTO settings (only_row) VALUES (1);

-- Numbers that belong to no row: the last claim; the generations of subscriptions and of the sources; the first hour
-- and the first day whose durations are not all folded; and how far hours are summed up (rules/rollup/window.rs).
CREATE TABLE sequences (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO sequences (name, value) VALUES
    ('claim', 0), ('subscriptions', 0), ('sources', 0), ('folded', 0), ('folded days', 0), ('summed', 0);

-- A deleted webhook's row stays for its history, without secrets and headers.
CREATE TABLE webhooks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,  -- JSON: a list of filters
    headers TEXT NOT NULL, -- JSON: an object of texts
    -- JSON: an object with the given settings (scheme, timeout, retry schedule, rate, order, content type, success, where,
    -- template, preset); an absent one has its default.
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

-- The values that change with every attempt, apart from the wide rows that seldom change: the webhook's queue of
-- waiting work and its health (health.rs of the domain), shared by all processes and kept over restarts. The columns
-- from `failing_since` to `warned` are about the failures since the last success.
CREATE TABLE webhook_queues (
    webhook INTEGER PRIMARY KEY,
    state INTEGER NOT NULL, -- only work of enabled webhooks is claimed
    next_due INTEGER,       -- at or before the earliest due time of unclaimed `work`; null if there is none
    held_until INTEGER,     -- nothing is claimed before; derived from `asked_until` and `paused_until`
    last_attempt_at INTEGER,
    standing INTEGER NOT NULL DEFAULT 1, -- derived from the others; indexed
    proven INTEGER NOT NULL DEFAULT 0,   -- whether it has succeeded since its last fresh start
    failing_since INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    failed_events INTEGER NOT NULL DEFAULT 0, -- the number of different failed events, up to 3
    failed_event INTEGER,                     -- the first failed event, while there are fewer
    other_failed_event INTEGER,               -- the second failed event
    pauses INTEGER NOT NULL DEFAULT 0,        -- how many pauses the breaker has made
    paused_until INTEGER,
    warned INTEGER,
    asked_until INTEGER, -- the time that the receiver asked for
    -- The time from which the queue's work can be claimed. Claims read the queues in this order, separately for each
    -- standing.
    ready_at INTEGER GENERATED ALWAYS AS (max(next_due, coalesce(held_until, next_due))) VIRTUAL
) STRICT;
CREATE INDEX webhook_queues_by_ready ON webhook_queues (standing, ready_at) WHERE state = 1 AND next_due IS NOT NULL;

-- All types of accepted events. Rows have the number of a type, because there may be any number of types.
CREATE TABLE event_types (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of acceptance
    id ANY NOT NULL, -- sixteen bytes where it is `tm_` and 32 lower-case hex digits, else its text
    source INTEGER NOT NULL DEFAULT 0, -- where it came from; 0: this service
    type INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    digest INTEGER NOT NULL, -- of the content: the same id with another digest is refused (content.rs)
    body BLOB,               -- its v1 body, packed (body.rs); null when it is no longer kept
    given BLOB,              -- the order in which its fields were given; null: the body's order
    occurred_at INTEGER,     -- null: `accepted_at`
    sequence INTEGER,        -- the source's; null for this service's events, whose number it is
    dispatched_at INTEGER,   -- the source's; null for this service's events: `accepted_at`
    UNIQUE (id, source)
) STRICT;
CREATE INDEX events_by_type ON events (type);
CREATE INDEX events_by_source ON events (source, sequence) WHERE source <> 0;

-- Contents that other than the first came with an event's id from its source, by their digests, so that each counts
-- once. They go with their event.
CREATE TABLE event_changes (
    event INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    PRIMARY KEY (event, digest)
) STRICT, WITHOUT ROWID;

-- A deleted source's row stays for its events, without its secret.
CREATE TABLE sources (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    scheme TEXT NOT NULL,  -- as it was chosen or found; `learn` as long as it is not known
    found TEXT NOT NULL,   -- JSON: the schemes that were found, as long as requests do not tell them apart
    secret BLOB,
    settings TEXT NOT NULL, -- JSON: what was set besides (rules/source.rs)
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX sources_by_name ON sources (name) WHERE deleted_at IS NULL;

CREATE TRIGGER source_added AFTER INSERT ON sources BEGIN
    UPDATE sequences SET value = value + 1 WHERE name = 'sources';
END;
CREATE TRIGGER source_changed AFTER UPDATE ON sources BEGIN
    UPDATE sequences SET value = value + 1 WHERE name = 'sources';
END;

-- What came to the sources' addresses. Each class of a source is a ring: its newest rows are kept, as many as
-- rules/source.rs says.
CREATE TABLE received (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    source INTEGER NOT NULL,
    class INTEGER NOT NULL, -- 0: genuine; 1: genuine, and changed an event; 2: refused
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER NOT NULL,
    reason TEXT,
    event_id TEXT,
    event_type TEXT,
    sequence INTEGER,
    size INTEGER NOT NULL,
    address TEXT,
    request BLOB -- packed JSON; null where it is not kept
) STRICT;
CREATE INDEX received_by_source ON received (source, class);
CREATE INDEX received_refused ON received (at) WHERE class = 2;

-- How many requests of a source were refused in each hour.
CREATE TABLE refusals (
    source INTEGER NOT NULL,
    hour INTEGER NOT NULL, -- hours since 1970
    requests INTEGER NOT NULL,
    PRIMARY KEY (source, hour)
) STRICT, WITHOUT ROWID;

-- Genuine requests of sources whose scheme is not confirmed. They become events when it is.
CREATE TABLE kept_requests (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    source INTEGER NOT NULL,
    digest INTEGER NOT NULL, -- of the body
    at INTEGER NOT NULL,
    schemes TEXT NOT NULL,   -- JSON: the schemes that explain it
    body BLOB NOT NULL,      -- packed
    UNIQUE (source, digest)
) STRICT;

-- What events of sources have unlike the known format. It names fields, and no values.
CREATE TABLE departures (
    source INTEGER NOT NULL,
    type TEXT NOT NULL,
    field TEXT NOT NULL,
    what TEXT NOT NULL, -- of the first event
    events INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (source, type, field)
) STRICT, WITHOUT ROWID;

-- Frozen bodies other than their event's own v1 body: one row for all webhooks that get the same bytes.
CREATE TABLE bodies (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event INTEGER NOT NULL,
    version INTEGER,     -- the version of its format; null if it has no version's format
    content_type TEXT,   -- null: JSON
    body BLOB NOT NULL   -- packed
) STRICT;
CREATE INDEX bodies_by_event ON bodies (event);

CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    event INTEGER NOT NULL,
    webhook INTEGER NOT NULL,
    version INTEGER,         -- the version of its body's format; null if it has no version's format
    body INTEGER,            -- the row in `bodies`; null: the event's own v1 body
    kind INTEGER NOT NULL,   -- the kind of its first attempt
    status INTEGER NOT NULL, -- a pending delivery of a deleted webhook counts as cancelled
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    recovery INTEGER -- the last recovery that made or retried it
) STRICT;
CREATE INDEX deliveries_by_event ON deliveries (event);
CREATE INDEX deliveries_exhausted ON deliveries (finished_at) WHERE status = 2 AND kind <> 5;

-- Work in progress: one row for each pending delivery, deleted when the delivery has ended.
CREATE TABLE work (
    delivery INTEGER PRIMARY KEY,
    webhook INTEGER NOT NULL,
    event_type INTEGER NOT NULL,
    kind INTEGER NOT NULL,   -- of the next attempt or the one in flight
    try INTEGER NOT NULL,    -- the attempt's number
    due_at INTEGER NOT NULL,
    attempt BLOB,            -- the attempt's id; kept when a claim is freed, because the same attempt is made again
    claim INTEGER,           -- null while unclaimed
    claimed_at INTEGER,
    instance INTEGER,
    recovery INTEGER,        -- the recovery that counts the next attempt's result
    ends_as INTEGER          -- the delivery's status if the next attempt fails; null: by its schedule
) STRICT;
CREATE INDEX work_waiting ON work (webhook, due_at) WHERE claim IS NULL;
-- This index alone tells how many requests each webhook has in flight.
CREATE INDEX work_claimed ON work (claim, webhook, kind) WHERE claim IS NOT NULL;
CREATE INDEX work_cut_short ON work (attempt) WHERE claim IS NULL AND attempt IS NOT NULL;

-- Finished attempts, append-only. `facet` packs event type, kind and outcome (rules/facet.rs): pages with any filter
-- are merged from the few facets that match, so that one index serves all filters.
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
    exchange BLOB -- request and answer, packed (exchange.rs); null when no longer kept
) STRICT;
CREATE INDEX attempts_by_delivery ON attempts (delivery);
CREATE INDEX attempts_by_webhook ON attempts (webhook, facet);
CREATE INDEX attempts_by_facet ON attempts (facet);

-- The range of times of each block of numbers: level 1 has blocks of 64 numbers, each higher level blocks of 64 blocks
-- of the level below. They find a time in a list that is ordered by number.
CREATE TABLE time_blocks (
    timeline INTEGER NOT NULL,
    level INTEGER NOT NULL,
    block INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    PRIMARY KEY (timeline, level, block)
) STRICT, WITHOUT ROWID;

-- How far tidying has come through each list that grows (retention/sweep.rs), so that a new process goes on where the
-- last one was.
CREATE TABLE sweeps (
    list INTEGER PRIMARY KEY,
    -- The number of the row to continue at.
    next INTEGER NOT NULL,
    under_way INTEGER NOT NULL,
    -- In the pass under way: the first row that has not expired, and the first that a pending delivery kept.
    first_young INTEGER,
    first_held INTEGER,
    -- The first row that a pending delivery kept in passes before, and when such rows were last looked at.
    again_from INTEGER,
    again_at INTEGER
) STRICT;

-- Finished attempts without tests, counted by the time of their end: in five minutes (span 1) and in hours (span 12).
-- Sums of past hours have 0 for what they sum over: hours over all webhooks, and days (span 288) of a webhook over all
-- types. `slot` packs the outcome and the class of the duration (rules/rollup/slot.rs); in old hours it has no class.
-- The bucket comes early in the key, so that the rows of one time are adjacent, both when written and when deleted.
CREATE TABLE rollups (
    span INTEGER NOT NULL,
    bucket INTEGER NOT NULL, -- seconds since 1970 / 300 / span
    webhook INTEGER NOT NULL,
    type INTEGER NOT NULL,   -- of the event
    slot INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (span, bucket, webhook, type, slot)
) STRICT, WITHOUT ROWID;

-- Recoveries: jobs that go through failed deliveries and then through events, step by step. A step's deliveries and its
-- progress are committed together.
CREATE TABLE recoveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    status INTEGER NOT NULL,
    stage INTEGER NOT NULL,           -- what it is working through
    webhook INTEGER,                  -- the only webhook that it covers, if it covers one
    targets TEXT NOT NULL,            -- JSON: the numbers of the webhooks that it covers
    what INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    rate REAL,                        -- deliveries a second
    next_due INTEGER NOT NULL,        -- the earliest due time of its next delivery
    failed_at INTEGER NOT NULL,       -- it continues after the failed delivery with this end
    failed_number INTEGER NOT NULL,   -- and with this number
    next_event INTEGER NOT NULL,      -- it continues with this event
    events_end INTEGER NOT NULL,      -- it ends before this event
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

-- Tokens of people and pipelines. A revoked token's row is deleted; the audit log keeps its name.
CREATE TABLE tokens (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,        -- JSON: a list of scopes
    digest BLOB NOT NULL UNIQUE, -- SHA-256 of its text
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER         -- accurate to a minute
) STRICT;

-- Who changed what, append-only. Each row is written in the transaction of its change.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,  -- the actor's name at that time
    token BLOB,           -- the id of the token that was used
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

-- The key that secrets are encrypted with: at most one row, with a value that only this key decrypts.
CREATE TABLE secret_key (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    key BLOB NOT NULL,
    proof BLOB NOT NULL
) STRICT;
