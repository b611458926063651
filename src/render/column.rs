//! Columns: each type defines them once, and every output uses them.

use serde::Serialize;

use super::{Align, Cell, Flex, Heading, Importance, Title, View};
use crate::term::Sign;

/// Something that can be listed.
pub trait Record: Serialize + Sized + 'static {
    /// Returns the id, by which scripts name the record.
    fn id(&self) -> String;
    /// Returns all columns in the order in which people see them. Each field of the JSON form has one.
    fn columns() -> Vec<Column<Self>>;

    /// Returns the columns of a terminal's table. They may differ from those of a pipe, but columns with the same name
    /// mean the same.
    fn table() -> Vec<Column<Self>> {
        let mut columns = Self::columns();
        columns.retain(|column| column.importance <= Importance::Low);
        columns
    }

    /// Returns the lines of a terminal's card.
    fn card() -> Vec<Column<Self>> {
        let mut columns = Self::columns();
        columns.retain(|column| column.importance <= Importance::Detail);
        columns
    }

    /// Returns the first line of a terminal's card.
    fn title(&self, _: &View) -> Option<Title> {
        None
    }

    /// Returns the sign at the beginning of its row.
    fn sign(&self, _: &View) -> Sign {
        Sign::Nothing
    }
}

/// A column of `T`.
pub struct Column<T> {
    /// Its name for `--json=`, `--columns` and the header of CSV: the field's name in JSON.
    pub name: &'static str,
    /// Its heading in a table.
    pub title: &'static str,
    /// Returns its cell for a record.
    pub value: fn(&T, &View) -> Cell,
    /// When it is omitted for lack of room.
    pub importance: Importance,
    /// Its alignment.
    pub align: Align,
    /// How far a terminal may cut it; it is never cut without this.
    pub flex: Option<Flex>,
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Column<T> {}

impl<T> Column<T> {
    /// Makes a column of texts.
    pub fn new(name: &'static str, title: &'static str, importance: Importance, value: fn(&T, &View) -> Cell) -> Self {
        Column { name, title, value, importance, align: Align::Left, flex: None }
    }

    /// Allows a terminal to cut the column.
    pub fn flexible(self, flex: Flex) -> Self {
        Column { flex: Some(flex), ..self }
    }

    /// Makes a column of numbers.
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
