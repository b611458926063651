//! One event as a line of JSON: as it is handed in, and as receivers get it and logs keep it.

use super::{
    event::EventType,
    ids::EventId,
    json::{JsonObject, JsonRef},
    problem::FieldError,
    record::NewEvent,
    time::Timestamp,
};

/// What else stands in a delivery's body and in the list of events. Who takes an event in gives it these anew.
const GIVEN_ANEW: [&str; 6] = ["sequence", "dispatchedAt", "acceptedAt", "deliveries", "number", "source"];

/// Reads an event: `type` (or `event`, as receivers get it), `data`, and, where they are there, `id` and `occurredAt`.
///
/// A body as receivers get it says in `timeInserted`, or in `dispatchedAt`, when it has happened.
///
/// # Errors
/// The first field that is wrong, and why; no field when the line is no object.
pub fn read(line: &str) -> Result<NewEvent, FieldError> {
    let object = JsonObject::parse(line).map_err(|error| no_object(line, &error.to_string()))?;
    if object.get("version").is_some() {
        return Err(FieldError::new("version", "is of another format than v1, whose fields cannot be handed in"));
    }
    let known = ["type", "event", "data", "id", "occurredAt"];
    let unknown = object.iter().map(|(name, _)| name).find(|name| !known.contains(name) && !GIVEN_ANEW.contains(name));
    if let Some(name) = unknown {
        return Err(FieldError::new(name, "is no field of an event: it has type, data, id and occurredAt"));
    }
    let named = match (object.get("type"), object.get("event")) {
        (Some(_), Some(_)) => return Err(FieldError::new("event", "says once more what type says")),
        (None, None) => return Err(FieldError::new("type", "is missing")),
        (Some(value), None) => ("type", value),
        (None, Some(value)) => ("event", value),
    };
    let event_type: EventType = parsed(named.0, named.1)?;
    let data = match object.get("data") {
        None => return Err(FieldError::new("data", "is missing")),
        Some(JsonRef::Object(text)) => {
            JsonObject::parse(text).map_err(|error| FieldError::new("data", error.to_string()))?
        }
        Some(_) => return Err(FieldError::new("data", "is not an object")),
    };
    let id: Option<EventId> = stated(&object, "id")?;
    let occurred_at: Option<Timestamp> = stated(&object, "occurredAt")?;
    let occurred_at = occurred_at.or_else(|| happened(&object, &data).filter(|_| named.0 == "event"));
    Ok(NewEvent { event_type, data, id, occurred_at })
}

fn no_object(line: &str, why: &str) -> FieldError {
    let hint = match line.trim_start().chars().next() {
        Some('[') => "is an array: write its items one a line, as `jq -c .[]` does".to_owned(),
        Some('{') if why.contains("EOF") => {
            "ends within an event: each stands on a line of its own, as `jq -c .` writes it".to_owned()
        }
        _ => format!("is no event as JSON: {why}"),
    };
    FieldError::new("", hint)
}

/// The value of a field that may be absent or `null`.
fn stated<T: std::str::FromStr<Err: std::fmt::Display>>(
    object: &JsonObject,
    name: &str,
) -> Result<Option<T>, FieldError> {
    match object.get(name) {
        None | Some(JsonRef::Null) => Ok(None),
        Some(value) => parsed(name, value).map(Some),
    }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, value: JsonRef<'_>) -> Result<T, FieldError> {
    let text = value.as_str().ok_or_else(|| FieldError::new(name, "is not a string"))?;
    text.parse().map_err(|error: T::Err| FieldError::new(name, error.to_string()))
}

/// When the event of a body has happened.
fn happened(object: &JsonObject, data: &JsonObject) -> Option<Timestamp> {
    let inserted = data.get("timeInserted").and_then(|value| value.as_str()?.parse().ok());
    let dispatched = || match object.get("dispatchedAt") {
        Some(JsonRef::Number(seconds)) => seconds.parse().ok().map(Timestamp::from_seconds),
        _ => None,
    };
    inserted.or_else(dispatched)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(line: &str) -> String {
        read(line).unwrap_err().to_string()
    }

    #[test]
    fn an_event_as_it_is_handed_in() {
        let line = r#" {"type":"user.updated","data":{"userId":null,"n":1.10},"id":"tm_0199c1d2e3f4758697a8b9cadbecfd0e","occurredAt":"2026-11-23T08:57:43+01:00"} "#;
        let event = read(line).unwrap();
        assert_eq!((event.event_type, event.data.as_str()), (EventType::USER_UPDATED, r#"{"userId":null,"n":1.10}"#));
        assert_eq!(event.id.unwrap().to_string(), "tm_0199c1d2e3f4758697a8b9cadbecfd0e");
        assert_eq!(event.occurred_at.unwrap().to_string(), "2026-11-23T07:57:43.000Z");
        let least = read("{\"type\":\"a.b\",\"data\":{},\"id\":null}\r").unwrap();
        assert_eq!((least.id, least.occurred_at), (None, None));
    }

    #[test]
    fn an_event_as_receivers_get_it_and_as_it_is_listed() {
        let body = r#"{"id":"tm_0199c1d2e3f4758697a8b9cadbecfd0e","event":"attendance.inserted","sequence":7,"dispatchedAt":1795420664,"data":DATA}"#;
        let of = |data: &str| read(&body.replace("DATA", data)).unwrap().occurred_at.unwrap().to_string();
        assert_eq!(of(r#"{"timeInserted":"2026-11-23T07:57:44.1834521Z"}"#), "2026-11-23T07:57:44.183Z");
        assert_eq!(of(r#"{"timeInserted":null}"#), "2026-11-23T07:57:44.000Z");
        let listed = r#"{"id":"tm_0199c1d2e3f4758697a8b9cadbecfd0e","type":"x","sequence":7,"occurredAt":"2026-11-23T08:57:43Z","acceptedAt":"2026-11-23T08:57:43Z","data":{},"deliveries":[]}"#;
        assert!(read(listed).is_ok());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, why) in [
            ("", "is no event as JSON"),
            ("[{}]", "is an array: write its items one a line"),
            ("{\"type\":", "ends within an event"),
            ("null", "is no event as JSON"),
            (r#"{"data":{}}"#, "type: is missing"),
            (r#"{"type":"a b","data":{}}"#, "type: \"a b\" cannot be"),
            (r#"{"type":7,"data":{}}"#, "type: is not a string"),
            (r#"{"type":"a","event":"a","data":{}}"#, "event: says once more"),
            (r#"{"type":"a"}"#, "data: is missing"),
            (r#"{"type":"a","data":[]}"#, "data: is not an object"),
            (r#"{"type":"a","data":{"b":1,"b":2}}"#, "duplicate field `data.b`"),
            (r#"{"type":"a","data":{},"id":"7 8"}"#, "id: \"7 8\" is not an event's id"),
            (r#"{"type":"a","data":{},"occurredAt":"yesterday"}"#, "occurredAt: \"yesterday\" is not a time"),
            (r#"{"type":"a","data":{},"ocurredAt":"2026-11-23T08:57:43Z"}"#, "ocurredAt: is no field of an event"),
            (r#"{"version":"v2","event":"a","data":{}}"#, "version: is of another format"),
        ] {
            assert!(wrong(line).contains(why), "{line}: {}", wrong(line));
        }
    }
}
