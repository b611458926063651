//! What an event's data must be, and when two events have the same content.

use sha2::{Digest, Sha256};

use crate::{
    domain::{
        event::EventType,
        json::JsonObject,
        payload::{self, EventData},
        problem::{FieldError, ProblemCode},
        record::LARGEST_EVENT,
        time::Timestamp,
    },
    service::http::problem::{Answer, ApiError},
};

/// SHA-256 of an event's content as the caller sent it, blanks between the JSON's parts aside.
pub(in crate::service::http) type ContentHash = [u8; 32];

/// Checks an event's data: its size, and the types of the fields that are known. The data, and the content's hash.
pub(in crate::service::http) fn check(
    event_type: EventType,
    occurred_at: Option<Timestamp>,
    data: JsonObject,
) -> Answer<(EventData, ContentHash)> {
    let size = data.as_str().len();
    if size > LARGEST_EVENT {
        let detail = format!("data has {size} bytes as JSON; at most {LARGEST_EVENT} (256 KiB) are taken");
        return Err(ApiError::new(ProblemCode::TooLarge, detail));
    }
    if payload::is_whole_event(&data) {
        let message = "is a whole event, with a type and data of its own: send what stands in its \"data\"";
        return Err(FieldError::new("data", message).into());
    }
    let hash = hash(event_type, occurred_at, data.as_str());
    Ok((EventData::check(event_type, data)?, hash))
}

/// The hash of an event of this type, for which no data was sent.
pub(in crate::service::http) fn hash_without_data(event_type: EventType) -> ContentHash {
    hash(event_type, None, "")
}

fn hash(event_type: EventType, occurred_at: Option<Timestamp>, json: &str) -> ContentHash {
    // Neither a type's name nor a number contains a blank: nothing can move from one part to the next.
    let head = format!("{event_type} {} ", occurred_at.map_or(String::new(), |time| time.as_micros().to_string()));
    Sha256::new().chain_update(head).chain_update(json).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn object(value: Value) -> JsonObject {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_same_content_has_the_same_hash() {
        let at = Timestamp::from_seconds(1);
        let data = json!({"comment": "late"});
        let of = |event_type, at, data: &Value| check(event_type, at, object(data.clone())).unwrap().1;
        let hash = of(EventType::USER_INSERTED, Some(at), &data);
        assert_eq!(hash, of(EventType::USER_INSERTED, Some(at), &json!({ "comment":"late" })));
        for other in [
            of(EventType::USER_UPDATED, Some(at), &data),
            of(EventType::USER_INSERTED, None, &data),
            of(EventType::USER_INSERTED, Some(at), &json!({"comment": "later"})),
        ] {
            assert_ne!(hash, other);
        }
    }

    #[test]
    fn data_may_have_256_kib_and_no_more() {
        let of_size = |size: usize| object(json!({ "comment": "x".repeat(size - r#"{"comment":""}"#.len()) }));
        assert!(check(EventType::ATTENDANCE_INSERTED, None, of_size(LARGEST_EVENT)).is_ok());
        assert!(check(EventType::ATTENDANCE_INSERTED, None, of_size(LARGEST_EVENT + 1)).is_err());
    }
}
