//! Checks an event's data.

use crate::{
    domain::{
        event::EventType,
        json::JsonObject,
        payload::{self, EventData},
        problem::{FieldError, ProblemCode},
        record::LARGEST_EVENT,
    },
    service::http::problem::{ApiError, ApiResult},
};

/// Checks the size of an event's data and the types of its known fields.
pub(in crate::service::http) fn check(event_type: EventType, data: JsonObject) -> ApiResult<EventData> {
    let size = data.as_str().len();
    if size > LARGEST_EVENT {
        let detail = format!("data has {size} bytes as JSON; at most {LARGEST_EVENT} (256 KiB) are taken");
        return Err(ApiError::new(ProblemCode::TooLarge, detail));
    }
    if payload::is_whole_event(&data) {
        let message = "is a whole event, with a type and data of its own: send what stands in its \"data\"";
        return Err(FieldError::new("data", message).into());
    }
    Ok(EventData::check(event_type, data)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn object(value: Value) -> JsonObject {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn data_may_have_256_kib_and_no_more() {
        let of_size = |size: usize| object(json!({ "comment": "x".repeat(size - r#"{"comment":""}"#.len()) }));
        assert!(check(EventType::ATTENDANCE_INSERTED, of_size(LARGEST_EVENT)).is_ok());
        assert!(check(EventType::ATTENDANCE_INSERTED, of_size(LARGEST_EVENT + 1)).is_err());
    }
}
