//! Webhooks and events to store.

use crate::domain::{
    event::EventType,
    ids::{EventId, WebhookId},
    payload::EventData,
    secret::Secret,
    time::Timestamp,
    webhook::NewWebhook,
};

/// A webhook to store; its input has been checked.
#[derive(Debug, Clone)]
pub struct AddWebhook {
    /// The new webhook's id.
    pub id: WebhookId,
    /// The caller's input; the store ignores the `secret` in it.
    pub new: NewWebhook,
    /// The new webhook's secret.
    pub secret: Secret,
}

/// An event to store; its input has been checked.
#[derive(Debug, Clone)]
pub struct AcceptEvent {
    /// The event's id: the caller's or a new one.
    pub id: EventId,
    /// The source of the event, 0 for none; ids are unique only within a source.
    pub source: i64,
    /// The event's type.
    pub event_type: EventType,
    /// The event's data.
    pub data: EventData,
    /// The time at which it happened, if the caller said so; otherwise the store uses the time of acceptance.
    pub occurred_at: Option<Timestamp>,
}
