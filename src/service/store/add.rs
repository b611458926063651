//! Webhooks and events to store.

use std::sync::Arc;

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
    /// The event's type.
    pub event_type: EventType,
    /// The event's data.
    pub data: EventData,
    /// The time at which it happened, if the caller said so; otherwise the store uses the time of acceptance.
    pub occurred_at: Option<Timestamp>,
    /// What a source sent, if the event came from one.
    pub relayed: Option<Relayed>,
}

/// The part of an event that only events of sources have.
#[derive(Debug, Clone)]
pub struct Relayed {
    /// The source; ids are unique only within a source.
    pub source: SourceRef,
    /// The body as it came, which `v1` sends unchanged.
    pub body: Vec<u8>,
    /// The sender's sequence, if it has one.
    pub sequence: Option<u64>,
    /// When the sender dispatched it, if it says so.
    pub dispatched_at: Option<Timestamp>,
}

/// A source by its number and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRef {
    /// The number of its row.
    pub number: i64,
    /// Its name, by which webhooks choose sources.
    pub name: Arc<str>,
}

impl AcceptEvent {
    /// The number of the event's source; 0 for none.
    pub fn source_number(&self) -> i64 {
        self.relayed.as_ref().map_or(0, |relayed| relayed.source.number)
    }

    /// The name of the event's source.
    pub fn source_name(&self) -> Option<&str> {
        self.relayed.as_ref().map(|relayed| &*relayed.source.name)
    }
}
