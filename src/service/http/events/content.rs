//! What an event's data must be, and when two events have the same content.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    domain::{event::EventType, payload::EventData, problem::ProblemCode, record::LARGEST_EVENT, time::Timestamp},
    service::http::problem::{Answer, ApiError},
};

/// Checks an event's data: its size, and the types of the fields that are known.
pub(in crate::service::http) fn check(event_type: EventType, data: Value) -> Answer<EventData> {
    let size = as_json(&data).len();
    if size > LARGEST_EVENT {
        let detail = format!("data has {size} bytes as JSON; at most {LARGEST_EVENT} (256 KiB) are taken");
        return Err(ApiError::new(ProblemCode::TooLarge, detail));
    }
    Ok(EventData::check(event_type, data)?)
}

/// SHA-256 of an event's content as the caller sent it, blanks between the JSON's parts aside.
pub(in crate::service::http) fn hash(
    event_type: EventType,
    occurred_at: Option<Timestamp>,
    data: Option<&Value>,
) -> [u8; 32] {
    // Neither a type's name nor a number contains a blank: nothing can move from one part to the next.
    let head = format!("{event_type} {} ", occurred_at.map_or(String::new(), |time| time.as_micros().to_string()));
    let data = data.map(as_json).unwrap_or_default();
    Sha256::new().chain_update(head).chain_update(data).finalize().into()
}

fn as_json(data: &Value) -> String {
    data.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_same_content_has_the_same_hash() {
        let at = Timestamp::from_seconds(1);
        let data = json!({"comment": "late"});
        let of = |event_type, at, data: &Value| hash(event_type, at, Some(data));
        let hash = of(EventType::UserInserted, Some(at), &data);
        assert_eq!(hash, of(EventType::UserInserted, Some(at), &json!({ "comment":"late" })));
        for other in [
            of(EventType::UserUpdated, Some(at), &data),
            of(EventType::UserInserted, None, &data),
            of(EventType::UserInserted, Some(at), &json!({"comment": "later"})),
        ] {
            assert_ne!(hash, other);
        }
    }

    #[test]
    fn data_may_have_256_kib_and_no_more() {
        let of_size = |size: usize| json!({ "comment": "x".repeat(size - r#"{"comment":""}"#.len()) });
        assert!(check(EventType::AttendanceInserted, of_size(LARGEST_EVENT)).is_ok());
        assert!(check(EventType::AttendanceInserted, of_size(LARGEST_EVENT + 1)).is_err());
    }
}
