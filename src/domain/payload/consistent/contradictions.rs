//! What in an event's data does not fit together.

use jiff::{SignedDuration, Timestamp as Moment, civil::Date, tz::TimeZone};
use serde_json::{Map, Value};

use super::{
    super::moments::utc,
    direction::DIRECTIONS,
    keys::{Sequence, sequence_in},
    making,
    people::{TOGETHER, Together, full_name},
    times::{BY_HAND, read, rounded, zone},
};
use crate::domain::{
    event::{EventType, Subject, fields::IS_DELETED},
    problem::FieldError,
    time::Timestamp,
};

/// How fast a terminal's clock may be: one that was not put back in autumn is by an hour.
const FAST: SignedDuration = SignedDuration::from_hours(1);

/// What an event that has happened then says against itself. Absent values say nothing. Of a type that is not known there
/// is nothing to say.
pub fn contradictions(event_type: EventType, fields: &Map<String, Value>, happened: Timestamp) -> Vec<FieldError> {
    let Some(subject) = event_type.subject() else { return Vec::new() };
    let mut looked = Looked { fields, found: Vec::new() };
    looked.names();
    TOGETHER.iter().for_each(|together| looked.together(together));
    looked.deletion(event_type);
    if subject == Subject::Attendance {
        looked.direction();
        looked.times(event_type, happened);
        looked.keys();
    }
    looked.found
}

struct Looked<'a> {
    fields: &'a Map<String, Value>,
    found: Vec<FieldError>,
}

impl<'a> Looked<'a> {
    /// What a field says, if it says something.
    fn text(&self, name: &str) -> Option<&'a str> {
        making::text(self.fields, name).filter(|text| !text.is_empty())
    }

    /// Whether a field is absent, or empty.
    fn is_empty(&self, name: &str) -> bool {
        making::text(self.fields, name) == Some("")
    }

    fn found(&mut self, field: &str, message: impl Into<String>) {
        self.found.push(FieldError::new(format!("data.{field}"), message));
    }

    fn names(&mut self) {
        let Some(full) = self.text("userFullName") else { return };
        let [first, last] = ["userFirstName", "userLastName"].map(|name| self.text(name).unwrap_or_default());
        let parts = full_name(first, last);
        if !parts.is_empty() && !parts.split_whitespace().eq(full.split_whitespace()) {
            self.found("userFullName", format!("is \"{full}\", but the names are \"{parts}\""));
        }
    }

    fn together(&mut self, Together { id, name, .. }: &Together) {
        // The fields of other types are not there at all.
        if ![id, name].iter().all(|field| self.fields.contains_key(**field)) {
            return;
        }
        match [id, name].map(|field| self.is_empty(field)) {
            [true, false] => self.found(name, format!("is there without {id}")),
            [false, true] => self.found(id, format!("is there without {name}")),
            _ => {}
        }
    }

    fn deletion(&mut self, event_type: EventType) {
        let mark = self.fields.get(IS_DELETED.name).and_then(Value::as_bool);
        if mark.is_some_and(|mark| mark != event_type.is_deletion()) {
            let is = if event_type.is_deletion() { "a deletion" } else { "no deletion" };
            self.found(IS_DELETED.name, format!("says otherwise, but {event_type} is {is}"));
        }
    }

    fn direction(&mut self) {
        let Some(direction) = self.text("clockingType") else { return };
        let action = self.fields.get("clockingActionTypeId").and_then(Value::as_i64);
        let meant = DIRECTIONS.iter().find(|(id, _)| Some(*id) == action);
        if let Some((id, word)) = meant.filter(|(_, word)| *word != direction) {
            self.found("clockingType", format!("is {direction}, but clockingActionTypeId {id} is an {word}"));
        }
    }

    fn times(&mut self, event_type: EventType, happened: Timestamp) {
        let zone = zone(self.text("timeZone"));
        let inserted = self.text("timeInserted").and_then(utc);
        let Some(text) = self.text("timeLogged") else { return };
        let Some(logged) = read(text, &zone, inserted) else { return };
        let minute = rounded(text, &zone).map(|minute| minute.to_string());
        let shown = self.text("timeLoggedRounded").filter(|shown| *shown != text);
        if let Some((rounded, minute)) = shown.zip(minute).filter(|(a, b)| a != b) {
            self.found("timeLoggedRounded", format!("is {rounded}, but timeLogged down to the minute is {minute}"));
        }
        if inserted.is_some_and(|inserted| logged.duration_since(inserted) > FAST) {
            self.found("timeInserted", format!("is before timeLogged, which is {logged}"));
        }
        self.happened(event_type, happened, logged, inserted);
        if self.fields.get("verificationModeId").and_then(Value::as_i64) == Some(BY_HAND)
            && self.text("deviceSerialNumber").is_some()
        {
            self.found("deviceSerialNumber", "names a terminal, but verificationModeId 12 is a clocking typed by hand");
        }
        self.days(&zone, logged);
    }

    fn happened(&mut self, event_type: EventType, happened: Timestamp, logged: Moment, inserted: Option<Moment>) {
        let stored = inserted.map(|inserted| inserted.as_millisecond()).filter(|_| event_type.is_deletion());
        let first = stored.unwrap_or_else(|| logged.as_millisecond());
        if first - happened.as_millis() > FAST.as_secs() * 1_000 {
            let at = Timestamp::from_micros(first.saturating_mul(1_000));
            let message = format!("is {happened}, but the clocking was made and stored at {at}");
            self.found.push(FieldError::new("occurredAt", message));
        }
    }

    fn days(&mut self, zone: &TimeZone, logged: Moment) {
        let day = zone.to_datetime(logged).date();
        if let Some(sequence) = self.text("clockingSequenceId").and_then(Sequence::read)
            && !is_day_of(sequence.date, day)
        {
            self.found("clockingSequenceId", format!("is of {}, but timeLogged is of {day}", sequence.date));
        }
        let (name, week) = (self.text("payPeriodName"), day.iso_week_date().week());
        if let Some(named) = name.and_then(|name| name.parse::<i8>().ok()).filter(|named| *named != week) {
            self.found("payPeriodName", format!("is {named}, but timeLogged is in week {week}"));
        }
    }

    fn keys(&mut self) {
        let [client, user] = ["clientId", "userId"].map(|name| self.text(name));
        let sequence = self.text("clockingSequenceId");
        let named = self.text("clockingPairId").and_then(sequence_in);
        if let Some((named, sequence)) = named.zip(sequence).filter(|(named, sequence)| named != sequence) {
            self.found("clockingPairId", format!("is of {named}, but clockingSequenceId is {sequence}"));
        }
        let Some(Sequence { client: its, user: whose, .. }) = sequence.and_then(Sequence::read) else { return };
        for (field, id, named) in [("clientId", client, its), ("userId", user, whose)] {
            if id.is_some_and(|id| id != named) {
                self.found(field, format!("is not the one in clockingSequenceId, which is {named}"));
            }
        }
    }
}

/// Whether a clocking of this day may be in the sequence of that one: an `Out` after midnight is in that of its `In`.
fn is_day_of(sequence: Date, day: Date) -> bool {
    sequence == day || day.yesterday().is_ok_and(|yesterday| sequence == yesterday)
}
