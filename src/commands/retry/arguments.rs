//! The arguments of `tm-hooks retry`.

use std::time::Duration;

use crate::commands::arguments::{Moment, rate, some_duration};

/// Try again: attempts, events, or all that failed
///
/// Attempts, deliveries and events are named; --failed means all that was not delivered. A retry always runs: on a
/// disabled webhook too, and whatever became of the delivery before. It replaces the try that was planned. When it
/// fails, a delivery with tries left goes on with its schedule; one that had ended is not tried again.
///
/// With --failed it goes through a window of time: deliveries whose last try failed in it, and events that came in it
/// while a webhook was disabled, for which no delivery was made. It asks first, and shows how many; --yes answers, and
/// --dry-run only counts and asks nothing, on a protected profile neither. A service does it in the background and
/// survives a crash; `tm-hooks show rc_…` tells how far it is. Deliveries that wait for their next try, for the end of a
/// pause or for their webhook to be enabled are left to that; it says how many they are, until when, and what ends it.
///
/// --wait waits until each was tried once, and exits with 10 when all failed, 11 when some did; the service inside this
/// program always waits, as it delivers only while a command runs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks retry at_06f8k2v0c1q4jt3xw9b7n5m8ed --wait
  tm-hooks retry tm_0199c1d2e3f4758697a8b9cadbecfd0e
  tm-hooks retry --failed Payroll --since 2d --dry-run
  tm-hooks retry --failed --since 2026-11-23T08:00:00Z --until 2h --rate 10/s --yes --wait")]
pub struct Args {
    /// Attempts, deliveries or events; with --failed a webhook; a terminal asks for an attempt
    #[arg(value_name = "ID", required_unless_present = "failed")]
    pub(super) things: Vec<String>,
    /// All that was not delivered since --since
    #[arg(long, requires = "since")]
    pub(super) failed: bool,
    /// What failed or came since then: 2h (ago), 2026-11-23 (in UTC), or a time in RFC 3339
    #[arg(long, value_name = "WHEN", requires = "failed")]
    pub(super) since: Option<Moment>,
    /// What failed or came before then (default: now)
    #[arg(long, value_name = "WHEN", requires = "failed")]
    pub(super) until: Option<Moment>,
    /// Only count
    #[arg(long, requires = "failed")]
    pub(super) dry_run: bool,
    /// Deliver at this rate at most: 10/s, 90/m
    #[arg(long, value_name = "RATE", value_parser = rate, requires = "failed")]
    pub(super) rate: Option<Duration>,
    /// Wait until each was tried once
    #[arg(long)]
    pub(super) wait: bool,
    /// Wait so long, at most (default: 60s; with --failed as long as it takes)
    #[arg(long, value_name = "DURATION", value_parser = some_duration)]
    pub(super) timeout: Option<Duration>,
}

impl Args {
    /// Whether something is retried, instead of only counted.
    pub(in crate::commands) fn changes(&self) -> bool {
        !self.dry_run
    }
}
