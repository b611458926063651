//! The columns of each type, written once. A test holds that every field of the JSON form has one.

mod attempt;
mod audit;
mod catalogue;
mod delivery;
mod event;
mod recovery;
mod state;
mod stats;
mod token;
mod webhook;

pub use attempt::{of_last_attempts, of_tries};
pub use state::{State, worst_first};
pub use webhook::{events, version};

use super::Flex;

/// How far names are cut.
const NAME: Flex = Flex { least: 14, ease: 22, most: 28, wraps: false };
/// How far types of events, and filters of them, are cut.
const EVENTS: Flex = Flex { least: 14, ease: 20, most: 40, wraps: false };
/// How far answers, and lists of names, are cut.
const ANSWER: Flex = Flex { least: 16, ease: 24, most: 40, wraps: false };
/// How far answers are cut that are the number of a status, mostly.
const BRIEF_ANSWER: Flex = Flex { least: 6, ease: 12, most: 24, wraps: false };
/// How narrow sentences may be.
const SENTENCE: Flex = Flex { least: 20, ease: 40, most: 80, wraps: true };
/// How far URLs are cut.
const URL: Flex = Flex { least: 16, ease: 28, most: 60, wraps: false };

#[cfg(test)]
fn every_field_has_a_column<T: crate::render::Record>(record: &T) {
    let value = serde_json::to_value(record).unwrap();
    let names: Vec<&str> = T::columns().iter().map(|column| column.name).collect();
    for field in value.as_object().unwrap().keys() {
        assert!(names.contains(&field.as_str()), "the field {field} has no column");
    }
    for name in &names {
        assert_eq!(names.iter().filter(|other| other == &name).count(), 1, "the column {name} stands twice");
    }
}

#[cfg(test)]
pub(crate) use {attempt::tests::attempt as sample_attempt, webhook::tests::webhook};
