//! Reads an event from the body that a sender sent.

use crate::domain::{
    event::EventType,
    ids::EventId,
    json::{JsonObject, JsonRef},
    payload::{self, EventData},
    time::Timestamp,
};

/// An event as its sender says it. Nothing is demanded of its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The event's id.
    pub id: EventId,
    /// What happened.
    pub event_type: EventType,
    /// The sender's sequence, if it is a number that a database holds.
    pub sequence: Option<u64>,
    /// When the sender dispatched it, if that is a time.
    pub dispatched_at: Option<Timestamp>,
    /// When it happened: `timeInserted` of its data, or else `dispatchedAt`, if either is a time.
    pub occurred_at: Option<Timestamp>,
    /// Its data as it came; empty if there is none.
    pub data: EventData,
}

/// Why a body is no envelope. The error does not repeat the body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoEnvelope {
    /// It is not a JSON object in UTF-8.
    #[error("the body is not a JSON object in UTF-8")]
    NoObject,
    /// It nests too deep to be read by others.
    #[error("the body nests deeper than {} levels", payload::MAX_LEVELS + 1)]
    TooDeep,
    /// A field of the envelope is there twice: programs would read different events.
    #[error("the body has more than one {0}")]
    Twice(&'static str),
    /// It has no usable id.
    #[error("the body's id must be a text of 1 to 128 printable ASCII characters without blanks")]
    Id,
    /// It has no usable type.
    #[error("the body's event must be the name of an event type: 1 to 100 ASCII characters without blank, comma and *")]
    Type,
    /// Its type is reserved.
    #[error("types that begin with tmhooks. are the service's own")]
    Reserved,
    /// Its data is neither an object nor null.
    #[error("the body's data must be an object")]
    Data,
}

impl Incoming {
    /// Reads an event from a body.
    ///
    /// # Errors
    /// Says why the body is no envelope.
    pub fn read(body: &[u8]) -> Result<Self, NoEnvelope> {
        let text = std::str::from_utf8(body).map_err(|_| NoEnvelope::NoObject)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if payload::is_nested_deeper(text, payload::MAX_LEVELS + 1) {
            return Err(NoEnvelope::TooDeep);
        }
        let body = JsonObject::verbatim(text).map_err(|_| NoEnvelope::NoObject)?;
        for name in ["id", "event", "data"] {
            if body.count(name) > 1 {
                return Err(NoEnvelope::Twice(name));
            }
        }
        let text_of = |name| body.get(name).and_then(JsonRef::as_str);
        let id = text_of("id").and_then(|id| id.parse().ok()).ok_or(NoEnvelope::Id)?;
        let event_type: EventType = text_of("event").and_then(|name| name.parse().ok()).ok_or(NoEnvelope::Type)?;
        if event_type.is_notice() {
            return Err(NoEnvelope::Reserved);
        }
        let data = EventData::of_envelope(&body).ok_or(NoEnvelope::Data)?;
        let dispatched_at = body.get("dispatchedAt").and_then(seconds);
        let inserted_at = data.object().get("timeInserted").and_then(JsonRef::as_str);
        let occurred_at = inserted_at.and_then(|text| text.parse().ok()).or(dispatched_at);
        let sequence = body.get("sequence").and_then(number).and_then(|number| u64::try_from(number).ok());
        Ok(Incoming { id, event_type, sequence, dispatched_at, occurred_at, data })
    }
}

/// A whole number that a database holds.
fn number(value: JsonRef<'_>) -> Option<i64> {
    if let JsonRef::Number(text) = value { text.parse().ok() } else { None }
}

/// A time in Unix seconds.
fn seconds(value: JsonRef<'_>) -> Option<Timestamp> {
    number(value).map(Timestamp::from_seconds)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "tm_ac7f6c5f89db4d459ea7b5e51fe52838";

    fn read(body: &str) -> Result<Incoming, NoEnvelope> {
        Incoming::read(body.as_bytes())
    }

    #[test]
    fn an_envelope_says_what_it_can() {
        let body = format!(
            r#"{{"id": "{ID}", "event": "planning.inserted", "sequence": 47, "dispatchedAt": 1792842644,
               "data": {{"timeInserted": "2026-10-24T11:17:28.7236738Z", "recordHash": -5551705285560190180}}}}"#
        );
        let event = read(&body).unwrap();
        assert_eq!((event.id.to_string().as_str(), event.event_type.as_str()), (ID, "planning.inserted"));
        assert_eq!((event.sequence, event.dispatched_at), (Some(47), Some(Timestamp::from_seconds(1_792_842_644))));
        assert_eq!(event.occurred_at.unwrap().to_string(), "2026-10-24T11:17:28.723Z");
        assert!(event.data.object().as_str().contains("-5551705285560190180"));
        assert_eq!(read(&format!("\u{feff}{body}\r\n")).unwrap(), event);
        let least = read(&format!(r#"{{"event":"test","id":"{ID}"}}"#)).unwrap();
        assert_eq!((least.sequence, least.dispatched_at, least.occurred_at), (None, None, None));
        assert_eq!(least.data.object().as_str(), "{}");
        let odd = format!(
            r#"{{"id":"{ID}","event":"user.deleted","sequence":1e3,"dispatchedAt":"soon","data":null,"more":[{{}}]}}"#
        );
        let odd = read(&odd).unwrap();
        assert_eq!((odd.sequence, odd.occurred_at, odd.data.object().is_empty()), (None, None, true));
    }

    #[test]
    fn what_is_none_is_told_without_its_content() {
        let with = |rest: &str| read(&format!(r#"{{"id":"{ID}","event":"user.deleted"{rest}}}"#)).unwrap_err();
        assert_eq!(with(r#","data":[1]"#), NoEnvelope::Data);
        assert_eq!(with(r#","data":"x""#), NoEnvelope::Data);
        assert_eq!(with(r#","id":"tm_1""#), NoEnvelope::Twice("id"));
        assert_eq!(with(r#","\u0065vent":"test""#), NoEnvelope::Twice("event"));
        assert_eq!(with(&format!(r#","data":{{"a":{}1{}}}"#, "[".repeat(120), "]".repeat(120))), NoEnvelope::TooDeep);
        for none in ["", "null", "[]", "{", "{}x", "\u{fffd}", "{'id':1}", r#""{}""#] {
            assert_eq!(read(none), Err(NoEnvelope::NoObject), "{none}");
        }
        assert_eq!(Incoming::read(b"{\"id\":\"\xff\"}"), Err(NoEnvelope::NoObject));
        for id in ["7", "null", "\"\"", "\"a b\"", "\"\u{e4}\"", &format!("\"{}\"", "x".repeat(129))] {
            assert_eq!(read(&format!(r#"{{"id":{id},"event":"test"}}"#)), Err(NoEnvelope::Id), "{id}");
        }
        for name in ["7", "\"\"", "\"a,b\"", "\"a.*\"", &format!("\"{}\"", "x".repeat(101))] {
            let body = format!(r#"{{"id":"{ID}","event":{name}}}"#);
            assert_eq!(read(&body), Err(NoEnvelope::Type), "{name}");
        }
        assert_eq!(read(&format!(r#"{{"id":"{ID}","event":"tmhooks.paused"}}"#)), Err(NoEnvelope::Reserved));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(body: Vec<u8>) {
            let _ = Incoming::read(&body);
        }
    }
}
