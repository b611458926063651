//! Decides whether two events have the same content: the same type, the same time given by the caller, and the same
//! data apart from blanks between the JSON's parts.

use sha2::{Digest, Sha256};

use super::AcceptEvent;

/// The first 64 bits of a SHA-256, which a row keeps in place of the content. The body cannot serve for this, because
/// it is deleted weeks before its event, and the same id must get the same answer until then. Only contents of one id
/// are compared, and only callers who may send events can choose them, so 64 bits are enough.
pub fn digest(event: &AcceptEvent) -> i64 {
    let AcceptEvent { id: _, source: _, event_type, data, occurred_at } = event;
    // Neither a type's name nor a number contains a blank, so two different contents never give the same input.
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
