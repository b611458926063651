//! Hard cases: what receivers of clockings have stumbled over, made to be sent to one's own. The people are invented.

use std::collections::BTreeSet;

use jiff::civil::{DateTime, time};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{EventData, Occasion, consistent, follow};
use crate::domain::{event::EventType, time::Timestamp};

/// A case by its name: one event, or several that belong together.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// How many events it has.
    pub events: usize,
    /// What is hard about it, in one line.
    pub description: &'static str,
    #[serde(skip)]
    steps: &'static [Step],
}

/// An event of a case: its type's example, with some fields set.
#[derive(Debug, Clone, Copy)]
struct Step {
    event_type: EventType,
    /// The fields that are set, as JSON.
    set: &'static str,
    /// How long before the occasion it happens, in minutes.
    ago: u64,
    twist: Twist,
}

/// What depends on the time, and so cannot be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Twist {
    None,
    /// The clocking is made after midnight, and belongs to the day before.
    AfterMidnight,
    /// The time at which it is stored has four digits of a second's fraction.
    ShortFraction,
}

const fn step(event_type: EventType, set: &'static str) -> Step {
    Step { event_type, set, ago: 0, twist: Twist::None }
}

const fn inserted(set: &'static str) -> Step {
    step(EventType::ATTENDANCE_INSERTED, set)
}

const fn case(name: &'static str, description: &'static str, steps: &'static [Step]) -> Case {
    Case { name, events: steps.len(), description, steps }
}

const ERIKA_OUT: &str = r#"{"clockingType": "Out"}"#;
const SAM_IN: &str = r#"{"userId": "7e4c90ab-15d6-4b3f-92e8-c6a05d7f1b83", "userFullName": "Sam Sample",
    "userCardNumber": "", "userEmployeeNumber": "E-1002"}"#;
const SAM_OUT: &str = r#"{"userId": "7e4c90ab-15d6-4b3f-92e8-c6a05d7f1b83", "userFullName": "Sam Sample",
    "userCardNumber": "", "userEmployeeNumber": "E-1002", "clockingType": "Out"}"#;
const ZOE_IN: &str = r#"{"userId": "2c9b61d4-70ef-4a85-b3c2-9f14e8d06a57", "userFirstName": "Zoë",
    "userLastName": "Núñez-Müller", "userCardNumber": "22334455", "userEmployeeNumber": "0042"}"#;
const ZOE_OUT: &str = r#"{"userId": "2c9b61d4-70ef-4a85-b3c2-9f14e8d06a57", "userFirstName": "Zoë",
    "userLastName": "Núñez-Müller", "userCardNumber": "22334455", "userEmployeeNumber": "0042", "clockingType": "Out"}"#;
const CORRECTED: &str = r#"{"projectId": "b64d02e8-5f17-4c93-8ae0-d3719c5f2a46",
    "projectName": "26351 - Autumn Catalogue", "projectCode": "5561"}"#;

const fn ago(minutes: u64, set: &'static str) -> Step {
    Step { ago: minutes, ..inserted(set) }
}

/// All of them.
pub const CASES: [Case; 11] = [
    case("break-start", "a break begins: an Out with action 2", &[inserted(r#"{"clockingActionTypeId": 2}"#)]),
    case("break-end", "a break ends: an In with action 3", &[inserted(r#"{"clockingActionTypeId": 3}"#)]),
    case(
        "manual-entry",
        "typed by hand: mode 12, no terminal, no card, whole minutes",
        &[inserted(r#"{"verificationModeId": 12, "deviceSerialNumber": null, "userCardNumber": ""}"#)],
    ),
    case(
        "overnight-out",
        "an Out after midnight, in the sequence and pair of the day before",
        &[Step { twist: Twist::AfterMidnight, ..inserted(ERIKA_OUT) }],
    ),
    case(
        "short-fraction",
        "a timeInserted with 4 digits of a second's fraction",
        &[Step { twist: Twist::ShortFraction, ..inserted("{}") }],
    ),
    case(
        "update-twice",
        "one edit as two updates: equal data, other ids and sequences",
        &[step(EventType::ATTENDANCE_UPDATED, CORRECTED), step(EventType::ATTENDANCE_UPDATED, CORRECTED)],
    ),
    case(
        "out-of-order",
        "a burst after an outage: six clockings of three people, not in the order of their times",
        &[ago(35, ERIKA_OUT), ago(480, SAM_IN), ago(12, ZOE_OUT), ago(510, "{}"), ago(20, SAM_OUT), ago(495, ZOE_IN)],
    ),
    case(
        "email-number",
        "an e-mail address as the employee's number",
        &[inserted(r#"{"userEmployeeNumber": "erika.example@example.com"}"#)],
    ),
    case(
        "no-department",
        "a person without a department: its id and name are null",
        &[inserted(r#"{"departmentId": null, "departmentName": null}"#)],
    ),
    case("empty-card", "a person without a card: an empty text", &[inserted(r#"{"userCardNumber": ""}"#)]),
    case(
        "no-terminal",
        "no terminal, an empty text instead of null, and nothing booked on a project",
        &[inserted(r#"{"deviceSerialNumber": "", "projectId": null, "projectName": null, "projectCode": null}"#)],
    ),
];

/// An event before it is handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Drafted {
    /// What happened.
    pub event_type: EventType,
    /// Its data.
    pub fields: Map<String, Value>,
    /// When it has happened.
    pub happened: Timestamp,
}

impl Case {
    /// The case of this name.
    pub fn named(name: &str) -> Option<Case> {
        CASES.into_iter().find(|case| case.name == name)
    }

    /// The types of its events, one an event, in the order they are sent.
    pub fn types(&self) -> impl Iterator<Item = EventType> {
        self.steps.iter().map(|step| step.event_type)
    }

    /// Its events, on that occasion; `edit` changes the data of each, and says which fields it has given.
    ///
    /// # Errors
    /// What `edit` says.
    pub fn events<E>(
        &self,
        occasion: &Occasion,
        edit: impl Fn(EventType, &mut Value) -> Result<BTreeSet<String>, E>,
    ) -> Result<Vec<Drafted>, E> {
        self.steps.iter().map(|step| step.event(occasion, &edit)).collect()
    }
}

impl Step {
    fn event<E>(
        &self,
        occasion: &Occasion,
        edit: impl Fn(EventType, &mut Value) -> Result<BTreeSet<String>, E>,
    ) -> Result<Drafted, E> {
        let event_type = self.event_type;
        let mut data = EventData::example(event_type).object().to_value();
        let set: Map<String, Value> = serde_json::from_str(self.set).unwrap_or_default();
        let mut given: BTreeSet<String> = set.keys().cloned().collect();
        if let Value::Object(fields) = &mut data {
            fields.extend(set);
        }
        given.extend(edit(event_type, &mut data)?);
        let Value::Object(mut fields) = data else {
            return Ok(Drafted { event_type, fields: Map::new(), happened: occasion.at });
        };
        let before = std::time::Duration::from_secs(self.ago * 60);
        let occasion = &Occasion { at: occasion.at.minus(before), ..*occasion };
        follow(event_type, &mut fields, &given, occasion);
        self.twist.turn(&mut fields, &mut given, occasion);
        let happened = follow(event_type, &mut fields, &given, occasion);
        Ok(Drafted { event_type, fields, happened })
    }
}

impl Twist {
    /// Gives the fields that depend on the time, unless they were given themselves.
    fn turn(self, fields: &mut Map<String, Value>, given: &mut BTreeSet<String>, occasion: &Occasion) {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let turned = match self {
            Twist::None => Vec::new(),
            Twist::ShortFraction => vec![("timeInserted", short(&text("timeInserted")))],
            Twist::AfterMidnight => {
                let is_free = !occasion.is_set && !given.contains("timeLogged");
                let midnight = || after_midnight(&text("timeZone"), occasion.at);
                let logged = if is_free { midnight() } else { text("timeLogged").parse().ok() };
                let before = logged.and_then(|logged| logged.date().yesterday().ok());
                let sequence = before.map(|day| consistent::sequence(&text("clientId"), &text("userId"), day));
                vec![("timeLogged", logged.map(|logged| logged.to_string())), ("clockingSequenceId", sequence)]
            }
        };
        for (name, value) in turned {
            if let Some(value) = value.filter(|_| given.insert(name.to_owned())) {
                fields.insert(name.to_owned(), value.into());
            }
        }
    }
}

/// The last time that it was shortly after midnight in this zone.
fn after_midnight(zone: &str, at: Timestamp) -> Option<DateTime> {
    let zone = crate::domain::event::time_zone(zone)?;
    let today = zone.to_datetime(at.to_jiff());
    let then = today.date().to_datetime(time(0, 12, 38, 0));
    if then <= today { Some(then) } else { Some(then.date().yesterday().ok()?.to_datetime(then.time())) }
}

/// The same time with four digits of a second's fraction.
fn short(text: &str) -> Option<String> {
    let (seconds, fraction) = text.strip_suffix('Z')?.split_once('.')?;
    Some(format!("{seconds}.{:0<3.3}4Z", fraction))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::payload::contradictions;

    const NOW: &str = "2026-11-25T16:55:00.412Z";

    fn events(name: &str, occasion: Occasion) -> Vec<Drafted> {
        let none = |_: EventType, _: &mut Value| Ok::<_, std::convert::Infallible>(BTreeSet::new());
        Case::named(name).unwrap().events(&occasion, none).unwrap()
    }

    fn one(name: &str) -> Map<String, Value> {
        events(name, Occasion::now(NOW.parse().unwrap())).remove(0).fields
    }

    #[test]
    fn every_case_is_what_it_says_and_contradicts_nothing() {
        let now: Timestamp = NOW.parse().unwrap();
        for case in CASES {
            for step in case.steps {
                assert!(serde_json::from_str::<Map<String, Value>>(step.set).is_ok(), "{}", case.name);
            }
            for occasion in [Occasion::now(now), Occasion::set("2026-03-01T00:00:00Z".parse().unwrap())] {
                for Drafted { event_type, fields, happened } in events(case.name, occasion) {
                    assert_eq!(contradictions(event_type, &fields, happened), [], "{}", case.name);
                    assert!(happened <= now, "{}", case.name);
                    let checked = serde_json::from_value(Value::Object(fields)).unwrap();
                    assert!(EventData::check(event_type, checked).is_ok(), "{}", case.name);
                }
            }
        }
    }

    #[test]
    fn breaks_have_their_actions_and_a_manual_entry_no_terminal() {
        let [start, end] = ["break-start", "break-end"].map(one);
        assert_eq!((&start["clockingType"], start["clockingActionTypeId"].as_i64()), (&"Out".into(), Some(2)));
        assert_eq!((&end["clockingType"], end["clockingActionTypeId"].as_i64()), (&"In".into(), Some(3)));
        let manual = one("manual-entry");
        assert!(manual["deviceSerialNumber"].is_null() && manual["timeLogged"].as_str().unwrap().ends_with(":00"));
    }

    #[test]
    fn an_overnight_out_belongs_to_the_day_before() {
        let out = one("overnight-out");
        assert_eq!(out["timeLogged"], "2026-11-25T00:12:38");
        assert!(out["clockingSequenceId"].as_str().unwrap().ends_with("_2026_11_24"));
        assert!(out["clockingPairId"].as_str().unwrap().contains("_2026_11_24_"));
        let early = events("overnight-out", Occasion::now("2026-11-24T23:05:00Z".parse().unwrap())).remove(0);
        assert_eq!(early.fields["timeLogged"], "2026-11-24T00:12:38", "nothing lies in the future");
        let set = events("overnight-out", Occasion::set("2026-11-20T03:00:00Z".parse().unwrap())).remove(0);
        assert_eq!(set.fields["timeLogged"], "2026-11-20T04:00:00");
        assert!(set.fields["clockingSequenceId"].as_str().unwrap().ends_with("_2026_11_19"));
    }

    #[test]
    fn a_short_fraction_has_four_digits_and_an_edit_comes_twice() {
        let text = one("short-fraction")["timeInserted"].as_str().unwrap().to_owned();
        assert_eq!((text.len(), text.ends_with("4Z")), ("2026-11-25T16:55:00.1834Z".len(), true), "{text}");
        let twice = events("update-twice", Occasion::now(NOW.parse().unwrap()));
        assert_eq!((twice.len(), &twice[0]), (2, &twice[1]));
    }

    #[test]
    fn a_burst_is_not_in_the_order_of_its_times() {
        let burst = events("out-of-order", Occasion::now(NOW.parse().unwrap()));
        let times: Vec<Timestamp> = burst.iter().map(|event| event.happened).collect();
        let people: BTreeSet<String> = burst.iter().map(|event| event.fields["userId"].to_string()).collect();
        assert!(!times.is_sorted() && !times.iter().rev().is_sorted() && people.len() == 3);
    }
}
