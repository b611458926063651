//! What is in flight in this process: how many requests in all, and to each webhook.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::domain::ids::WebhookId;

/// How many requests may be in flight at once in a process.
pub const MOST: usize = 512;
/// How many requests to one webhook may be in flight at once in a process.
pub const MOST_PER_WEBHOOK: usize = 8;

/// Counts requests in flight.
#[derive(Default)]
pub struct Flight {
    counts: Mutex<Counts>,
    freed: Notify,
}

#[derive(Default)]
struct Counts {
    requests: HashMap<WebhookId, usize>,
    total: usize,
    /// Attempts whose result is not stored yet; the request itself may have ended.
    unfinished: usize,
}

impl Flight {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        // The counts are whole between any two statements, so a panic elsewhere cannot have broken them.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request to `webhook` begins.
    pub fn begin(&self, webhook: WebhookId) {
        let mut counts = self.counts();
        *counts.requests.entry(webhook).or_default() += 1;
        counts.total += 1;
        counts.unfinished += 1;
    }

    /// The answer of a request to `webhook` is in: its place is free.
    pub fn answered(&self, webhook: WebhookId) {
        let mut counts = self.counts();
        counts.total -= 1;
        let left = counts.requests.get_mut(&webhook).map(|count| {
            *count -= 1;
            *count
        });
        if left == Some(0) {
            counts.requests.remove(&webhook);
        }
        drop(counts);
        self.freed.notify_waiters();
        self.freed.notify_one();
    }

    /// The result of an attempt is stored.
    pub fn finished(&self) {
        self.counts().unfinished -= 1;
        self.freed.notify_waiters();
        self.freed.notify_one();
    }

    /// How many more requests may begin.
    pub fn room(&self) -> usize {
        MOST.saturating_sub(self.counts().total)
    }

    /// How many more requests each webhook may have that has any in flight.
    pub fn rooms(&self) -> Vec<(WebhookId, usize)> {
        let room = |count: usize| MOST_PER_WEBHOOK.saturating_sub(count);
        self.counts().requests.iter().map(|(webhook, count)| (*webhook, room(*count))).collect()
    }

    /// Whether every attempt that was begun is stored.
    pub fn is_idle(&self) -> bool {
        self.counts().unfinished == 0
    }

    /// Waits until a place may have become free, or an attempt may have been stored.
    pub async fn changed(&self) {
        self.freed.notified().await;
    }

    /// Waits until every attempt that was begun is stored.
    pub async fn idle(&self) {
        loop {
            let changed = self.freed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.is_idle() {
                return;
            }
            changed.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn places_are_counted_by_webhook_and_freed() {
        let (flight, webhook) = (Flight::default(), WebhookId::from_random([7; 10]));
        flight.begin(webhook);
        flight.begin(webhook);
        assert_eq!((flight.room(), flight.rooms()), (MOST - 2, vec![(webhook, MOST_PER_WEBHOOK - 2)]));
        flight.answered(webhook);
        flight.answered(webhook);
        assert_eq!((flight.room(), flight.rooms()), (MOST, vec![]));
        assert!(!flight.is_idle(), "their results are not stored");
        flight.finished();
        flight.finished();
        flight.idle().await;
    }
}
