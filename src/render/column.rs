//! The columns of a type, written once and used by every output.

use serde::Serialize;

use super::{Heading, View};
use crate::term::Tone;

/// Something that can be listed.
pub trait Record: Serialize + Sized + 'static {
    /// What a script needs to name one of them.
    fn id(&self) -> String;
    /// Every column there is, in the order people see them. Each field of the JSON form has one.
    fn columns() -> Vec<Column<Self>>;
}

/// When a column gives way to more important ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importance {
    /// Never: a table without it says nothing.
    Key,
    /// It goes when nothing below it is left.
    High,
    /// It goes before high ones.
    Middle,
    /// It goes first.
    Low,
    /// It is shown for one thing by itself, and in a table only when `--columns` asks for it.
    Detail,
    /// It is shown only when `--columns` asks for it: another column says the same to people.
    OnDemand,
}

/// To which side cells lean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// What stands in one place of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// The words.
    pub text: String,
    /// Their colour, which never says more than they do.
    pub tone: Tone,
}

impl Cell {
    /// Words without colour.
    pub fn plain(text: impl ToString) -> Self {
        Cell { text: text.to_string(), tone: Tone::Plain }
    }

    /// Words in a tone.
    pub fn toned(text: impl ToString, tone: Tone) -> Self {
        Cell { text: text.to_string(), tone }
    }

    /// What is shown where there is nothing.
    pub fn nothing() -> Self {
        Cell::toned("-", Tone::Faint)
    }

    /// The words, or what is shown where there is nothing.
    pub fn or_nothing(text: Option<impl ToString>) -> Self {
        text.map_or_else(Cell::nothing, Cell::plain)
    }
}

/// A column of `T`.
pub struct Column<T> {
    /// Its name for `--json=`, `--columns` and the header of CSV: the field's name in JSON.
    pub name: &'static str,
    /// What stands above it in a table.
    pub title: &'static str,
    /// What it says of a record.
    pub value: fn(&T, &View) -> Cell,
    /// When it gives way.
    pub importance: Importance,
    /// To which side it leans.
    pub align: Align,
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Column<T> {}

impl<T> Column<T> {
    /// A column of words.
    pub fn new(name: &'static str, title: &'static str, importance: Importance, value: fn(&T, &View) -> Cell) -> Self {
        Column { name, title, value, importance, align: Align::Left }
    }

    /// A column of numbers.
    pub fn number(
        name: &'static str,
        title: &'static str,
        importance: Importance,
        value: fn(&T, &View) -> Cell,
    ) -> Self {
        Column { align: Align::Right, ..Column::new(name, title, importance, value) }
    }

    pub(super) fn heading(&self) -> Heading {
        let Column { name, title, value: _, importance, align } = *self;
        Heading { name, title, importance, align }
    }
}
