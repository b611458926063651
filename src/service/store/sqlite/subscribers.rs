//! What the writer remembers of the webhooks that want events.

use std::sync::Arc;

use crate::{
    domain::{event::EventFilter, ids::WebhookId, version::Version},
    service::store::Recipient,
};

/// What an event needs to know of a webhook that may want it.
#[derive(Debug, Clone)]
pub(super) struct Subscriber {
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
pub(super) struct Subscriptions {
    pub generation: i64,
    pub subscribers: Vec<Arc<Subscriber>>,
}
