//! Decides whether two events have the same content. Of this service's own events that is the same type, the same time
//! given by the caller, and the same data apart from blanks between the JSON's parts. Of a source's events it is equal
//! JSON.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::AcceptEvent;

/// The first 64 bits of a SHA-256, which a row keeps in place of the content. The body cannot serve for this, because
/// it is deleted weeks before its event, and the same id must get the same answer until then. Only contents of one id
/// are compared, and only callers who may send events can choose them, so 64 bits are enough.
pub fn digest(event: &AcceptEvent) -> i64 {
    let AcceptEvent { id: _, event_type, data, occurred_at, relayed } = event;
    if let Some(relayed) = relayed {
        return of_json(&relayed.body);
    }
    // Neither a type's name nor a number contains a blank, so two different contents never give the same input.
    let head = format!("{event_type} {} ", occurred_at.map_or(String::new(), |time| time.as_micros().to_string()));
    first_bits(Sha256::new().chain_update(head).chain_update(data.object().as_str()))
}

/// The digest of bytes as they are.
pub fn of_bytes(bytes: &[u8]) -> i64 {
    first_bits(Sha256::new().chain_update(bytes))
}

/// The digest of a body from a source. Equal JSON has the same digest, whatever the order of fields, blanks and escapes;
/// numbers are equal if they are written alike. `dispatchedAt` is left out, because a sender may write a new one for
/// each try.
fn of_json(body: &[u8]) -> i64 {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return of_bytes(body) };
    if let Value::Object(envelope) = &mut value {
        envelope.shift_remove("dispatchedAt");
    }
    value.sort_all_objects();
    of_bytes(value.to_string().as_bytes())
}

fn first_bits(hash: Sha256) -> i64 {
    hash.finalize().iter().take(8).fold(0, |digest, byte| digest << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{event::EventType, ids::EventId, json::JsonObject, payload::EventData, time::Timestamp};

    #[test]
    fn equal_json_is_the_same_content_of_a_source() {
        let body = r#"{"id":"tm_1","event":"x","dispatchedAt":1,"data":{"a":-5551705285560190180,"b":[1,{"c":"é","d":null}]}}"#;
        let same = of_json(body.as_bytes());
        let again = r#" {"event":"x", "data":{"b":[1,{"d":null,"c":"\u00e9"}],"a":-5551705285560190180},"id":"tm_1","dispatchedAt":2}"#;
        assert_eq!(of_json(again.as_bytes()), same);
        assert_eq!(of_json(format!("\u{feff}{body}").as_bytes()), same);
        for (from, to) in [("180", "181"), ("[1,", "[1.0,"), ("null", "0"), ("tm_1", "tm_2"), ("\"b\":[", "\"b\":[1,")]
        {
            assert_ne!(of_json(body.replacen(from, to, 1).as_bytes()), same, "{from}");
        }
    }

    #[test]
    fn the_same_content_has_the_same_digest() {
        let at = Timestamp::from_seconds(1);
        let of = |event_type, occurred_at, json: &str| {
            let data = EventData::check(event_type, JsonObject::parse(json).unwrap()).unwrap();
            digest(&AcceptEvent { id: EventId::from_bytes([1; 16]), event_type, data, occurred_at, relayed: None })
        };
        let data = r#"{"comment":"late","userId":null}"#;
        let same = of(EventType::USER_INSERTED, Some(at), data);
        assert_eq!(same, of(EventType::USER_INSERTED, Some(at), r#" { "comment" :"late", "userId":null } "#));
        for other in [
            of(EventType::USER_UPDATED, Some(at), data),
            of(EventType::USER_INSERTED, None, data),
            of(EventType::USER_INSERTED, Some(at.plus(std::time::Duration::from_micros(1))), data),
            of(EventType::USER_INSERTED, Some(at), r#"{"comment":"later","userId":null}"#),
            of(EventType::USER_INSERTED, Some(at), r#"{"userId":null,"comment":"late"}"#),
            of(EventType::USER_INSERTED, Some(at), r#"{"comment":"late"}"#),
        ] {
            assert_ne!(same, other);
        }
    }
}
