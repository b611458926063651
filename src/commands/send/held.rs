//! The reasons why deliveries are not tried although nobody refused them: their webhook is paused or disabled.

use crate::domain::{time::Timestamp, webhook::Webhook};

/// The reason why nothing is sent to a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// Nothing is sent before this time.
    Paused(Timestamp),
    /// Nothing is sent before somebody enables it.
    Disabled,
}

impl Hold {
    pub(super) fn of(webhook: &Webhook, now: Timestamp) -> Option<Self> {
        if !webhook.enabled {
            return Some(Hold::Disabled);
        }
        webhook.held_until.map(Hold::Paused).filter(|hold| hold.holds(now))
    }

    /// Whether it still applies.
    pub(super) fn holds(self, now: Timestamp) -> bool {
        match self {
            Hold::Disabled => true,
            Hold::Paused(until) => until > now,
        }
    }

    /// Whether waiting is useless: a pause ends by itself, but that does not help if `idle` says that nobody delivers.
    pub(super) fn keeps(self, idle: bool, now: Timestamp) -> bool {
        self.holds(now) && (idle || self == Hold::Disabled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_webhook;

    #[test]
    fn a_disabled_webhook_holds_for_good_and_a_pause_for_its_time() {
        let now = Timestamp::from_seconds(1_000);
        let hold = |enabled, held_until: Option<i64>| {
            let held_until = held_until.map(Timestamp::from_seconds);
            Hold::of(&Webhook { enabled, held_until, ..sample_webhook("wh_k3v9m2x7qd", "Payroll") }, now)
        };
        assert_eq!((hold(true, None), hold(true, Some(1_000))), (None, None));
        assert_eq!(hold(true, Some(1_001)), Some(Hold::Paused(Timestamp::from_seconds(1_001))));
        assert_eq!((hold(false, None), hold(false, Some(1_060))), (Some(Hold::Disabled), Some(Hold::Disabled)));
        assert!(Hold::Disabled.keeps(false, now));
        let paused = hold(true, Some(1_060)).unwrap();
        assert!(paused.keeps(true, now) && !paused.keeps(false, now));
        assert!(!paused.keeps(true, Timestamp::from_seconds(1_060)));
    }
}
