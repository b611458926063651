//! The bytes that are sent, pinned by `tests/golden/<version>/<event type>.json`.

use std::path::PathBuf;

use serde_json::Value;

use super::{Envelope, EventData, render};
use crate::domain::{event::EventType, time::Timestamp, version::Version};

/// The sequence in every golden file.
pub const SEQUENCE: u64 = 48_213;

/// The envelope of every golden file.
pub fn envelope(event_type: EventType) -> Envelope {
    Envelope {
        id: "tm_0199c1d2e3f4758697a8b9cadbecfd0e".parse().unwrap(),
        event_type,
        occurred_at: Timestamp::from_micros(1_795_420_663_000_000),
        dispatched_at: Timestamp::from_micros(1_795_420_664_521_000),
    }
}

/// The example of a type as it is sent.
pub fn body(version: Version, event_type: EventType) -> Vec<u8> {
    render(version, &envelope(event_type), SEQUENCE, &EventData::example(event_type))
}

fn path(version: Version, event_type: EventType) -> PathBuf {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests");
    tests.join(format!("golden/{version}/{event_type}.json"))
}

/// The first line in which two JSON texts differ, once each field stands on a line of its own.
fn first_difference(golden: &[u8], sent: &[u8]) -> String {
    let lines = |json: &[u8]| match serde_json::from_slice::<Value>(json) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap(),
        Err(error) => format!("not JSON: {error}"),
    };
    let (golden, sent) = (lines(golden), lines(sent));
    let differing = golden.lines().chain([""]).zip(sent.lines().chain([""])).find(|(golden, sent)| golden != sent);
    match differing {
        Some((golden, sent)) => format!("golden: {golden}\n  sent: {sent}"),
        None => "the same JSON, in other bytes".to_owned(),
    }
}

#[test]
fn the_bytes_are_the_golden_ones() {
    for version in Version::ALL {
        for event_type in EventType::KNOWN {
            let path = path(version, event_type);
            let golden = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let sent = body(version, event_type);
            assert!(
                golden == sent,
                "{} is not what is sent\n{}\nall that is sent, if the change is meant:\n{}",
                path.display(),
                first_difference(&golden, &sent),
                String::from_utf8_lossy(&sent)
            );
        }
    }
}

/// `tests/fixtures/local_times.py` has read them, by the zones of Python.
#[test]
fn local_times_near_changes_of_the_clocks_are_read_as_another_program_reads_them() {
    let cases = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/local_times.ndjson"));
    assert!(cases.lines().count() > 200);
    for line in cases.lines() {
        let mut data: Value = serde_json::from_str(line).unwrap();
        let expected = data.as_object_mut().unwrap().remove("expected").unwrap();
        let event_type = EventType::ATTENDANCE_INSERTED;
        let data = EventData::check(event_type, serde_json::from_value(data).unwrap()).unwrap();
        let body = render(Version::V2, &envelope(event_type), SEQUENCE, &data);
        let clocking = serde_json::from_slice::<Value>(&body).unwrap()["data"]["clocking"].clone();
        assert_eq!(serde_json::json!([clocking["loggedAt"], clocking["roundedAt"]]), expected, "{line}");
    }
}

#[test]
fn no_golden_file_is_left_over() {
    for version in Version::ALL {
        let folder = path(version, EventType::TEST).with_file_name("");
        let mut names: Vec<_> =
            folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        let mut types = EventType::KNOWN.map(|event_type| format!("{event_type}.json"));
        names.sort();
        types.sort();
        assert_eq!(names, types, "{version}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for version in Version::ALL {
        let body = body(version, EventType::ATTENDANCE_UPDATED);
        assert_eq!(body, self::body(version, EventType::ATTENDANCE_UPDATED));
        assert!(!body.contains(&b'\n') && body.len() < super::render::TYPICAL_BODY, "{} bytes", body.len());
    }
}
