//! Counts finished attempts and waiting deliveries, and computes statistics from the counts. Rules about windows and
//! classes belong in `rules::rollup`.

pub mod overview;
pub mod rollups;
pub mod stats;
