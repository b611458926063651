//! What every output can do.

use super::row::Row;

/// An output format. Each call gives the text to write next; an output that must see everything first keeps it until
/// the end.
pub(super) trait Output {
    /// More rows of a list.
    fn rows(&mut self, rows: Vec<Row>) -> String;
    /// The list is over; `next` is the cursor of what was not asked for.
    fn end(&mut self, next: Option<&str>) -> String;
    /// The headings of the columns for which there was no room.
    fn hidden(&self) -> &[&'static str] {
        &[]
    }
    /// One object by itself.
    fn one(&mut self, row: Row) -> String;
}
