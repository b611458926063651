//! The columns of each type, written once. A test holds that every field of the JSON form has one.

mod attempt;
mod audit;
mod catalogue;
mod delivery;
mod event;
mod recovery;
mod stats;
mod token;
mod webhook;

pub use webhook::{events, version};

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
