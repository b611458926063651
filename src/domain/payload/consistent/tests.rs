//! No event that is made here contradicts itself, whatever one field of it is set to.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{super::EventData, *};
use crate::domain::{
    event::{
        Kind,
        fields::{self, Field},
    },
    problem::FieldError,
};

/// A Wednesday, week 48.
const NOW: &str = "2026-11-25T16:55:00.412Z";

fn now() -> Occasion {
    Occasion::now(NOW.parse().unwrap())
}

/// The example of a type with some fields set.
fn made(event_type: EventType, set: &Value, occasion: Occasion) -> (Map<String, Value>, Timestamp) {
    let Value::Object(mut fields) = EventData::example(event_type).object().to_value() else { unreachable!() };
    let set = set.as_object().unwrap().clone();
    let given = set.keys().cloned().collect();
    fields.extend(set);
    let happened = follow(event_type, &mut fields, &given, &occasion);
    (fields, happened)
}

fn inserted(set: Value) -> Map<String, Value> {
    made(EventType::ATTENDANCE_INSERTED, &set, now()).0
}

fn contradicting(event_type: EventType, set: &Value) -> Vec<String> {
    let (fields, happened) = made(event_type, set, now());
    let found = contradictions(event_type, &fields, happened);
    found.iter().map(|FieldError { field, message }| format!("{field} {message}")).collect()
}

/// Values that a field may be set to: none, its usual ones, and strange ones.
fn values(field: &Field) -> Vec<Value> {
    let own = match field.kind {
        Kind::Text => match field.name {
            "clockingSequenceId" => vec![json!(format!("Sequences_{A}_{B}_2026_11_20")), json!("mine")],
            "clockingPairId" => vec![json!(format!("Pairs_Sequences_{A}_{B}_2026_11_20_{A}")), json!("mine")],
            "payPeriodName" => vec![json!("3"), json!("48"), json!("53"), json!("November 2026")],
            _ => vec![json!("Mara"), json!("Anna Maria  Müller"), json!("李")],
        },
        Kind::Direction => vec![json!("In"), json!("Out"), json!("out")],
        Kind::Integer => vec![json!(-1), json!(0), json!(1), json!(2), json!(3), json!(12)],
        Kind::Integer64 => vec![json!(0), json!(i64::MIN)],
        Kind::Boolean => vec![json!(true), json!(false)],
        Kind::Uuid => vec![json!(A), json!("mine")],
        Kind::TimeZone => vec![json!("Asia/Kolkata"), json!("Pacific/Apia"), json!("Nowhere")],
        Kind::LocalTime | Kind::UtcTime => vec![
            json!("2026-11-23T08:57:43"),
            json!("2024-02-29T23:59:59.9999999"),
            json!("2026-10-25T02:30:00"),
            json!("2026-03-29T02:30"),
            json!("2031-01-01T00:00:00Z"),
            json!("2026-11-23T08:57:43.25+05:30"),
            json!("this morning"),
        ],
    };
    [vec![Value::Null], if field.kind.is_text() { vec![json!("")] } else { vec![] }, own].concat()
}

const A: &str = "64c0a7f2-91d8-4b3e-a5f6-2e8d70b19c45";
const B: &str = "0d5b83f6-c92e-4174-b6a0-4f8e17d2c3a9";

#[test]
fn no_single_field_makes_an_event_contradict_itself() {
    for event_type in EventType::KNOWN {
        for field in fields::of(event_type) {
            for value in values(field) {
                let found = contradicting(event_type, &json!({ field.name: value }));
                assert_eq!(found, [""; 0], "{event_type} {}={value}", field.name);
            }
        }
    }
}

#[test]
fn neither_do_two_that_agree() {
    for set in [
        json!({"clockingType": "Out", "clockingActionTypeId": 2}),
        json!({"timeLogged": "2026-11-24T08:57:43", "timeInserted": "2026-11-24T09:12:40.0471Z"}),
        json!({"timeZone": "Asia/Kolkata", "timeLogged": "2026-11-24T08:57:43"}),
        json!({"userFirstName": "Anna Maria", "userFullName": "Anna Maria von Beispiel"}),
        json!({"userLastName": "von Beispiel", "userFullName": "Anna Maria von Beispiel"}),
        json!({"clientId": A, "userId": B}),
        json!({"clockingSequenceId": format!("Sequences_{A}_{B}_2026_11_24"), "timeLogged": "2026-11-25T00:12:38"}),
    ] {
        for event_type in [EventType::ATTENDANCE_INSERTED, EventType::ATTENDANCE_UPDATED, EventType::ATTENDANCE_DELETED]
        {
            assert_eq!(contradicting(event_type, &set), [""; 0], "{event_type} {set}");
        }
    }
}

#[test]
fn what_was_given_stays_and_what_does_not_fit_is_found() {
    let found = |event_type, set: Value| {
        let (fields, _) = made(event_type, &set, now());
        for (name, value) in set.as_object().unwrap() {
            assert_eq!(fields[name], *value);
        }
        contradicting(event_type, &set).join("; ")
    };
    for (set, expected) in [
        (json!({"clockingType": "Out", "clockingActionTypeId": 0}), "data.clockingType is Out, but"),
        (json!({"userFirstName": "Mara", "userFullName": "Erika Example"}), ""),
        (json!({"userFirstName": "Mara", "userLastName": "B", "userFullName": "C"}), "data.userFullName is \"C\", but"),
        (json!({"departmentId": A, "departmentName": null}), "data.departmentId is there without departmentName"),
        (json!({"projectId": "", "projectName": "x"}), "data.projectName is there without projectId"),
        (
            json!({"timeLogged": "2026-11-24T08:57:43", "timeLoggedRounded": "2026-11-24T08:58:00"}),
            "down to the minute",
        ),
        (
            json!({"timeLogged": "2026-11-24T08:57:43", "timeInserted": "2026-11-23T00:00:00Z"}),
            "data.timeInserted is before",
        ),
        (json!({"timeLogged": "2026-11-24T08:57:43", "payPeriodName": "3"}), "data.payPeriodName is 3, but timeLogged"),
        (
            json!({"timeLogged": "2026-11-24T08:57:43", "clockingSequenceId": format!("Sequences_{A}_{B}_2026_11_20")}),
            "data.clockingSequenceId is of 2026-11-20, but",
        ),
        (
            json!({"userId": A, "clockingSequenceId": format!("Sequences_{A}_{B}_2026_11_25")}),
            "data.userId is not the one",
        ),
        (
            json!({"clockingPairId": format!("Pairs_Sequences_{A}_{B}_2026_11_25_{A}"), "clockingSequenceId": "mine"}),
            "data.clockingPairId is of Sequences_",
        ),
        (json!({"verificationModeId": 12, "deviceSerialNumber": "1"}), "data.deviceSerialNumber names a terminal"),
        (json!({"isDeleted": true}), "data.isDeleted says otherwise"),
    ] {
        let said = found(EventType::ATTENDANCE_INSERTED, set.clone());
        if expected.is_empty() {
            assert!(said.starts_with("data.userFullName is \"Erika Example\""), "{set}: {said}");
        } else {
            assert!(said.contains(expected), "{set}: {said}");
        }
    }
    assert!(found(EventType::USER_DELETED, json!({"isDeleted": false})).contains("user.deleted is a deletion"));
}

#[test]
fn the_direction_and_the_action_follow_from_each_other() {
    for (set, direction, action) in [
        (json!({"clockingType": "Out"}), json!("Out"), json!(1)),
        (json!({"clockingType": "In"}), json!("In"), json!(0)),
        (json!({"clockingActionTypeId": 2}), json!("Out"), json!(2)),
        (json!({"clockingActionTypeId": 3}), json!("In"), json!(3)),
        (json!({"clockingType": null}), Value::Null, Value::Null),
    ] {
        let made = inserted(set);
        assert_eq!((&made["clockingType"], &made["clockingActionTypeId"]), (&direction, &action));
    }
}

#[test]
fn a_name_and_its_parts_follow_from_each_other() {
    let names = |set: Value| {
        let made = inserted(set);
        ["userFirstName", "userLastName", "userFullName"].map(|name| made[name].as_str().unwrap_or("-").to_owned())
    };
    assert_eq!(names(json!({"userFirstName": "Mara"})), ["Mara", "Example", "Mara Example"]);
    assert_eq!(names(json!({"userFullName": "Anna Maria Müller"})), ["Anna Maria", "Müller", "Anna Maria Müller"]);
    assert_eq!(names(json!({"userFullName": "Cher"})), ["Cher", "", "Cher"]);
    assert_eq!(names(json!({"userLastName": null})), ["Erika", "-", "Erika"]);
    assert_eq!(names(json!({"userFirstName": "", "userLastName": ""})), ["", "", ""]);
    let person = made(EventType::USER_UPDATED, &json!({"userFirstName": "Mara"}), now()).0;
    assert_eq!(person["emailAddress"], "mara.example@example.com");
    let kept = made(EventType::USER_UPDATED, &json!({"userLastName": "Ó", "emailAddress": "a@example.com"}), now()).0;
    assert_eq!(kept["emailAddress"], "a@example.com");
}

#[test]
fn each_event_has_its_own_time_and_what_follows_from_it() {
    let (fields, happened) = made(EventType::ATTENDANCE_INSERTED, &json!({}), now());
    assert_eq!(happened.to_string(), "2026-11-25T16:55:00.411Z", "nothing lies in the future");
    assert_eq!([&fields["timeLogged"], &fields["timeLoggedRounded"]], ["2026-11-25T17:55:00", "2026-11-25T17:55:00"]);
    let stored = fields["timeInserted"].as_str().unwrap();
    assert!(stored.starts_with("2026-11-25T16:55:00.411") && stored.len() == "2026-11-25T16:55:00.1834521Z".len());
    assert_eq!(fields["payPeriodName"], "48");
    assert!(fields["clockingSequenceId"].as_str().unwrap().ends_with("_2026_11_25"));
    assert!(fields["recordHash"].as_i64().unwrap().unsigned_abs() > 1 << 53);

    let at = |text: &str| made(EventType::ATTENDANCE_INSERTED, &json!({}), Occasion::set(text.parse().unwrap()));
    let (fields, happened) = at("2026-10-25T01:10:31.5Z");
    assert_eq!(
        (&fields["timeLogged"], happened.to_string()),
        (&json!("2026-10-25T02:10:31"), "2026-10-25T01:10:31.500Z".to_owned())
    );
    assert_eq!([&fields["timeLoggedRounded"], &fields["payPeriodName"]], ["2026-10-25T02:10:00", "43"]);
    assert_eq!(at("2026-10-25T01:10:31.5Z").0, fields, "the same again is the same");
}

#[test]
fn many_at_one_time_differ_in_hash_and_pair() {
    let of = |number| {
        let occasion = Occasion { number, ..Occasion::set("2026-11-25T16:55:00Z".parse().unwrap()) };
        let fields = made(EventType::ATTENDANCE_INSERTED, &json!({"comment": "x"}), occasion).0;
        ["recordHash", "clockingPairId"].map(|name| fields[name].to_string())
    };
    let all: BTreeSet<String> = (0..50).flat_map(of).collect();
    assert_eq!(all.len(), 100);
}

#[test]
fn times_follow_from_those_that_were_given() {
    let all = |event_type, set: Value| {
        let (fields, happened) = made(event_type, &set, now());
        let text = |name: &str| fields[name].as_str().unwrap_or("-").to_owned();
        [text("timeLogged"), text("timeLoggedRounded"), text("timeInserted")[..19].to_owned(), happened.to_string()]
    };
    let inserted = |set| all(EventType::ATTENDANCE_INSERTED, set);
    let expected = ["2026-11-23T08:57:43", "2026-11-23T08:57:00", "2026-11-23T07:57:43", "2026-11-23T07:57:43.000Z"];
    assert_eq!(inserted(json!({"timeLogged": "2026-11-23T08:57:43"})), expected);
    assert_eq!(inserted(json!({"timeInserted": "2026-11-23T07:57:43.1834Z"}))[..3], expected[..3]);
    let zoned = inserted(json!({"timeZone": "Asia/Kolkata"}));
    assert_eq!(zoned[0], "2026-11-25T22:25:00");
    let rounded = inserted(json!({"timeLoggedRounded": "2026-11-23T08:57:00"}));
    assert_eq!(rounded[..3], ["2026-11-23T08:57:00", "2026-11-23T08:57:00", "2026-11-23T07:57:00"]);
    let typed = inserted(json!({"verificationModeId": 12, "timeInserted": "2026-11-23T07:57:43Z"}));
    assert_eq!(typed[0], "2026-11-23T08:57:00");
    let of_week = inserted(json!({"payPeriodName": "3"}));
    assert_eq!(of_week[0], "2026-01-14T17:55:00");
    let of_day = inserted(json!({"clockingPairId": format!("Pairs_Sequences_{A}_{B}_2026_11_20_{A}")}));
    assert_eq!(of_day[0], "2026-11-20T17:55:00");

    let updated = all(EventType::ATTENDANCE_UPDATED, json!({}));
    assert_eq!(updated[0], "2026-11-25T17:40:56");
    assert_eq!(updated[2..], ["2026-11-25T16:55:00", "2026-11-25T16:55:00.411Z"]);
    let deleted = all(EventType::ATTENDANCE_DELETED, json!({"timeLogged": "2026-11-23T08:57:43"}));
    assert_eq!(deleted[2..], ["2026-11-23T07:57:43", "2026-11-25T16:55:00.411Z"]);
}

#[test]
fn a_deletion_repeats_the_record_that_an_update_has_changed() {
    let logged = json!({"timeLogged": "2026-11-23T08:57:43"});
    let of = |event_type| made(event_type, &logged, now()).0;
    let [inserted, updated, deleted] =
        [EventType::ATTENDANCE_INSERTED, EventType::ATTENDANCE_UPDATED, EventType::ATTENDANCE_DELETED].map(of);
    for name in ["recordHash", "timeInserted", "timeLogged", "clockingPairId"] {
        assert_eq!(inserted[name], deleted[name], "{name}");
    }
    assert_eq!(inserted["clockingPairId"], updated["clockingPairId"]);
    assert!(inserted["recordHash"] != updated["recordHash"] && inserted["timeInserted"] != updated["timeInserted"]);
}

#[test]
fn a_whole_record_stays_as_it_is() {
    let Value::Object(record) = EventData::example(EventType::ATTENDANCE_UPDATED).object().to_value() else {
        unreachable!()
    };
    let (fields, happened) = made(EventType::ATTENDANCE_UPDATED, &Value::Object(record.clone()), now());
    assert_eq!((fields, happened.day()), (record, "2026-11-23".to_owned()));
}
