//! The arguments of `tm-hooks retry`.

use std::time::Duration;

use crate::commands::arguments::{Moment, rate, some_duration};

/// Try again: attempts, events, or all that failed
///
/// Name attempts, deliveries or events, or use --failed for all that was not delivered. A retry always runs, also for a
/// disabled webhook or a finished delivery, and replaces the planned try. If it fails, a delivery with tries left
/// continues its schedule; a finished one is not tried again.
///
/// --failed covers a window of time: deliveries whose last try failed in it, and events that came in it while a webhook
/// was disabled and that have no delivery. It shows how many there are and asks first; --yes answers, and --dry-run
/// only counts and never asks, not even on a protected profile. A service does it in the background and survives a
/// crash; `tm-hooks show rc_…` shows its progress. It leaves out deliveries that wait for their next try, for the end
/// of a pause or for their webhook to be enabled, and says how many they are, until when they wait, and what ends the
/// wait.
///
/// --wait waits until each was tried once, and exits with 10 if all failed, or 11 if some did. The service inside this
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
    /// The event's source, if events of several sources have its id
    #[arg(long, value_name = "NAME", conflicts_with = "failed")]
    pub(super) source: Option<String>,
    /// Retry all that was not delivered since --since
    #[arg(long, requires = "since")]
    pub(super) failed: bool,
    /// Only what failed or came since then: 2h (ago), 2026-11-23 (in UTC), or a time in RFC 3339
    #[arg(long, value_name = "WHEN", requires = "failed")]
    pub(super) since: Option<Moment>,
    /// Only what failed or came before then (default: now)
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
    /// Wait at most this long (default: 60s; with --failed as long as it takes)
    #[arg(long, value_name = "DURATION", value_parser = some_duration)]
    pub(super) timeout: Option<Duration>,
}

impl Args {
    /// Whether something is retried, instead of only counted.
    pub(in crate::commands) fn changes(&self) -> bool {
        !self.dry_run
    }
}
