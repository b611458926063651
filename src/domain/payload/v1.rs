//! `v1`: the format observed from TimeMoto Cloud. Field names, order, nulls and times are part of it.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use super::{
    Envelope,
    data::EventData,
    fields::{self, IS_DELETED},
};
use crate::domain::{event::EventType, ids::EventId};

/// The body of a delivery, borrowed; fields in the order of the wire.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Body<'a> {
    id: EventId,
    event: EventType,
    sequence: u64,
    /// Unix seconds.
    dispatched_at: i64,
    data: Data<'a>,
}

impl<'a> Body<'a> {
    /// The body for this event.
    pub fn new(envelope: &Envelope, data: &'a EventData) -> Self {
        let Envelope { id, event_type, sequence, occurred_at: _, dispatched_at } = *envelope;
        Body {
            id,
            event: event_type,
            sequence,
            dispatched_at: dispatched_at.as_seconds(),
            data: Data { event_type, data },
        }
    }
}

/// The known fields in their order, missing ones as `null`; then the unknown ones in the order they came.
struct Data<'a> {
    event_type: EventType,
    data: &'a EventData,
}

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Data { event_type, data } = *self;
        let mut map = serializer.serialize_map(None)?;
        let mut known = 0;
        for field in fields::of(event_type) {
            let value = data.fields().get(field.name);
            known += usize::from(value.is_some());
            map.serialize_entry(field.name, value.unwrap_or(&Value::Null))?;
        }
        if let Some(mark) = data.deletion_mark(event_type) {
            map.serialize_entry(IS_DELETED.name, mark)?;
        }
        // Mostly all are known.
        if known < data.fields().len() {
            for (name, value) in data.unknown(event_type) {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::{EventData, golden::envelope, render};
    use super::*;
    use crate::domain::version::Version;

    fn sent(event_type: EventType, data: Value) -> String {
        let data = EventData::check(event_type, data).unwrap();
        String::from_utf8(render(Version::V1, &envelope(event_type), &data)).unwrap()
    }

    #[test]
    fn missing_fields_are_null_and_unknown_ones_follow_as_they_came() {
        let data = json!({"zebra": {"b": 1, "a": [ ]}, "locationId": null, "userId": null, "alpha": "é\n"});
        assert_eq!(
            sent(EventType::UserInserted, data),
            concat!(
                r#"{"id":"tm_0199c1d2e3f4758697a8b9cadbecfd0e","event":"user.inserted","sequence":48213,"#,
                r#""dispatchedAt":1795420664,"data":{"clientId":null,"userId":null,"userCardNumber":null,"#,
                r#""userFirstName":null,"userLastName":null,"userFullName":null,"userEmployeeNumber":null,"#,
                r#""emailAddress":null,"departmentId":null,"departmentName":null,"locationId":null,"#,
                r#""locationName":null,"zebra":{"b":1,"a":[]},"alpha":"é\n"}}"#
            )
        );
    }

    #[test]
    fn deletions_are_marked_and_nothing_else_is() {
        let marked = |event_type, data| {
            let body: Value = serde_json::from_str(&sent(event_type, data)).unwrap();
            body["data"].get("isDeleted").cloned()
        };
        assert_eq!(marked(EventType::AttendanceDeleted, json!({})), Some(json!(true)));
        assert_eq!(marked(EventType::UserDeleted, json!({"isDeleted": null})), Some(Value::Null));
        assert_eq!(marked(EventType::UserUpdated, json!({"isDeleted": false})), Some(json!(false)));
        assert_eq!(marked(EventType::AttendanceInserted, json!({})), None);
    }

    #[test]
    fn nothing_is_made_up() {
        let named = json!({"userFirstName": "Erika", "userLastName": "Example", "timeLogged": "2026-11-23T08:57:43"});
        let body: Value = serde_json::from_str(&sent(EventType::AttendanceInserted, named)).unwrap();
        assert_eq!((&body["data"]["userFullName"], &body["data"]["timeLoggedRounded"]), (&Value::Null, &Value::Null));
    }

    #[rstest::rstest]
    fn numbers_keep_their_text(
        #[values("1e+400", "1.10", "-0", "0.1000", "18446744073709551616", "-9223372036854775808", "1e-7")] text: &str,
    ) {
        let data = format!(r#"{{"recordHash":-9223372036854775808,"odd":[{text}],"{text}":{text}}}"#);
        let body = sent(EventType::AttendanceInserted, serde_json::from_str(&data).unwrap());
        assert!(body.contains(r#""recordHash":-9223372036854775808,"#), "{body}");
        assert!(body.ends_with(&format!(r#""odd":[{text}],"{text}":{text}}}}}"#)), "{body}");
    }

    proptest! {
        #[test]
        fn any_number_keeps_its_text(text in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?(e[+-][0-9]{1,4})?") {
            let data: Value = serde_json::from_str(&format!(r#"{{"odd":{text}}}"#)).unwrap();
            let body = sent(EventType::Test, data);
            let end = format!(r#""odd":{text}}}}}"#);
            prop_assert!(body.ends_with(&end), "{}", body);
        }

        #[test]
        fn what_is_sent_is_the_data_and_nulls(data in super::super::data::tests::any_json()) {
            for event_type in EventType::ALL {
                let Ok(checked) = EventData::check(event_type, data.clone()) else { continue };
                let body: Value = serde_json::from_slice(&render(Version::V1, &envelope(event_type), &checked)).unwrap();
                let mut expected = checked.clone().into_value();
                for field in fields::of(event_type) {
                    expected.as_object_mut().unwrap().entry(field.name).or_insert(Value::Null);
                }
                if fields::is_deletion(event_type) {
                    expected.as_object_mut().unwrap().entry("isDeleted").or_insert(json!(true));
                }
                prop_assert_eq!(&body["data"], &expected);
                let order: Vec<_> = body["data"].as_object().unwrap().keys().filter(|k| !fields::is_known(event_type, k)).collect();
                let came: Vec<_> = checked.fields().keys().filter(|k| !fields::is_known(event_type, k)).collect();
                prop_assert_eq!(order, came);
            }
        }
    }
}
