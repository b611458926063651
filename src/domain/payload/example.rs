//! An example of each type's data: what `types` shows, and what `send` and `test` start from. The people, the company
//! and all ids are invented.

use super::data::EventData;
use crate::domain::{event::EventType, json::JsonObject};

impl EventData {
    /// An invented, realistic example of this type's data, with all its known fields. It is empty for a type that is not
    /// known.
    pub fn example(event_type: EventType) -> EventData {
        let example = event_type.known().map_or("{}", |known| known.example);
        #[expect(clippy::expect_used, reason = "the examples are part of the program, and a test reads each")]
        let example = JsonObject::parse(example).expect("an example is a JSON object");
        EventData(example)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{MAX_SAFE_INTEGER, fields, local_time, time_zone};

    fn text(data: &EventData, name: &str) -> String {
        data.get(name).as_str().unwrap().into_owned()
    }

    #[test]
    fn an_example_passes_the_check_and_has_every_known_field_in_order() {
        for event_type in EventType::KNOWN {
            let example = EventData::example(event_type);
            assert_eq!(EventData::check(event_type, example.object().clone()).as_ref(), Ok(&example));
            if event_type.subject().is_none() {
                continue;
            }
            let mut names: Vec<_> = fields::of(event_type).iter().map(|field| field.name).collect();
            names.extend(event_type.is_deletion().then_some("isDeleted"));
            assert_eq!(example.object().iter().map(|(name, _)| name).collect::<Vec<_>>(), names, "{event_type}");
        }
    }

    #[test]
    fn a_clockings_times_agree() {
        for event_type in [EventType::ATTENDANCE_INSERTED, EventType::ATTENDANCE_UPDATED, EventType::ATTENDANCE_DELETED]
        {
            let data = EventData::example(event_type);
            let zone = time_zone(&text(&data, "timeZone")).unwrap();
            let moment = |name| {
                let local = local_time(&text(&data, name)).unwrap();
                zone.to_ambiguous_timestamp(local).compatible().unwrap()
            };
            let inserted: jiff::Timestamp = text(&data, "timeInserted").parse().unwrap();
            assert!(inserted > moment("timeLogged"), "stored after it was clocked");
            assert!(inserted.duration_since(moment("timeLogged")).as_hours() < 1);
            let rounding = moment("timeLogged").duration_since(moment("timeLoggedRounded"));
            assert!((0..60).contains(&rounding.as_secs()) && text(&data, "timeLoggedRounded").ends_with(":00"));
        }
    }

    #[test]
    fn a_clocking_is_of_the_observed_form() {
        let data = EventData::example(EventType::ATTENDANCE_INSERTED);
        let serial = text(&data, "deviceSerialNumber");
        assert!(serial.len() == 15 && serial.bytes().all(|b| b.is_ascii_digit()));
        assert!(data.get("recordHash").json().parse::<i64>().unwrap() < -MAX_SAFE_INTEGER);
        let (client, user) = (text(&data, "clientId"), text(&data, "userId"));
        let sequence = text(&data, "clockingSequenceId");
        assert_eq!(sequence, format!("Sequences_{client}_{user}_2026_11_23"));
        let pair = text(&data, "clockingPairId");
        let pair = pair.strip_prefix(&format!("Pairs_{sequence}_")).unwrap();
        assert_eq!(pair.len(), 36);
        assert_eq!(text(&data, "payPeriodName"), "48", "the number of the week");
    }

    #[test]
    fn an_update_has_another_hash_and_a_deletion_repeats_the_record() {
        let of = |event_type, name| EventData::example(event_type).get(name).json().to_owned();
        for name in ["recordHash", "timeInserted", "timeLogged", "clockingPairId", "recordIgnored", "comment"] {
            let [inserted, updated, deleted] =
                [EventType::ATTENDANCE_INSERTED, EventType::ATTENDANCE_UPDATED, EventType::ATTENDANCE_DELETED]
                    .map(|event_type| of(event_type, name));
            assert_eq!(inserted, deleted, "{name}");
            assert_eq!(inserted != updated, matches!(name, "recordHash" | "timeInserted"), "{name}");
        }
    }

    #[test]
    fn no_example_contradicts_itself() {
        use crate::domain::payload::contradictions;
        for event_type in EventType::KNOWN {
            let example = EventData::example(event_type).object().to_value();
            let happened = "2026-11-25T16:55:00Z".parse().unwrap();
            assert_eq!(contradictions(event_type, example.as_object().unwrap(), happened), [], "{event_type}");
        }
    }
}
