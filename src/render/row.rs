//! A row: a record in all forms that an output may need.

use super::cell::Cell;
use crate::term::Sign;

/// The first line of a card: name, state and id.
#[derive(Debug, Clone, Default)]
pub struct Title {
    /// The name.
    pub subject: String,
    /// The state, if it has one.
    pub state: Cell,
    /// The id.
    pub id: String,
    /// The fields that it already shows.
    pub says: &'static [&'static str],
}

/// A record in every form that an output may need.
#[derive(Debug, Clone)]
pub struct Row {
    /// The id, by which scripts name it.
    pub(super) id: String,
    /// The sign at its beginning.
    pub(super) sign: Sign,
    /// The first line of its card.
    pub(super) title: Option<Title>,
    /// The texts for people, one for each chosen column.
    pub(super) cells: Vec<Cell>,
    /// The JSON for programs, with the chosen fields only.
    pub(super) json: serde_json::Value,
}
