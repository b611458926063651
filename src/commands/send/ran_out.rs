//! Reports each webhook's progress when the time runs out: how much it got, and what happens to the rest.

use std::{collections::BTreeMap, time::Duration};

use super::held::Hold;
use crate::{
    api::Client,
    commands::Context,
    domain::{
        delivery::{Delivery, DeliveryStatus},
        ids::WebhookId,
        time::Timestamp,
        webhook::Webhook,
    },
    render::words,
};

/// The largest number of webhooks that are listed.
const MOST_LISTED: usize = 20;
/// The time limit of this report, as the time has already run out.
const LONGEST: Duration = Duration::from_secs(5);

/// Prints the state of these deliveries, one line per webhook.
pub(super) async fn tell<'a>(client: &Client, deliveries: impl Iterator<Item = &'a Delivery>, context: &Context) {
    let mut shares: BTreeMap<WebhookId, Share> = BTreeMap::new();
    for delivery in deliveries {
        shares.entry(delivery.webhook_id).or_default().add(delivery);
    }
    let telling = async {
        for (id, share) in shares.iter().take(MOST_LISTED) {
            let webhook = client.webhook(*id).await.ok();
            share.tell(*id, webhook.as_ref(), context);
        }
    };
    // If the service does not answer now, nothing is printed.
    let _ = tokio::time::timeout(LONGEST, telling).await;
    if let Some(more @ 1..) = shares.len().checked_sub(MOST_LISTED) {
        context.term.note(&format!("and {}: tm-hooks attempts", words::count(more, "more webhook")));
    }
}

/// The deliveries to one webhook.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Share {
    succeeded: usize,
    failed: usize,
    untried: usize,
    in_flight: usize,
    /// When the next attempt of any of them is due, if one is.
    next: Option<Timestamp>,
}

impl Share {
    fn add(&mut self, delivery: &Delivery) {
        match delivery.status {
            DeliveryStatus::Succeeded => self.succeeded += 1,
            _ if delivery.in_flight && delivery.attempts == 0 => self.in_flight += 1,
            DeliveryStatus::Pending if delivery.attempts == 0 => self.untried += 1,
            DeliveryStatus::Pending | DeliveryStatus::Exhausted | DeliveryStatus::Cancelled => self.failed += 1,
        }
        self.next = [self.next, delivery.next_attempt_at].into_iter().flatten().min();
    }

    fn tell(self, id: WebhookId, webhook: Option<&Webhook>, context: &Context) {
        let name = webhook.map_or_else(|| id.to_string(), |webhook| webhook.name.clone());
        let hold = webhook.and_then(|webhook| Hold::of(webhook, context.now()));
        let text = format!("{name}: {}", self.in_words(id, hold, context.now(), |at| words::time(at, &context.view)));
        match self {
            Share { failed: 1.., .. } => context.term.failure(&text),
            Share { untried: 0, in_flight: 0, .. } => context.term.success(&text),
            _ => context.term.look(&text),
        }
    }

    /// Describes the progress: `2 of 24 delivered, 3 failed, 19 paused; next try in 22 min`.
    fn in_words(self, id: WebhookId, hold: Option<Hold>, now: Timestamp, time: impl Fn(Timestamp) -> String) -> String {
        let Share { succeeded, failed, untried, in_flight, next } = self;
        let total = succeeded + failed + untried + in_flight;
        let waits = if hold.is_some() { "paused" } else { "not tried yet" };
        let parts = [(failed, "failed"), (in_flight, "in flight"), (untried, waits)];
        let parts = parts.iter().filter(|(number, _)| *number > 0);
        let text = match total {
            1 if succeeded == 1 => "delivered".to_owned(),
            1 => parts.map(|(_, what)| *what).collect(),
            _ => parts.fold(format!("{succeeded} of {total} delivered"), |text, (number, what)| {
                format!("{text}, {number} {what}")
            }),
        };
        let held_until = match hold {
            Some(Hold::Disabled) if untried > 0 => return format!("{text} until it is enabled: tm-hooks enable {id}"),
            Some(Hold::Disabled) if next.is_some() => {
                return format!("{text}; next try when it is enabled: tm-hooks enable {id}");
            }
            Some(Hold::Paused(until)) => Some(until),
            Some(Hold::Disabled) | None => None,
        };
        // No attempt is made before a pause ends.
        match next.max(held_until.filter(|_| next.is_some() || untried > 0)) {
            Some(at) if at <= now => format!("{text}; next try now"),
            Some(at) => format!("{text}; next try {}", time(at)),
            None => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn told(share: Share, hold: Option<Hold>) -> String {
        let id = "wh_k3v9m2x7qd".parse().unwrap();
        share.in_words(id, hold, at(1_000), |at| format!("at {}", at.as_seconds()))
    }

    fn said(share: Share, held_until: Option<i64>) -> String {
        told(share, held_until.map(|until| Hold::Paused(at(until))))
    }

    #[test]
    fn what_a_disabled_webhook_waits_for_is_said() {
        let enabling = "until it is enabled: tm-hooks enable wh_k3v9m2x7qd";
        let one = Share { untried: 1, next: Some(at(1_010)), ..Share::default() };
        assert_eq!(told(one, Some(Hold::Disabled)), format!("paused {enabling}"));
        let several = Share { failed: 1, untried: 2, ..Share::default() };
        assert_eq!(told(several, Some(Hold::Disabled)), format!("0 of 3 delivered, 1 failed, 2 paused {enabling}"));
        let again = Share { failed: 1, next: Some(at(1_010)), ..Share::default() };
        let again = told(again, Some(Hold::Disabled));
        assert_eq!(again, "failed; next try when it is enabled: tm-hooks enable wh_k3v9m2x7qd");
        let ended = Share { failed: 1, ..Share::default() };
        assert_eq!(told(ended, Some(Hold::Disabled)), "failed");
    }

    #[test]
    fn one_delivery_is_told_without_numbers() {
        let none = Share::default();
        assert_eq!(said(Share { succeeded: 1, ..none }, None), "delivered");
        assert_eq!(said(Share { in_flight: 1, ..none }, None), "in flight");
        let waits = Share { untried: 1, next: Some(at(1_010)), ..none };
        assert_eq!(said(waits, None), "not tried yet; next try at 1010");
        assert_eq!(said(waits, Some(2_000)), "paused; next try at 2000");
        assert_eq!(said(Share { next: Some(at(1_000)), ..waits }, None), "not tried yet; next try now");
        assert_eq!(said(Share { failed: 1, next: Some(at(1_300)), ..none }, None), "failed; next try at 1300");
    }

    #[test]
    fn several_are_counted() {
        let share = Share { succeeded: 2, failed: 3, untried: 19, in_flight: 1, next: Some(at(1_005)) };
        let counted = "2 of 25 delivered, 3 failed, 1 in flight, 19";
        assert_eq!(said(share, None), format!("{counted} not tried yet; next try at 1005"));
        assert_eq!(said(share, Some(1_100)), format!("{counted} paused; next try at 1100"));
        let done = Share { succeeded: 3, ..Share::default() };
        assert_eq!(said(done, Some(1_100)), "3 of 3 delivered");
    }
}
