//! What is remembered of the webhooks that want events, and where callers see it.

use std::sync::{Arc, PoisonError, RwLock};

use crate::{
    domain::{
        event::{EventFilter, EventType},
        ids::WebhookId,
        version::Version,
    },
    service::store::Recipient,
};

/// What an event needs to know of a webhook that may want it.
#[derive(Debug, Clone)]
pub struct Subscriber {
    /// The webhook's number.
    pub webhook: i64,
    pub id: WebhookId,
    /// Where and how it is reached; its secrets are those that were live when it was read.
    pub recipient: Arc<Recipient>,
    /// The version in force.
    pub version: Version,
    pub events: Vec<EventFilter>,
}

/// All enabled webhooks, as they were at a generation.
pub struct Subscriptions {
    pub generation: i64,
    pub subscribers: Vec<Arc<Subscriber>>,
}

impl Subscriptions {
    /// The webhooks that get an event of this type.
    pub fn wanting(&self, event_type: EventType) -> Vec<Arc<Subscriber>> {
        let wants = |subscriber: &&Arc<Subscriber>| subscriber.events.iter().any(|filter| filter.matches(event_type));
        self.subscribers.iter().filter(wants).cloned().collect()
    }
}

/// The webhooks as they were at the newest commit that looked: where callers read, and the writer writes.
#[derive(Default)]
pub struct Board(RwLock<Option<Arc<Subscriptions>>>);

impl Board {
    /// What is on it; nothing before the first event.
    pub fn now(&self) -> Option<Arc<Subscriptions>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts up what is committed. What is not could be rolled back, and its generation be that of something else then.
    pub fn put(&self, committed: &Arc<Subscriptions>) {
        let is_there = self.now().is_some_and(|now| Arc::ptr_eq(&now, committed));
        if !is_there {
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(committed));
        }
    }
}
