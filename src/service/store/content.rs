//! When two events have the same content: their type, when they are said to have happened, and their data as it was sent,
//! blanks between the JSON's parts aside.

use sha2::{Digest, Sha256};

use super::AcceptEvent;

/// What stands in a row for the content: the first 64 bits of a SHA-256. The body cannot tell, as it goes weeks before its event,
/// and the same id must be answered alike until then. Only contents of one id are compared, and only who may send
/// events can choose them: 64 bits are enough.
pub fn digest(event: &AcceptEvent) -> i64 {
    let AcceptEvent { id: _, source: _, event_type, data, occurred_at } = event;
    // Neither a type's name nor a number contains a blank: nothing can move from one part to the next.
    let head = format!("{event_type} {} ", occurred_at.map_or(String::new(), |time| time.as_micros().to_string()));
    let hash = Sha256::new().chain_update(head).chain_update(data.object().as_str()).finalize();
    hash.iter().take(8).fold(0, |digest, byte| digest << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{event::EventType, ids::EventId, payload::EventData, time::Timestamp};

    #[test]
    fn the_same_content_has_the_same_digest() {
        let at = Timestamp::from_seconds(1);
        let of = |event_type, occurred_at, json: &str| {
            let data: EventData = serde_json::from_str(json).unwrap();
            digest(&AcceptEvent { id: EventId::from_bytes([1; 16]), source: 0, event_type, data, occurred_at })
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
