-- Whether secrets are sealed, and by which key: one row, with a value that only the right key opens.
CREATE TABLE vault (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    key BLOB NOT NULL,
    proof BLOB NOT NULL
) STRICT;
