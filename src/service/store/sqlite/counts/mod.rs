//! Finished attempts and waiting deliveries as counts, and what is told from them.

pub mod overview;
pub mod rollups;
pub mod stats;
