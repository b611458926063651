//! Decides when a delivery may be sent: when it is due and nothing holds its webhook.

use crate::domain::{
    health::{Breaker, Standing, breaker},
    time::Timestamp,
};

/// When a delivery due at `due_at` may be sent to a webhook that is held until `held_until`.
pub fn ready_at(due_at: Timestamp, held_until: Option<Timestamp>) -> Timestamp {
    held_until.map_or(due_at, |until| until.max(due_at))
}

/// What decides when a webhook's deliveries may be sent.
#[derive(Debug, Clone, Copy)]
pub struct WebhookQueue {
    /// Whether the webhook is enabled, and not deleted.
    pub is_open: bool,
    /// How its recent attempts went.
    pub standing: Standing,
    /// The number of failures since its last success.
    pub failures: u32,
    /// A time no later than the due time of its first waiting delivery; none if nothing waits.
    pub next_due: Option<Timestamp>,
    /// The time until which nothing is sent.
    pub held_until: Option<Timestamp>,
}

impl WebhookQueue {
    /// When a waiting delivery is sent; none while the webhook is disabled.
    pub fn next_try(&self, due_at: Timestamp) -> Option<Timestamp> {
        self.is_open.then(|| ready_at(due_at, self.held_until))
    }

    /// Whether a new delivery may be sent at once: the webhook is healthy and not held, and nothing waits that it would
    /// overtake.
    pub fn is_clear(&self, now: Timestamp) -> bool {
        self.is_open && self.standing == Standing::Proven && self.next_due.is_none() && !self.is_held(now)
    }

    /// Whether nothing is sent now, even if it is due.
    pub fn is_held(&self, now: Timestamp) -> bool {
        self.held_until.is_some_and(|until| until > now)
    }

    /// Whether the breaker is open, so that the webhook is only probed.
    pub fn is_broken(&self) -> bool {
        breaker(self.failures) == Breaker::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    const CLEAR: WebhookQueue =
        WebhookQueue { is_open: true, standing: Standing::Proven, failures: 0, next_due: None, held_until: None };

    #[test]
    fn work_is_sent_when_it_is_due_and_its_webhook_not_held() {
        assert_eq!(ready_at(at(5), None), at(5));
        assert_eq!((ready_at(at(5), Some(at(4))), ready_at(at(5), Some(at(9)))), (at(5), at(9)));
        let held = WebhookQueue { held_until: Some(at(9)), ..CLEAR };
        assert_eq!((held.next_try(at(5)), held.next_try(at(12))), (Some(at(9)), Some(at(12))));
        assert_eq!(WebhookQueue { is_open: false, ..held }.next_try(at(5)), None);
        assert_eq!((held.is_held(at(8)), held.is_held(at(9))), (true, false));
    }

    #[test]
    fn only_a_webhook_that_is_well_and_has_nothing_waiting_is_sent_to_at_once() {
        assert!(CLEAR.is_clear(at(0)) && WebhookQueue { held_until: Some(at(0)), ..CLEAR }.is_clear(at(0)));
        for queue in [
            WebhookQueue { is_open: false, ..CLEAR },
            WebhookQueue { standing: Standing::New, ..CLEAR },
            WebhookQueue { standing: Standing::Failing, ..CLEAR },
            WebhookQueue { next_due: Some(at(99)), ..CLEAR },
            WebhookQueue { held_until: Some(at(1)), ..CLEAR },
        ] {
            assert!(!queue.is_clear(at(0)), "{queue:?}");
        }
    }

    #[test]
    fn ten_failures_in_a_row_break_it() {
        assert!(
            !WebhookQueue { failures: 9, ..CLEAR }.is_broken() && WebhookQueue { failures: 10, ..CLEAR }.is_broken()
        );
    }
}
