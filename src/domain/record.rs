//! Recorded events, and the requests and answers about them.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};

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

/// The largest event: the size of its data as JSON in bytes.
pub const LARGEST_EVENT: usize = 256 * 1024;

/// An event to be recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = EventInput))]
pub struct NewEvent {
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// Its data with `v1`'s field names: at most 256 KiB as JSON, at most 120 levels deep.
    #[cfg_attr(feature = "service", schema(value_type = Object))]
    pub data: JsonObject,
    /// The caller's own id for the event, of 1 to 128 printable ASCII characters without blanks; an absent one is
    /// made. A repeated request with the same content gets the first answer again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<EventId>,
    /// When it happened; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
}

/// The answer to a new event: the event and its deliveries are durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct AcceptedEvent {
    /// The event's id.
    pub id: EventId,
    /// The deliveries of the event: none if no enabled webhook wants its type.
    pub deliveries: Vec<PlannedDelivery>,
    /// Warnings about fields that the type does not have, with the field that may have been meant, and about values in
    /// an unusual form. All of them are sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<FieldError>,
}

/// A delivery of a new event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct PlannedDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// The webhook it goes to.
    pub webhook_id: WebhookId,
    /// The version in which its body was rendered; null if its format is none of the versions.
    pub version: Option<Version>,
}

/// A recorded event as the API shows it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// The name of the source that it came from; null for an event that came in over the API.
    #[serde(default)]
    pub source: Option<String>,
    /// Its number on the wire: a source's own, null if that sent none, or else this service's, which rises with each
    /// event.
    pub sequence: Option<u64>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the service accepted it.
    pub accepted_at: Timestamp,
    /// Its data; present only if a single event or `data` is requested, and null if it is no longer kept.
    #[serde(default)]
    #[cfg_attr(feature = "service", schema(value_type = Option<Object>))]
    pub data: Option<EventData>,
    /// Its deliveries; present only if a single event or `data` is requested.
    #[serde(default)]
    pub deliveries: Option<Vec<Delivery>>,
}

impl Serialize for Event {
    /// Writes `data` as null if the event is whole but its data is no longer kept.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Event { id, event_type, source, sequence, occurred_at, accepted_at, data, deliveries } = self;
        let mut event = serializer.serialize_struct("Event", 8)?;
        event.serialize_field("id", id)?;
        event.serialize_field("type", event_type)?;
        event.serialize_field("source", source)?;
        event.serialize_field("sequence", sequence)?;
        event.serialize_field("occurredAt", occurred_at)?;
        event.serialize_field("acceptedAt", accepted_at)?;
        if data.is_some() || deliveries.is_some() {
            event.serialize_field("data", data)?;
        }
        if let Some(deliveries) = deliveries {
            event.serialize_field("deliveries", deliveries)?;
        }
        event.end()
    }
}

/// An entry of the catalogue of event types.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct EventTypeInfo {
    /// Its name.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// A description of one line, for people.
    pub description: String,
    /// Whether a webhook can subscribe to it.
    pub subscribable: bool,
    /// An invented example of its data with `v1`'s field names.
    #[cfg_attr(feature = "service", schema(value_type = Object))]
    pub example: EventData,
}

/// Returns the catalogue of event types: the known ones, and others that the service has `seen`.
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
