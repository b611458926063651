//! The checked data of an event.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::{Value, value::RawValue};

use crate::domain::{
    event::{
        EventType, Kind,
        fields::{self, Field},
    },
    json::{JsonObject, JsonRef},
    problem::FieldError,
};

/// The deepest allowed nesting of `data`, including `data` itself.
///
/// JSON readers commonly stop at 128 levels, `serde_json` among them. Bodies, rows and lists add levels around `data`,
/// and it must stay readable in each of them.
pub const MAX_LEVELS: usize = 120;

/// The `data` of an event with `v1`'s field names, as [`EventData::check`] accepted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct EventData(pub(super) JsonObject);

impl<'de> Deserialize<'de> for EventData {
    /// Reads the data of an answer as it is: a source's events may repeat a field.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        JsonObject::verbatim(text.get()).map(EventData).map_err(D::Error::custom)
    }
}

impl EventData {
    /// Checks what a caller sent: known fields have their JSON type or `null`, unknown fields hold anything, and the
    /// nesting is at most [`MAX_LEVELS`] deep. Changes nothing.
    ///
    /// # Errors
    /// Lists every wrong field by its path (`data.timeLogged`), with what was expected and what was sent.
    pub fn check(event_type: EventType, data: JsonObject) -> Result<EventData, Vec<FieldError>> {
        let mut finder = data.finder();
        let known = fields::all(event_type);
        let mut errors: Vec<_> = known.filter_map(|field| type_error(field, finder.get(field.name)?)).collect();
        errors.extend(data.iter().filter(|(_, value)| is_too_deep(*value)).map(|(name, _)| depth_error(name)));
        if errors.is_empty() { Ok(EventData(data)) } else { Err(errors) }
    }

    /// Returns the data of a `v1` body, character by character, or `None` if the body is no envelope.
    pub fn of_body(body: &[u8]) -> Option<EventData> {
        let text = std::str::from_utf8(body).ok()?;
        EventData::of_envelope(&JsonObject::verbatim(text.strip_prefix('\u{feff}').unwrap_or(text)).ok()?)
    }

    /// Returns the data of an envelope, character by character: empty if there is none, and `None` if it is not an
    /// object.
    pub fn of_envelope(envelope: &JsonObject) -> Option<EventData> {
        match envelope.get("data") {
            Some(JsonRef::Object(data)) => JsonObject::verbatim(data).ok().map(EventData),
            Some(JsonRef::Null) | None => JsonObject::verbatim("{}").ok().map(EventData),
            Some(_) => None,
        }
    }

    /// The data as a JSON object.
    pub fn object(&self) -> &JsonObject {
        &self.0
    }

    /// Returns the value of a field, or `null` if it is missing.
    pub(super) fn get(&self, name: &str) -> JsonRef<'_> {
        self.0.get(name).unwrap_or(JsonRef::Null)
    }

    /// Returns the value of `isDeleted`, if it is sent: the given value, or else `true` in a deletion.
    pub(super) fn deletion_mark(&self, event_type: EventType) -> Option<JsonRef<'_>> {
        self.0.get(fields::IS_DELETED.name).or(event_type.is_deletion().then_some(JsonRef::Bool(true)))
    }

    /// Returns the fields that are unknown for this type of event, in the given order, with their names as written.
    pub(super) fn unknown(&self, event_type: EventType) -> impl Iterator<Item = (&str, JsonRef<'_>)> {
        self.0.iter().filter(move |(name, _)| fields::known(event_type, name).is_none())
    }
}

fn type_error(field: &Field, value: JsonRef<'_>) -> Option<FieldError> {
    if field.kind.takes(value) {
        return None;
    }
    let message = format!("expected {}, got {}", field.kind.expected(), describe(value));
    Some(FieldError::new(format!("data.{}", field.name), message))
}

fn depth_error(name: &str) -> FieldError {
    let path = format!("data.{}", shortened(name));
    FieldError::new(path, format!("is nested too deep: data may have at most {MAX_LEVELS} levels"))
}

/// Describes a value briefly enough for an error.
pub(super) fn describe(value: JsonRef<'_>) -> String {
    match value {
        JsonRef::Null | JsonRef::Bool(_) => value.json().to_owned(),
        JsonRef::Number(number) => format!("the number {}", shortened(number)),
        JsonRef::String(_) => {
            format!("the string {}", Value::from(shortened(&value.as_str().unwrap_or_default())))
        }
        JsonRef::Array(_) => "an array".to_owned(),
        JsonRef::Object(_) => "an object".to_owned(),
    }
}

/// How many characters of a wrong value an error repeats.
const SHOWN: usize = 60;

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Whether a field's value nests deeper than [`MAX_LEVELS`] allows.
fn is_too_deep(value: JsonRef<'_>) -> bool {
    let (JsonRef::Array(text) | JsonRef::Object(text)) = value else { return false };
    // `data` itself is one level.
    is_nested_deeper(text, MAX_LEVELS - 1)
}

/// Whether a JSON text nests deeper than `most` levels.
pub fn is_nested_deeper(text: &str, most: usize) -> bool {
    let (mut level, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => level += 1,
            b']' | b'}' if !in_string => level = level.saturating_sub(1),
            _ => {}
        }
        if level > most {
            return true;
        }
    }
    false
}

/// Whether a text given for this field is a string, even if it looks like a number.
pub(super) fn takes_text(name: &str) -> bool {
    fields::kind_of(name).is_some_and(Kind::is_text)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::json;
    use proptest::prelude::*;
    use serde_json::json;

    /// Parses and checks the data.
    pub(in crate::domain::payload) fn check(event_type: EventType, data: &Value) -> Result<EventData, Vec<FieldError>> {
        EventData::check(event_type, JsonObject::parse(&data.to_string()).unwrap())
    }

    fn errors(event_type: EventType, data: Value) -> Vec<(String, String)> {
        let errors = check(event_type, &data).unwrap_err();
        errors.into_iter().map(|FieldError { field, message }| (field, message)).collect()
    }

    fn error(data: Value) -> (String, String) {
        let mut errors = errors(EventType::ATTENDANCE_INSERTED, data);
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors.remove(0)
    }

    fn nested(levels: usize) -> Value {
        (0..levels).fold(json!(1), |inner, _| json!([inner]))
    }

    #[test]
    fn names_the_field_what_it_takes_and_what_came() {
        let (field, message) = error(json!({"timeLogged": 1_795_424_263}));
        assert_eq!(field, "data.timeLogged");
        assert_eq!(
            message,
            "expected a local time without offset such as 2026-11-23T08:57:43, got the number 1795424263"
        );
        let (_, message) = error(json!({"userCardNumber": 42}));
        assert_eq!(message, "expected a string, got the number 42");
        let (_, message) = error(json!({"recordIgnored": [true]}));
        assert_eq!(message, "expected true or false, got an array");
        let (_, message) = error(json!({"planningId": "x".repeat(1000)}));
        assert!(message.chars().count() < 160, "{message}");
    }

    #[test]
    fn names_every_wrong_field_in_the_order_of_the_wire() {
        let wrong = json!({"planningId": "7", "userId": 5, "color": null, "more": {"userId": 1}});
        let fields: Vec<_> = errors(EventType::TEST, wrong).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["data.userId", "data.planningId"]);
    }

    #[test]
    fn a_field_of_another_subject_is_unknown_and_free() {
        let data = json!({"timeLogged": 5, "emailAddress": "kim@example.com"});
        assert!(check(EventType::USER_INSERTED, &data).is_ok());
        assert!(check(EventType::ATTENDANCE_INSERTED, &data).is_err());
        assert_eq!(errors(EventType::USER_UPDATED, json!({"isDeleted": "yes"}))[0].0, "data.isDeleted");
    }

    #[test]
    fn the_deepest_allowed_is_taken_and_one_level_more_is_not() {
        assert!(check(EventType::TEST, &json!({"a": nested(MAX_LEVELS - 1)})).is_ok());
        let (field, message) = error(json!({"fine": 1, "deep": {"er": nested(MAX_LEVELS - 1)}}));
        assert_eq!(field, "data.deep");
        assert!(message.contains("at most 120 levels"), "{message}");
    }

    #[test]
    fn the_deepest_allowed_is_still_read_in_every_body_that_carries_it() {
        use crate::domain::{ids::EventId, payload, time::Timestamp, version::Version};
        let data = check(EventType::TEST, &json!({"a": nested(MAX_LEVELS - 1)})).unwrap();
        let at = Timestamp::from_seconds(0);
        let (id, event_type) = (EventId::from_bytes([7; 16]), EventType::TEST);
        let envelope = payload::Envelope { id, event_type, occurred_at: at, dispatched_at: at };
        for version in Version::ALL {
            let body: Value = serde_json::from_slice(&payload::render(version, &envelope, 1, &data)).unwrap();
            let listed = json!({"data": [{"event": body}]}).to_string();
            assert!(serde_json::from_str::<Value>(&listed).is_ok(), "{version}");
        }
    }

    fn known_names() -> Vec<String> {
        fields::ATTENDANCE.iter().chain(fields::USER).map(|field| field.name.to_owned()).collect()
    }

    /// Any JSON, with the known names among the keys.
    pub(in crate::domain::payload) fn any_json() -> impl Strategy<Value = Value> {
        json::tests::any_json(known_names())
    }

    /// Any JSON object, with the known names among the keys.
    pub(in crate::domain::payload) fn any_object() -> impl Strategy<Value = Value> {
        json::tests::any_object(known_names())
    }

    proptest! {
        #[test]
        fn whatever_comes_is_kept_or_refused(data in any_object()) {
            for event_type in EventType::KNOWN {
                match check(event_type, &data) {
                    Ok(checked) => prop_assert_eq!(checked.object().as_str(), data.to_string()),
                    Err(errors) => prop_assert!(!errors.is_empty()),
                }
            }
        }
    }
}
