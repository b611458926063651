//! Finds likely mistakes in an event's data: a name that no receiver knows, a value in another form than TimeMoto's, or
//! a whole event in place of its data.

use super::data::describe;
use crate::domain::{
    event::{
        EventType,
        fields::{self, Field},
    },
    json::{JsonObject, JsonRef},
    problem::FieldError,
    text::nearest,
};

/// The largest number of warnings.
const MOST_WARNINGS: usize = 20;

/// Warns about fields that this type of event does not have, with the field that was probably meant, and about values
/// in an unusual form. Both are sent all the same, as receivers may have agreed on them. An unknown type gets no
/// warnings.
pub fn warnings(event_type: EventType, data: &JsonObject) -> Vec<FieldError> {
    if event_type.subject().is_none() {
        return Vec::new();
    }
    let told = |(name, value)| match fields::known(event_type, name) {
        None => Some(unknown(event_type, name)),
        Some(field) => (field.kind.takes(value) && !field.kind.is_usual(value)).then(|| unusual(field, value)),
    };
    data.iter().filter_map(told).take(MOST_WARNINGS).collect()
}

/// The longest name of a field that a departure repeats, in characters.
const LONGEST_TOLD: usize = 100;

/// Lists how an event's data departs from the known fields: unknown fields, values of another JSON type, and values in
/// an unusual form. It repeats names but no values, which are people's data. An unknown type departs in nothing.
pub fn departures(event_type: EventType, data: &JsonObject) -> Vec<FieldError> {
    if event_type.subject().is_none() {
        return Vec::new();
    }
    let told = |(name, value): (&str, JsonRef<'_>)| {
        let what = match fields::known(event_type, name) {
            None => "is no known field".to_owned(),
            Some(field) if !field.kind.takes(value) => {
                format!("expected {}, got {}", field.kind.expected(), value.kind())
            }
            Some(field) if !field.kind.is_usual(value) => format!("expected {}", field.kind.expected()),
            Some(_) => return None,
        };
        Some(FieldError::new(format!("data.{}", name.chars().take(LONGEST_TOLD).collect::<String>()), what))
    };
    data.iter().filter_map(told).take(MOST_WARNINGS).collect()
}

fn unknown(event_type: EventType, name: &str) -> FieldError {
    let near = nearest(name, fields::all(event_type).map(|field| field.name));
    let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    FieldError::new(format!("data.{name}"), format!("is no field of {event_type}, and is sent as it is{near}"))
}

fn unusual(field: &Field, value: JsonRef<'_>) -> FieldError {
    let message = format!("is sent as it is, but receivers expect {}, not {}", field.kind.expected(), describe(value));
    FieldError::new(format!("data.{}", field.name), message)
}

/// Whether this is a whole event, as a receiver or the API gets it, and not its data.
pub fn is_whole_event(data: &JsonObject) -> bool {
    let names_type = |name| match data.get(name) {
        Some(text @ JsonRef::String(_)) => text
            .as_str()
            .is_some_and(|text| text.parse::<EventType>().is_ok_and(|event_type| event_type.known().is_some())),
        _ => false,
    };
    matches!(data.get("data"), Some(JsonRef::Object(_))) && (names_type("type") || names_type("event"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::{ids::EventId, payload, time::Timestamp, version::Version};

    fn object(value: &Value) -> JsonObject {
        JsonObject::parse(&value.to_string()).unwrap()
    }

    #[test]
    fn departures_name_fields_and_no_values() {
        let data = json!({"userFirstName": 7, "salary": "much", "timeLogged": "2026-11-23T08:57", "comment": "late"});
        let told = departures(EventType::ATTENDANCE_INSERTED, &object(&data));
        let told: Vec<_> = told.iter().map(ToString::to_string).collect();
        assert_eq!(told[0], "data.userFirstName: expected a string, got a number");
        assert_eq!(told[1], "data.salary: is no known field");
        assert!(told[2].starts_with("data.timeLogged: expected a local time"), "{told:?}");
        assert_eq!(told.len(), 3);
        assert_eq!(departures("planning.inserted".parse().unwrap(), &object(&data)), []);
    }

    #[test]
    fn unknown_fields_name_the_nearest() {
        let of = |event_type, data: Value| {
            warnings(event_type, &object(&data)).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let slip =
            of(EventType::ATTENDANCE_INSERTED, json!({"clockingtype": "Out", "comment": "late", "isDeleted": null}));
        let expected =
            "data.clockingtype: is no field of attendance.inserted, and is sent as it is; did you mean clockingType?";
        assert_eq!(slip, [expected]);
        let own = of(EventType::USER_UPDATED, json!({"xyz": 1, "timeLogged": "2026-11-23T08:57:43"}));
        assert_eq!(own[0], "data.xyz: is no field of user.updated, and is sent as it is");
        assert!(own[1].starts_with("data.timeLogged: is no field of user.updated"), "{own:?}");
        let many: Value = (0..100).map(|n| (format!("own{n}"), json!(n))).collect::<serde_json::Map<_, _>>().into();
        assert_eq!(of(EventType::TEST, many).len(), MOST_WARNINGS);
    }

    #[test]
    fn another_form_than_the_wires_is_told_and_another_type_is_not() {
        let data = json!({
            "timeInserted": "2026-11-23T07:57:44.18Z", "timeLogged": "2026-11-23T08:57", "timeZone": "europe/london",
            "departmentId": "", "projectId": null, "clockingType": 1, "comment": ""
        });
        let told = warnings(EventType::ATTENDANCE_INSERTED, &object(&data));
        let fields: Vec<_> = told.iter().map(|told| told.field.as_str()).collect();
        assert_eq!(fields, ["data.timeLogged", "data.timeZone", "data.departmentId"]);
        let expected = "data.timeLogged: is sent as it is, but receivers expect a local time without offset such as \
                        2026-11-23T08:57:43, not the string \"2026-11-23T08:57\"";
        assert_eq!(told[0].to_string(), expected);
    }

    #[test]
    fn an_example_is_all_known_and_no_whole_event() {
        for event_type in EventType::KNOWN {
            let example = payload::EventData::example(event_type);
            assert_eq!(warnings(event_type, example.object()), []);
            assert!(!is_whole_event(example.object()));
            let at = Timestamp::from_seconds(0);
            let envelope =
                payload::Envelope { id: EventId::from_bytes([7; 16]), event_type, occurred_at: at, dispatched_at: at };
            for version in Version::ALL {
                let body: Value = serde_json::from_slice(&payload::render(version, &envelope, 1, &example)).unwrap();
                assert!(is_whole_event(&object(&body)), "{version} {body}");
            }
        }
    }

    #[test]
    fn data_may_have_a_data_of_its_own() {
        assert!(is_whole_event(&object(&json!({"type": "user.updated", "data": {}}))));
        for data in [
            json!({"data": {"a": 1}}),
            json!({"type": "badge", "data": {}}),
            json!({"event": "user.updated", "data": 1}),
        ] {
            assert!(!is_whole_event(&object(&data)), "{data}");
        }
    }
}
