//! What is to be stored: its input is checked.

use crate::domain::{
    event::EventType,
    ids::{EventId, WebhookId},
    payload::EventData,
    secret::Secret,
    time::Timestamp,
    webhook::NewWebhook,
};

/// A webhook to be stored: its input is checked.
#[derive(Debug, Clone)]
pub struct AddWebhook {
    /// Its new id.
    pub id: WebhookId,
    /// What was asked for; its own `secret` is ignored.
    pub new: NewWebhook,
    /// Its secret.
    pub secret: Secret,
}

/// An event to be stored: its input is checked.
#[derive(Debug, Clone)]
pub struct AcceptEvent {
    /// Its id, the caller's or a new one.
    pub id: EventId,
    /// The source it came in from, which makes its id one of its own; 0 for none.
    pub source: i64,
    /// What happened.
    pub event_type: EventType,
    /// Its data.
    pub data: EventData,
    /// When it happened; when it is accepted, if nothing else was said.
    pub occurred_at: Option<Timestamp>,
}
