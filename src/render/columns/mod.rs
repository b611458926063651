//! The columns of each type, defined once. A test checks that every field of the JSON form has one. Nothing here knows
//! about output formats.

mod attempt;
mod audit;
mod catalogue;
mod delivery;
mod event;
mod received;
mod recovery;
#[cfg(test)]
mod samples;
mod source;
mod state;
mod stats;
mod token;
mod webhook;
mod widths;

pub use attempt::{of_last_attempts, of_tries};
pub use received::why;
pub use source::{conditions, neediest_first};
pub use state::{State, worst_first};
pub use webhook::{events, version};

#[cfg(test)]
pub(crate) use samples::{attempt as sample_attempt, source as sample_source, webhook};
