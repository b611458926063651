-- Finished attempts, tests left out, of one webhook or of all of them (webhook 0): what error rates over long windows
-- are summed up from. A bucket's number is seconds since 1970 / 300 / span; spans are five minutes (1), hours (12) and
-- days (288).
CREATE TABLE totals (
    span INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    webhook INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    PRIMARY KEY (span, bucket, webhook)
) STRICT, WITHOUT ROWID;

-- An outcome's code is 1,000 and more when the attempt failed.
INSERT INTO totals (span, bucket, webhook, attempts, failed)
    SELECT 1, bucket, webhook, sum(attempts), sum(attempts * (outcome >= 1000)) FROM counters_five_minutes
    GROUP BY bucket, webhook;
INSERT INTO totals (span, bucket, webhook, attempts, failed)
    SELECT 12, bucket, webhook, sum(attempts), sum(attempts * (outcome >= 1000)) FROM counters_hours
    GROUP BY bucket, webhook;
INSERT INTO totals (span, bucket, webhook, attempts, failed)
    SELECT 288, bucket / 24, webhook, sum(attempts), sum(failed) FROM totals WHERE span = 12
    GROUP BY bucket / 24, webhook;
INSERT INTO totals (span, bucket, webhook, attempts, failed)
    SELECT span, bucket, 0, sum(attempts), sum(failed) FROM totals GROUP BY span, bucket;
