//! How fast events are sent.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior};

/// Never faster, and not faster afterwards where something took long.
pub(super) fn paced(between: Duration) -> Interval {
    let mut pace = tokio::time::interval(between);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pace
}
