//! An example of each type's data: what `types` shows, and what `send` and `test` start from. The people, the company
//! and all ids are invented.

use serde_json::{Map, Value};

use super::{data::EventData, json::JsonObject};
use crate::domain::event::EventType;

const CLIENT: &str = "5b0e7c52-6a1d-4f83-9c2e-7d40b1a9e3f6";
const LOCATION: &str = "c94d1f07-23b8-4e6a-8f51-0a6d9e72b4c3";
const DEPARTMENT: &str = "8a3f6e1c-b7d2-4905-a4c8-52e19f0b7d64";
const PROJECT: &str = "e17b52d9-4c80-4a36-b9f1-6d3c08a75e2b";
const PAY_PERIOD: &str = "2f96c8b4-0e5a-47d1-83bc-f1a7d2405c98";

/// An invented person.
struct Person {
    id: &'static str,
    card: &'static str,
    first: &'static str,
    last: &'static str,
    employee: &'static str,
    email: &'static str,
}

const ERIKA: Person = Person {
    id: "d3a1f5b8-9e27-4c64-a0d3-18b7e6c2f940",
    card: "0004711815",
    first: "Erika",
    last: "Example",
    employee: "E-1001",
    email: "erika.example@example.com",
};

const SAM: Person = Person {
    id: "7e4c90ab-15d6-4b3f-92e8-c6a05d7f1b83",
    card: "0004711922",
    first: "Sam",
    last: "Sample",
    employee: "E-1002",
    email: "sam.sample@example.com",
};

/// One clocking of 2026-11-23 in Amsterdam, an hour ahead of UTC.
struct Clocking {
    person: Person,
    direction: &'static str,
    action: i64,
    /// In `timeZone`.
    logged: &'static str,
    rounded: &'static str,
    /// In UTC.
    inserted: &'static str,
    /// Beyond 2^53, as real ones are.
    hash: i64,
    ignored: bool,
    pair: &'static str,
    comment: Option<&'static str>,
}

const CLOCK_IN: Clocking = Clocking {
    person: ERIKA,
    direction: "In",
    action: 0,
    logged: "2026-11-23T08:57:43",
    rounded: "2026-11-23T08:58:00",
    inserted: "2026-11-23T07:57:44.1834521Z",
    hash: -4_827_193_650_182_736_451,
    ignored: false,
    pair: "91c7e0d4-38fa-4b25-8d16-e5f2a07b9c63",
    comment: None,
};

const CORRECTED_OUT: Clocking = Clocking {
    person: ERIKA,
    direction: "Out",
    action: 1,
    logged: "2026-11-23T17:31:08",
    rounded: "2026-11-23T17:31:00",
    inserted: "2026-11-23T16:45:12.0471938Z",
    hash: -7_310_584_926_671_049_283,
    ignored: false,
    pair: CLOCK_IN.pair,
    comment: Some("Corrected by the office"),
};

const REMOVED_IN: Clocking = Clocking {
    person: SAM,
    direction: "In",
    action: 0,
    logged: "2026-11-23T09:02:19",
    rounded: "2026-11-23T09:02:00",
    inserted: "2026-11-23T08:02:20.6620417Z",
    hash: -1_946_203_857_411_902_637,
    ignored: true,
    pair: "0d5b83f6-c92e-4174-b6a0-4f8e17d2c3a9",
    comment: Some("Clocked twice"),
};

impl EventData {
    /// An invented, realistic example of this type's data, with all its known fields.
    pub fn example(event_type: EventType) -> EventData {
        let fields = match event_type {
            EventType::AttendanceInserted | EventType::Test => clocking(CLOCK_IN),
            EventType::AttendanceUpdated => clocking(CORRECTED_OUT),
            EventType::AttendanceDeleted => deleted(clocking(REMOVED_IN)),
            EventType::UserInserted => user(ERIKA, "Warehouse"),
            EventType::UserUpdated => user(ERIKA, "Logistics"),
            EventType::UserDeleted => deleted(user(SAM, "Warehouse")),
        };
        let map: Map<_, _> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        EventData(JsonObject::from(map))
    }
}

type Fields = Vec<(&'static str, Value)>;

fn deleted(mut fields: Fields) -> Fields {
    fields.push(("isDeleted", true.into()));
    fields
}

fn clocking(clocking: Clocking) -> Fields {
    let Clocking { person, direction, action, logged, rounded, inserted, hash, ignored, pair, comment } = clocking;
    let Person { id, card, first, last, employee, email: _ } = person;
    let sequence = format!("Sequences_{CLIENT}_{id}_2026_11_23");
    vec![
        ("clockingType", direction.into()),
        ("deviceSerialNumber", "402600711830294".into()),
        ("clientId", CLIENT.into()),
        ("userId", id.into()),
        ("userCardNumber", card.into()),
        ("userFirstName", first.into()),
        ("userLastName", last.into()),
        ("userFullName", format!("{first} {last}").into()),
        ("userEmployeeNumber", employee.into()),
        ("departmentId", DEPARTMENT.into()),
        ("departmentName", "Warehouse".into()),
        ("locationId", LOCATION.into()),
        ("locationName", "Harbour Street".into()),
        ("projectId", PROJECT.into()),
        ("projectName", "Spring Catalogue".into()),
        ("projectCode", "SC-27".into()),
        ("timeZone", "Europe/Amsterdam".into()),
        ("timeLogged", logged.into()),
        ("timeLoggedRounded", rounded.into()),
        ("timeInserted", inserted.into()),
        ("clockingActionTypeId", action.into()),
        ("verificationModeId", 1.into()),
        ("recordHash", hash.into()),
        ("recordIgnored", ignored.into()),
        ("clockingPairId", format!("Pairs_{sequence}_{pair}").into()),
        ("clockingSequenceId", sequence.into()),
        ("planningId", 0.into()),
        ("absenceTypeId", Value::Null),
        ("absenceTypeName", Value::Null),
        ("color", Value::Null),
        ("comment", comment.into()),
        ("payPeriodId", PAY_PERIOD.into()),
        ("payPeriodName", "November 2026".into()),
    ]
}

fn user(person: Person, department: &'static str) -> Fields {
    let Person { id, card, first, last, employee, email } = person;
    vec![
        ("clientId", CLIENT.into()),
        ("userId", id.into()),
        ("userCardNumber", card.into()),
        ("userFirstName", first.into()),
        ("userLastName", last.into()),
        ("userFullName", format!("{first} {last}").into()),
        ("userEmployeeNumber", employee.into()),
        ("emailAddress", email.into()),
        ("departmentId", DEPARTMENT.into()),
        ("departmentName", department.into()),
        ("locationId", LOCATION.into()),
        ("locationName", "Harbour Street".into()),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::{fields, kind};
    use super::*;

    fn text(data: &EventData, name: &str) -> String {
        data.get(name).as_str().unwrap().into_owned()
    }

    #[test]
    fn an_example_passes_the_check_and_has_every_known_field_in_order() {
        for event_type in EventType::ALL {
            let example = EventData::example(event_type);
            let mut names: Vec<_> = fields::of(event_type).iter().map(|field| field.name).collect();
            names.extend(fields::is_deletion(event_type).then_some("isDeleted"));
            assert_eq!(example.object().iter().map(|(name, _)| name).collect::<Vec<_>>(), names, "{event_type}");
            assert_eq!(EventData::check(event_type, example.object().clone()), Ok(example));
        }
    }

    #[test]
    fn a_clockings_times_agree() {
        for event_type in [EventType::AttendanceInserted, EventType::AttendanceUpdated, EventType::AttendanceDeleted] {
            let data = EventData::example(event_type);
            let zone = kind::time_zone(&text(&data, "timeZone")).unwrap();
            let moment = |name| {
                let local = kind::local_time(&text(&data, name)).unwrap();
                zone.to_ambiguous_timestamp(local).compatible().unwrap()
            };
            let inserted: jiff::Timestamp = text(&data, "timeInserted").parse().unwrap();
            assert!(inserted > moment("timeLogged"), "stored after it was clocked");
            assert!(inserted.duration_since(moment("timeLogged")).as_hours() < 1);
            let rounding = moment("timeLoggedRounded").duration_since(moment("timeLogged"));
            assert!(rounding.as_secs().abs() <= 30 && text(&data, "timeLoggedRounded").ends_with(":00"));
        }
    }

    #[test]
    fn a_clocking_is_of_the_observed_form() {
        let data = EventData::example(EventType::AttendanceInserted);
        let serial = text(&data, "deviceSerialNumber");
        assert!(serial.len() == 15 && serial.bytes().all(|b| b.is_ascii_digit()));
        assert!(data.get("recordHash").json().parse::<i64>().unwrap() < -kind::MAX_SAFE_INTEGER);
        let (client, user) = (text(&data, "clientId"), text(&data, "userId"));
        let sequence = text(&data, "clockingSequenceId");
        assert_eq!(sequence, format!("Sequences_{client}_{user}_2026_11_23"));
        let pair = text(&data, "clockingPairId");
        let pair = pair.strip_prefix(&format!("Pairs_{sequence}_")).unwrap();
        assert_eq!(pair.len(), 36);
        let update = EventData::example(EventType::AttendanceUpdated);
        assert!(text(&update, "clockingPairId").ends_with(pair), "the In and its Out");
    }
}
