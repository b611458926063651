//! What the store decides, as functions of values: no statement of any database, and so the same for all of them.

pub(super) mod outcome;
pub(super) mod rollup;
