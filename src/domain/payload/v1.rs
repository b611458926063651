//! `v1`: the format observed from TimeMoto Cloud. Field names, order, nulls and times are part of it.

use std::fmt::Write;

use super::{data::EventData, envelope::Envelope};
use crate::domain::{
    event::{
        EventType,
        fields::{self, IS_DELETED},
    },
    json::{self, JsonRef},
};

/// Writes the body of a delivery: fields in their fixed order, values unchanged. Returns the offset of the sequence.
pub fn write(body: &mut String, envelope: &Envelope, sequence: Option<u64>, data: &EventData) -> usize {
    let Envelope { id, event_type, occurred_at: _, dispatched_at } = envelope;
    // Writing to a string does not fail.
    let _ = write!(body, r#"{{"id":{},"event":"#, id.in_json());
    json::write_string(body, event_type.as_str());
    body.push_str(r#","sequence":"#);
    let gap = body.len();
    let _ = sequence.map_or(Ok(()), |sequence| write!(body, "{sequence}"));
    let _ = write!(body, r#","dispatchedAt":{},"data":"#, dispatched_at.as_seconds());
    write_data(body, *event_type, data);
    body.push('}');
    gap
}

/// Writes the known fields in their order, missing ones as `null`, then the unknown ones as given. The data of an
/// unknown type stays unchanged.
fn write_data(body: &mut String, event_type: EventType, data: &EventData) {
    if event_type.subject().is_none() {
        body.push_str(data.object().as_str());
        return;
    }
    let mut open = '{';
    let mut field = |name: &str, value: JsonRef<'_>| {
        body.push(open);
        body.extend(["\"", name, "\":", value.json()]);
        open = ',';
    };
    let (mut known, mut finder) = (0, data.object().finder());
    for fields::Field { name, .. } in fields::of(event_type) {
        let value = finder.get(name);
        known += usize::from(value.is_some());
        field(name, value.unwrap_or(JsonRef::Null));
    }
    if let Some(mark) = data.deletion_mark(event_type) {
        field(IS_DELETED.name, mark);
    }
    // Most data has known fields only.
    if known < data.object().len() {
        data.unknown(event_type).for_each(|(name, value)| field(name, value));
    }
    body.push('}');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::{
        data::tests::{any_object, check},
        golden::{SEQUENCE, envelope},
        render,
    };
    use super::*;
    use crate::domain::version::Version;

    fn sent(event_type: EventType, data: Value) -> String {
        let data = check(event_type, &data).unwrap();
        String::from_utf8(render(Version::V1, &envelope(event_type), SEQUENCE, &data)).unwrap()
    }

    #[test]
    fn missing_fields_are_null_and_unknown_ones_follow_as_they_came() {
        let data = json!({"zebra": {"b": 1, "a": [ ]}, "locationId": null, "userId": null, "alpha": "é\n"});
        assert_eq!(
            sent(EventType::USER_INSERTED, data),
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
        assert_eq!(marked(EventType::ATTENDANCE_DELETED, json!({})), Some(json!(true)));
        assert_eq!(marked(EventType::USER_DELETED, json!({"isDeleted": null})), Some(Value::Null));
        assert_eq!(marked(EventType::USER_UPDATED, json!({"isDeleted": false})), Some(json!(false)));
        assert_eq!(marked(EventType::ATTENDANCE_INSERTED, json!({})), None);
    }

    #[test]
    fn nothing_is_made_up() {
        let named = json!({"userFirstName": "Erika", "userLastName": "Example", "timeLogged": "2026-11-23T08:57:43"});
        let body: Value = serde_json::from_str(&sent(EventType::ATTENDANCE_INSERTED, named)).unwrap();
        assert_eq!((&body["data"]["userFullName"], &body["data"]["timeLoggedRounded"]), (&Value::Null, &Value::Null));
    }

    #[rstest::rstest]
    fn numbers_keep_their_text(
        #[values("1e+400", "1.10", "-0", "0.1000", "18446744073709551616", "-9223372036854775808", "1e-7")] text: &str,
    ) {
        let data = format!(r#"{{"recordHash":-9223372036854775808,"odd":[{text}],"{text}":{text}}}"#);
        let body = sent(EventType::ATTENDANCE_INSERTED, serde_json::from_str(&data).unwrap());
        assert!(body.contains(r#""recordHash":-9223372036854775808,"#), "{body}");
        assert!(body.ends_with(&format!(r#""odd":[{text}],"{text}":{text}}}}}"#)), "{body}");
    }

    proptest! {
        #[test]
        fn any_number_keeps_its_text(text in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?(e[+-][0-9]{1,4})?") {
            let data: Value = serde_json::from_str(&format!(r#"{{"odd":{text}}}"#)).unwrap();
            let body = sent(EventType::TEST, data);
            let end = format!(r#""odd":{text}}}}}"#);
            prop_assert!(body.ends_with(&end), "{}", body);
        }

        #[test]
        fn what_is_sent_is_the_data_and_nulls(data in any_object()) {
            for event_type in EventType::KNOWN {
                let Ok(checked) = check(event_type, &data) else { continue };
                let body: Value = serde_json::from_slice(&render(Version::V1, &envelope(event_type), SEQUENCE, &checked)).unwrap();
                let mut expected = checked.object().to_value();
                for field in fields::of(event_type) {
                    expected.as_object_mut().unwrap().entry(field.name).or_insert(Value::Null);
                }
                if event_type.is_deletion() {
                    expected.as_object_mut().unwrap().entry("isDeleted").or_insert(json!(true));
                }
                prop_assert_eq!(&body["data"], &expected);
                let order: Vec<_> = body["data"].as_object().unwrap().keys().filter(|k| fields::known(event_type, k).is_none()).collect();
                let came: Vec<_> = data.as_object().unwrap().keys().filter(|k| fields::known(event_type, k).is_none()).collect();
                prop_assert_eq!(order, came);
            }
        }
    }
}
