-- How each webhook fares, in its lane: shared by all processes, and kept over restarts (health.rs of the domain).
-- The columns from `failing_since` to `warned` are about the failures since the last success.

ALTER TABLE lanes ADD COLUMN standing INTEGER NOT NULL DEFAULT 1; -- follows from the others; has an index
ALTER TABLE lanes ADD COLUMN proven INTEGER NOT NULL DEFAULT 0;   -- has succeeded since its last fresh start
ALTER TABLE lanes ADD COLUMN failing_since INTEGER;
ALTER TABLE lanes ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lanes ADD COLUMN failed_events INTEGER NOT NULL DEFAULT 0; -- different ones, counted up to 3
ALTER TABLE lanes ADD COLUMN failed_event INTEGER;                     -- the first of them, while there are less
ALTER TABLE lanes ADD COLUMN other_failed_event INTEGER;               -- the second
ALTER TABLE lanes ADD COLUMN pauses INTEGER NOT NULL DEFAULT 0;        -- how many the breaker has made
ALTER TABLE lanes ADD COLUMN paused_until INTEGER;
ALTER TABLE lanes ADD COLUMN warned INTEGER;
ALTER TABLE lanes ADD COLUMN asked_until INTEGER; -- the receiver's own wish

UPDATE lanes SET
    standing = CASE WHEN last_failed THEN 2 WHEN last_success_at IS NOT NULL THEN 0 ELSE 1 END,
    proven = last_success_at IS NOT NULL,
    failing_since = CASE WHEN last_failed THEN last_attempt_at END,
    failures = CASE WHEN last_failed THEN 1 ELSE 0 END,
    failed_events = CASE WHEN last_failed THEN 1 ELSE 0 END,
    failed_event = CASE WHEN last_failed THEN 0 END;
ALTER TABLE lanes DROP COLUMN last_failed;

-- From when on the lane's work can be claimed: claims read the lanes in this order, each standing by itself.
ALTER TABLE lanes ADD COLUMN ready_at INTEGER GENERATED ALWAYS AS
    (max(next_due, coalesce(asked_until, next_due), coalesce(paused_until, next_due))) VIRTUAL;
DROP INDEX lanes_by_due;
CREATE INDEX lanes_by_ready ON lanes (standing, ready_at) WHERE state = 1 AND next_due IS NOT NULL;

-- Tells by itself which webhooks have how many requests in flight.
DROP INDEX work_claimed;
CREATE INDEX work_claimed ON work (claim, webhook, kind) WHERE claim IS NOT NULL;

ALTER TABLE webhooks ADD COLUMN disabled_at INTEGER;
UPDATE webhooks SET disabled_at = updated_at WHERE NOT enabled;
