//! The columns of a type, written once and used by every output.

use serde::Serialize;

use super::{Align, Cell, Flex, Heading, Importance, Title, View};
use crate::term::Sign;

/// Something that can be listed.
pub trait Record: Serialize + Sized + 'static {
    /// What a script needs to name one of them.
    fn id(&self) -> String;
    /// Every column there is, in the order people see them. Each field of the JSON form has one.
    fn columns() -> Vec<Column<Self>>;

    /// The columns of a terminal's table, where they are others than those of a pipe, in the order they stand. A name that
    /// both have means the same.
    fn table() -> Vec<Column<Self>> {
        let mut columns = Self::columns();
        columns.retain(|column| column.importance <= Importance::Low);
        columns
    }

    /// The lines of a terminal's card.
    fn card() -> Vec<Column<Self>> {
        let mut columns = Self::columns();
        columns.retain(|column| column.importance <= Importance::Detail);
        columns
    }

    /// The first line of a terminal's card.
    fn title(&self, _: &View) -> Option<Title> {
        None
    }

    /// What stands first in its row on a terminal.
    fn sign(&self, _: &View) -> Sign {
        Sign::Nothing
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
    /// How far a terminal may cut it; not at all unless this says so.
    pub flex: Option<Flex>,
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
        Column { name, title, value, importance, align: Align::Left, flex: None }
    }

    /// The same column, which a terminal may cut.
    pub fn flexible(self, flex: Flex) -> Self {
        Column { flex: Some(flex), ..self }
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
        let Column { name, title, value: _, importance, align, flex } = *self;
        Heading { name, title, importance, align, flex }
    }
}
