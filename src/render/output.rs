//! The trait of all outputs.

use super::row::Row;

/// An output format. Each call returns the text to write next; an output that needs all rows first keeps them until the
/// end.
pub(super) trait Output {
    /// Adds rows of a list.
    fn rows(&mut self, rows: Vec<Row>) -> String;
    /// Takes something that a document says beside its rows.
    fn beside(&mut self, _name: &'static str, _value: serde_json::Value) {}
    /// Ends the list; `next` is the cursor of the remaining entries.
    fn end(&mut self, next: Option<&str>) -> String;
    /// Returns the headings of columns that did not fit.
    fn hidden(&self) -> &[&'static str] {
        &[]
    }
    /// Writes a single record.
    fn one(&mut self, row: Row) -> String;
}
