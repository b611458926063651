//! The cached webhooks that want events, and the board where callers see them.

use std::sync::{Arc, PoisonError, RwLock};

use crate::{
    domain::{event::EventType, ids::WebhookId, version::Version},
    service::store::{Recipient, rules::webhook::Wants},
};

/// What an event must know about a webhook that may want it.
#[derive(Debug, Clone)]
pub struct Subscriber {
    /// The webhook's number.
    pub webhook: i64,
    pub id: WebhookId,
    /// The webhook's part of requests; its secrets are those that were live when it was read.
    pub recipient: Arc<Recipient>,
    /// The version in force.
    pub version: Version,
    pub wants: Wants,
}

/// All enabled webhooks of one generation.
pub struct Subscriptions {
    pub generation: i64,
    /// In the order of their numbers.
    pub subscribers: Vec<Arc<Subscriber>>,
}

impl Subscriptions {
    /// The webhook with this number, if it is enabled.
    pub fn of(&self, webhook: i64) -> Option<&Subscriber> {
        let at = self.subscribers.binary_search_by_key(&webhook, |subscriber| subscriber.webhook).ok()?;
        Some(&self.subscribers[at])
    }

    /// The webhooks that get an event of this type from this source.
    pub fn wanting(&self, event_type: EventType, source: Option<&str>) -> Vec<Arc<Subscriber>> {
        let wants = |subscriber: &&Arc<Subscriber>| subscriber.wants.has(event_type, source);
        self.subscribers.iter().filter(wants).cloned().collect()
    }
}

/// The webhooks at the newest commit that read them: callers read the board, and the writer writes it.
#[derive(Default)]
pub struct Board(RwLock<Option<Arc<Subscriptions>>>);

impl Board {
    /// The webhooks on the board; none before the first event.
    pub fn now(&self) -> Option<Arc<Subscriptions>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows committed webhooks. Uncommitted ones could be rolled back, and another change could then get their
    /// generation.
    pub fn put(&self, committed: &Arc<Subscriptions>) {
        let is_there = self.now().is_some_and(|now| Arc::ptr_eq(&now, committed));
        if !is_there {
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(committed));
        }
    }
}
