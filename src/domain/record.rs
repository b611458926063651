//! Events as the service records them, and what it answers when it takes one in.

use serde::{Deserialize, Serialize};

use super::{
    delivery::Delivery,
    event::EventType,
    ids::{DeliveryId, EventId, WebhookId},
    json::JsonObject,
    payload::EventData,
    problem::FieldError,
    time::Timestamp,
    version::Version,
};

/// The largest event, its data as JSON, in bytes.
pub const LARGEST_EVENT: usize = 256 * 1024;

/// An event to be taken in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = EventInput))]
pub struct NewEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// Its data, with the names of `v1`. At most 256 KiB as JSON, at most 120 levels deep.
    #[cfg_attr(feature = "service", schema(value_type = Object))]
    pub data: JsonObject,
    /// The caller's own id for it. Sent again with the same content, it is answered as the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<EventId>,
    /// When it happened; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
}

/// The answer to an event that was taken in: it and its deliveries are durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct AcceptedEvent {
    /// The event's id.
    pub id: EventId,
    /// The deliveries made of it: none when no enabled webhook wants its type.
    pub deliveries: Vec<PlannedDelivery>,
    /// The fields of its data that its type does not have, each with the one that may have been meant. They are sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<FieldError>,
}

/// A delivery that was made of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct PlannedDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// The webhook it goes to.
    pub webhook_id: WebhookId,
    /// The version its body is frozen in; null when it is in no version's format.
    pub version: Option<Version>,
}

/// A recorded event as the API shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What happened.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// Its number: one an event, rising.
    pub sequence: u64,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the service took it in.
    pub accepted_at: Timestamp,
    /// Its data; only where one event is asked for, and null when it is no longer kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "service", schema(value_type = Option<Object>))]
    pub data: Option<EventData>,
    /// Its deliveries; only where one event is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliveries: Option<Vec<Delivery>>,
}

/// An entry of the catalogue of event types.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct EventTypeInfo {
    /// Its name.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// One line for people.
    pub description: String,
    /// Whether a webhook can subscribe to it.
    pub subscribable: bool,
    /// An invented example of its data, with the names of `v1`.
    #[cfg_attr(feature = "service", schema(value_type = Object))]
    pub example: EventData,
}

/// The catalogue of event types: those that are known, and those that the service has `seen` beside them.
pub fn catalogue(seen: &[EventType]) -> Vec<EventTypeInfo> {
    let unknown = seen.iter().copied().filter(|event_type| event_type.known().is_none());
    let info = |event_type: EventType| EventTypeInfo {
        event_type,
        description: event_type.description().to_owned(),
        subscribable: event_type.is_subscribable(),
        example: EventData::example(event_type),
    };
    EventType::KNOWN.into_iter().chain(unknown).map(info).collect()
}

/// A request to test a webhook.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = TestInput))]
pub struct TestRequest {
    /// The type of the event to send; `test` when absent.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// Its data; the type's example when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "service", schema(value_type = Option<Object>))]
    pub data: Option<JsonObject>,
    /// The version to send it in; the webhook's version in force when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
}
