//! One thing to show.

use super::cell::Cell;
use crate::term::Sign;

/// The first line of a card: who it is, and how it fares.
#[derive(Debug, Clone, Default)]
pub struct Title {
    /// The name.
    pub subject: String,
    /// The state, if it has one.
    pub state: Cell,
    /// The id.
    pub id: String,
    /// The fields that it says already.
    pub says: &'static [&'static str],
}

/// One thing to show, already in every form an output may want.
#[derive(Debug, Clone)]
pub struct Row {
    /// What a script needs to name it.
    pub(super) id: String,
    /// What people see first of it.
    pub(super) sign: Sign,
    /// The first line of its card.
    pub(super) title: Option<Title>,
    /// What people read, one for each chosen column.
    pub(super) cells: Vec<Cell>,
    /// What programs read, with the chosen fields only.
    pub(super) json: serde_json::Value,
}
