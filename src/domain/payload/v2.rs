//! `v2` (preview): the project's own format. It has nested objects, RFC 3339 times with offsets, and no number that a
//! double cannot represent.

use std::io::Write;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Number, Value};

use super::{data::EventData, envelope::Envelope, moments::Moments};
use crate::domain::{
    event::{EventType, MAX_SAFE_INTEGER, Subject, fields::IS_DELETED},
    json::JsonRef,
    version::Version,
};

/// The name of the object that holds the unknown fields in their given order.
pub const EXTRA: &str = "extra";

/// A field of `v2`'s data, or an object of them.
pub enum Node {
    /// `v2`'s name, `v1`'s name, and how its value is written.
    Leaf(&'static str, &'static str, How),
    /// `v2`'s name and what lies in it.
    Object(&'static str, &'static [Node]),
}

/// How a value of `v1` is written in `v2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The value is unchanged, unless a double cannot represent its numbers.
    Same,
    /// A number always becomes a string.
    AsString,
    /// A local time gets the offset that `timeZone` has then; [`moments`](super::moments) says which where there are two.
    /// `null` when either is missing or the zone is not known.
    WithOffset,
}

use How::{AsString, Same, WithOffset};
use Node::{Leaf, Object};

/// The data of a clocking.
pub const ATTENDANCE: &[Node] = &[
    Leaf("clientId", "clientId", Same),
    Object(
        "user",
        &[
            Leaf("id", "userId", Same),
            Leaf("firstName", "userFirstName", Same),
            Leaf("lastName", "userLastName", Same),
            Leaf("fullName", "userFullName", Same),
            Leaf("cardNumber", "userCardNumber", Same),
            Leaf("employeeNumber", "userEmployeeNumber", Same),
            DEPARTMENT,
        ],
    ),
    LOCATION,
    Object(
        "project",
        &[Leaf("id", "projectId", Same), Leaf("name", "projectName", Same), Leaf("code", "projectCode", Same)],
    ),
    Object(
        "clocking",
        &[
            Leaf("type", "clockingType", Same),
            Leaf("action", "clockingActionTypeId", Same),
            Leaf("verificationMode", "verificationModeId", Same),
            Leaf("deviceSerialNumber", "deviceSerialNumber", Same),
            Leaf("timeZone", "timeZone", Same),
            Leaf("loggedAt", "timeLogged", WithOffset),
            Leaf("roundedAt", "timeLoggedRounded", WithOffset),
            Leaf("insertedAt", "timeInserted", Same),
            Leaf("pairId", "clockingPairId", Same),
            Leaf("sequenceId", "clockingSequenceId", Same),
            Leaf("planningId", "planningId", Same),
            Leaf("recordHash", "recordHash", AsString),
            Leaf("ignored", "recordIgnored", Same),
            Leaf("color", "color", Same),
            Leaf("comment", "comment", Same),
        ],
    ),
    Object("absenceType", &[Leaf("id", "absenceTypeId", Same), Leaf("name", "absenceTypeName", Same)]),
    Object("payPeriod", &[Leaf("id", "payPeriodId", Same), Leaf("name", "payPeriodName", Same)]),
];

/// The data of a person.
pub const USER: &[Node] = &[
    Leaf("clientId", "clientId", Same),
    Object(
        "user",
        &[
            Leaf("id", "userId", Same),
            Leaf("firstName", "userFirstName", Same),
            Leaf("lastName", "userLastName", Same),
            Leaf("fullName", "userFullName", Same),
            Leaf("cardNumber", "userCardNumber", Same),
            Leaf("employeeNumber", "userEmployeeNumber", Same),
            Leaf("emailAddress", "emailAddress", Same),
            DEPARTMENT,
        ],
    ),
    LOCATION,
];

const DEPARTMENT: Node =
    Object("department", &[Leaf("id", "departmentId", Same), Leaf("name", "departmentName", Same)]);
const LOCATION: Node = Object("location", &[Leaf("id", "locationId", Same), Leaf("name", "locationName", Same)]);

fn layout(subject: Subject) -> &'static [Node] {
    match subject {
        Subject::Attendance => ATTENDANCE,
        Subject::User => USER,
    }
}

/// Writes the body of a delivery and returns the offset of its sequence.
pub fn write(body: &mut Vec<u8>, envelope: &Envelope, sequence: Option<u64>, data: &EventData) -> usize {
    let Envelope { id, event_type, occurred_at, dispatched_at } = *envelope;
    // Writing to a vector does not fail; times need no escapes, and keys are strings.
    let _ = write!(body, r#"{{"version":"{}","id":{},"event":"#, Version::V2, id.in_json());
    let _ = serde_json::to_writer(&mut *body, event_type.as_str());
    body.extend_from_slice(br#","sequence":"#);
    let gap = body.len();
    let _ = sequence.map_or(Ok(()), |sequence| serde_json::to_writer(&mut *body, &Safe(sequence)));
    let _ = write!(body, r#","occurredAt":"{occurred_at}","dispatchedAt":"{dispatched_at}","data":"#);
    let _ = serde_json::to_writer(&mut *body, &Data { event_type, data });
    body.push(b'}');
    gap
}

struct Data<'a> {
    event_type: EventType,
    data: &'a EventData,
}

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Data { event_type, data } = *self;
        let Some(subject) = event_type.subject() else {
            return Extra { event_type, data }.serialize(serializer);
        };
        let moments = Moments::of(data);
        let mut map = serializer.serialize_map(None)?;
        Group { nodes: layout(subject), data, moments: &moments }.write(&mut map)?;
        if let Some(mark) = data.deletion_mark(event_type) {
            map.serialize_entry(IS_DELETED.name, &Safe(mark))?;
        }
        map.serialize_entry(EXTRA, &Extra { event_type, data })?;
        map.end()
    }
}

/// One object of the layout.
struct Group<'a> {
    nodes: &'static [Node],
    data: &'a EventData,
    /// What its local times are read by.
    moments: &'a Moments,
}

impl Group<'_> {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        for node in self.nodes {
            match *node {
                Object(name, nodes) => map.serialize_entry(name, &Group { nodes, ..*self })?,
                Leaf(name, from, WithOffset) => {
                    let text = self.data.get(from).as_str();
                    map.serialize_entry(name, &text.and_then(|text| self.moments.with_offset(from, &text)))?;
                }
                Leaf(name, from, how) => match (how, self.data.get(from)) {
                    (AsString, JsonRef::Number(number)) => map.serialize_entry(name, number)?,
                    (_, value) => map.serialize_entry(name, &Safe(value))?,
                },
            }
        }
        Ok(())
    }
}

impl Serialize for Group<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.nodes.len()))?;
        self.write(&mut map)?;
        map.end()
    }
}

/// The fields that the layout does not have. For an unknown type, these are all fields.
struct Extra<'a> {
    event_type: EventType,
    data: &'a EventData,
}

impl Serialize for Extra<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.data.unknown(self.event_type).map(|(name, value)| (name, Safe(value))))
    }
}

/// Writes numbers of 2^53 and more in size as strings of the same digits, at any depth.
struct Safe<T>(T);

impl Serialize for Safe<u64> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 <= MAX_SAFE_INTEGER.unsigned_abs() {
            serializer.serialize_u64(self.0)
        } else {
            serializer.collect_str(&self.0)
        }
    }
}

impl Serialize for Safe<JsonRef<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0, self.0.as_str()) {
            (JsonRef::Null, _) => serializer.serialize_unit(),
            (JsonRef::Bool(flag), _) => serializer.serialize_bool(flag),
            (_, Some(text)) => serializer.serialize_str(&text),
            (value, None) => Safe(&value.to_value()).serialize(serializer),
        }
    }
}

impl Serialize for Safe<&Value> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Number(number) if !is_safe(number) => serializer.serialize_str(number.as_str()),
            Value::Array(items) => serializer.collect_seq(items.iter().map(Safe)),
            Value::Object(map) => serializer.collect_map(map.iter().map(|(name, value)| (name, Safe(value)))),
            other => other.serialize(serializer),
        }
    }
}

fn is_safe(number: &Number) -> bool {
    let text = number.as_str();
    let is_short = text.len() <= 15 && !text.contains('e');
    is_short || text.parse::<f64>().is_ok_and(|number| number.abs() <= MAX_SAFE_INTEGER as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::{
        data::tests::{any_json, check},
        golden::{SEQUENCE, envelope},
        render,
    };
    use super::*;
    use crate::domain::event::{Kind, fields};

    fn sent(event_type: EventType, data: Value) -> Value {
        let data = check(event_type, &data).unwrap();
        serde_json::from_slice(&render(Version::V2, &envelope(event_type), SEQUENCE, &data)).unwrap()
    }

    fn logged_at(zone: &str, local: &str) -> Value {
        let data = json!({"timeZone": zone, "timeLogged": local});
        sent(EventType::ATTENDANCE_INSERTED, data)["data"]["clocking"]["loggedAt"].clone()
    }

    fn leaves(nodes: &'static [Node]) -> Vec<(&'static str, How)> {
        let of = |node: &'static Node| match *node {
            Leaf(_, from, how) => vec![(from, how)],
            Object(_, nodes) => leaves(nodes),
        };
        nodes.iter().flat_map(of).collect()
    }

    #[test]
    fn every_known_field_has_one_place_that_suits_its_type() {
        for event_type in EventType::KNOWN {
            let Some(subject) = event_type.subject() else { continue };
            let mut placed = leaves(layout(subject));
            for field in fields::of(event_type) {
                let at = placed.iter().position(|(from, _)| *from == field.name).expect(field.name);
                let suits = match field.kind {
                    Kind::LocalTime => WithOffset,
                    Kind::Integer64 => AsString,
                    _ => Same,
                };
                assert_eq!(placed.swap_remove(at).1, suits, "{}", field.name);
            }
            assert_eq!(placed, [], "places without a field");
        }
    }

    #[test]
    fn local_times_get_the_offset_of_their_zone() {
        assert_eq!(logged_at("Europe/London", "2026-11-23T08:57:43"), "2026-11-23T08:57:43+00:00");
        assert_eq!(logged_at("Europe/Berlin", "2026-07-01T08:57:43.25"), "2026-07-01T08:57:43.25+02:00");
        assert_eq!(logged_at("Asia/Kolkata", "2026-07-01T08:57:43"), "2026-07-01T08:57:43+05:30");
        assert_eq!(logged_at("Europe/Berlin", "2026-10-25T02:30:00"), "2026-10-25T02:30:00+02:00", "comes twice");
        assert_eq!(logged_at("Europe/Berlin", "2026-03-29T02:30:00"), "2026-03-29T03:30:00+02:00", "is skipped");
    }

    #[test]
    fn in_the_hour_that_comes_twice_an_out_is_after_its_in() {
        let clocking = |inserted: &str, logged: &str| {
            let data = json!({
                "timeZone": "Europe/Berlin", "timeInserted": inserted,
                "timeLogged": logged, "timeLoggedRounded": format!("{}:00", &logged[..16]),
            });
            let body = sent(EventType::ATTENDANCE_INSERTED, data);
            ["loggedAt", "roundedAt"].map(|name| body["data"]["clocking"][name].as_str().unwrap().to_owned())
        };
        let at_work = clocking("2026-10-25T00:40:08.1834521Z", "2026-10-25T02:40:07");
        assert_eq!(at_work, ["2026-10-25T02:40:07+02:00", "2026-10-25T02:40:00+02:00"]);
        let home = clocking("2026-10-25T01:10:31.0471938Z", "2026-10-25T02:10:30");
        assert_eq!(home, ["2026-10-25T02:10:30+01:00", "2026-10-25T02:10:00+01:00"]);
        // A clock that is some seconds fast: the rounded time alone would be before what was stored.
        let fast = clocking("2026-10-25T01:10:10Z", "2026-10-25T02:10:30");
        assert_eq!(fast, ["2026-10-25T02:10:30+02:00", "2026-10-25T02:10:00+02:00"]);
    }

    #[test]
    fn what_is_unlike_the_wire_is_understood_where_it_can_be() {
        assert_eq!(logged_at("europe/london", "2026-07-01 08:57"), "2026-07-01T08:57:00+01:00");
        assert_eq!(logged_at("Nowhere", "2026-07-01T08:57:43+05:00"), "2026-07-01T08:57:43+05:00");
        assert_eq!(logged_at("Europe/London", "this morning"), Value::Null);
        assert_eq!(logged_at("Nowhere", "2026-07-01T08:57:43"), Value::Null);
    }

    #[test]
    fn a_time_without_zone_or_beyond_the_calendar_is_null() {
        let data = json!({"timeLogged": "2026-11-23T08:57:43"});
        assert_eq!(sent(EventType::ATTENDANCE_INSERTED, data)["data"]["clocking"]["loggedAt"], Value::Null);
        assert_eq!(logged_at("America/New_York", "9999-12-31T23:59:59"), Value::Null);
    }

    #[test]
    fn unknown_fields_go_to_extra_with_large_numbers_as_strings() {
        let text = r#"{"b":9007199254740991,"a":[9007199254740992,{"x":-1e400}],"n":1.10,"emailAddress":0.5e1}"#;
        let body = sent(EventType::ATTENDANCE_UPDATED, serde_json::from_str(text).unwrap());
        let extra = r#"{"b":9007199254740991,"a":["9007199254740992",{"x":"-1e+400"}],"n":1.10,"emailAddress":0.5e+1}"#;
        assert_eq!(body["data"]["extra"].to_string(), extra);
        assert_eq!(sent(EventType::USER_UPDATED, json!({}))["data"]["extra"], json!({}));
    }

    #[test]
    fn a_type_that_is_not_known_keeps_its_data_with_large_numbers_as_strings() {
        let text = r#"{"recordHash":5,"isDeleted":"no","big":9007199254740992,"a":{"b":[1e400]}}"#;
        let body = sent("planning.published".parse().unwrap(), serde_json::from_str(text).unwrap());
        let data = r#"{"recordHash":5,"isDeleted":"no","big":"9007199254740992","a":{"b":["1e+400"]}}"#;
        assert_eq!((body["data"].to_string(), &body["event"]), (data.to_owned(), &json!("planning.published")));
        assert_eq!(sent("x".parse().unwrap(), json!({}))["data"], json!({}));
    }

    #[test]
    fn the_hash_is_always_a_string_and_the_sequence_a_safe_number() {
        let body = sent(EventType::TEST, json!({"recordHash": 5}));
        assert_eq!(body["data"]["clocking"]["recordHash"], "5");
        let data = EventData::example(EventType::TEST);
        let body = render(Version::V2, &envelope(EventType::TEST), u64::MAX, &data);
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["sequence"], "18446744073709551615");
    }

    #[test]
    fn deletions_are_marked() {
        assert_eq!(sent(EventType::USER_DELETED, json!({}))["data"]["isDeleted"], true);
        assert_eq!(sent(EventType::USER_INSERTED, json!({}))["data"].get("isDeleted"), None);
    }

    fn numbers(value: &Value) -> Vec<&Number> {
        match value {
            Value::Number(number) => vec![number],
            Value::Array(items) => items.iter().flat_map(numbers).collect(),
            Value::Object(map) => map.values().flat_map(numbers).collect(),
            _ => Vec::new(),
        }
    }

    fn is_beyond(number: &Number) -> bool {
        let exact = number.as_i128().map(|n| n.unsigned_abs() > 1 << 53);
        exact.unwrap_or_else(|| number.as_f64().is_none_or(|n| n.abs() > 9_007_199_254_740_992.0))
    }

    proptest! {
        #[test]
        fn no_number_is_beyond_2_to_the_53(data in any_json(), n in any::<i128>(), sequence: u64) {
            let odd: Value = serde_json::from_str(&format!("[{n},{n}.5,{n}e7]")).unwrap();
            for event_type in EventType::KNOWN {
                let data = check(event_type, &json!({"odd": odd, "more": data})).unwrap();
                let body = render(Version::V2, &envelope(event_type), sequence, &data);
                let body: Value = serde_json::from_slice(&body).unwrap();
                let extra = if event_type.subject().is_some() { &body["data"]["extra"] } else { &body["data"] };
                let beyond: Vec<_> = numbers(&body).into_iter().filter(|number| is_beyond(number)).collect();
                prop_assert!(beyond.is_empty(), "{:?}", beyond);
                prop_assert!(extra["odd"][0] == n.to_string() || n.unsigned_abs() < 1 << 53);
            }
        }
    }
}
