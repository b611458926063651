//! The flags that say how often something comes from a source.

use std::time::Duration;

use crate::{
    commands::arguments::some_duration,
    domain::{calendar::Zone, source::Weekdays},
};

/// How often something comes.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Expectation {
    /// The longest silence that is not remarkable, such as 24h: from 1m to 90d
    #[arg(long, value_name = "DURATION", value_parser = some_duration)]
    pub(super) expect_within: Option<Duration>,
    /// The days that count for it, such as mon-fri or mon-wed,sat (default: all)
    #[arg(long, value_name = "DAYS")]
    pub(super) expect_days: Option<Weekdays>,
    /// The time zone of these days, such as Europe/Berlin (default: UTC)
    #[arg(long, value_name = "ZONE")]
    pub(super) time_zone: Option<Zone>,
}

impl Expectation {
    /// The longest silence in seconds. A part of a second counts as one.
    pub(super) fn within_seconds(&self) -> Option<u64> {
        self.expect_within.map(|within| within.as_secs() + u64::from(within.subsec_nanos() > 0))
    }
}
