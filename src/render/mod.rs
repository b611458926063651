//! Data for people and for programs: the outputs `table json ndjson csv tsv id` behind one trait, fed from the columns
//! that each type has written once.

mod card;
mod column;
pub mod columns;
mod fields;
mod fit;
mod ids;
mod jq;
mod json;
mod separated;
mod table;
mod view;
pub mod words;

use serde::Serialize;

pub use column::{Align, Cell, Column, Importance, Record};
pub use jq::{AS_IN_JQ_1_7, Difference, Jq, LEFT_OUT, OURS, OUTSIDE};
pub use view::{Format, HeaderChoice, TimeStyle, View};

use crate::{error::CliError, term::Term};

/// One thing to show, already in every form an output may want.
#[derive(Debug, Clone)]
pub struct Row {
    /// What a script needs to name it.
    id: String,
    /// What people read, one for each chosen column.
    cells: Vec<Cell>,
    /// What programs read, with the chosen fields only.
    json: serde_json::Value,
}

/// What an output knows of a column.
#[derive(Debug, Clone, Copy)]
pub struct Heading {
    name: &'static str,
    title: &'static str,
    importance: Importance,
    align: Align,
}

/// An output format. Each call gives the text to write next; an output that must see everything first keeps it until
/// the end.
trait Output {
    /// More rows of a list.
    fn rows(&mut self, rows: Vec<Row>) -> String;
    /// The list is over; `next` is the cursor of what was not asked for.
    fn end(&mut self, next: Option<&str>) -> String;
    /// The columns for which there was no room.
    fn hidden(&self) -> &[&'static str] {
        &[]
    }
    /// One object by itself.
    fn one(&mut self, row: Row) -> String;
}

/// A list that is written as it comes in.
pub struct Listing<'a, T: Record> {
    term: &'a Term,
    view: &'a View,
    columns: Vec<Column<T>>,
    output: Box<dyn Output>,
    /// How many rows were written so far.
    pub count: usize,
}

impl<'a, T: Record> Listing<'a, T> {
    /// Starts a list.
    ///
    /// # Errors
    /// When `--columns` or `--json=…` name something that `T` does not have.
    pub fn new(term: &'a Term, view: &'a View) -> Result<Self, CliError> {
        let columns = fields::choose::<T>(view, Importance::Low)?;
        let output = view.output(columns.iter().map(Column::heading).collect());
        Ok(Listing { term, view, columns, output, count: 0 })
    }

    /// Writes a page, or keeps it until the end.
    ///
    /// # Errors
    /// When `--jq` fails.
    pub fn page(&mut self, records: &[T]) -> Result<(), CliError> {
        self.count += records.len();
        let rows = records.iter().map(|record| row(record, &self.columns, self.view)).collect::<Result<_, _>>()?;
        write(self.term, self.view, self.output.rows(rows))
    }

    /// Ends the list.
    ///
    /// # Errors
    /// When `--jq` fails.
    pub fn end(mut self, next: Option<&str>) -> Result<(), CliError> {
        write(self.term, self.view, self.output.end(next))?;
        self.term.flush();
        let hidden = self.output.hidden();
        if !hidden.is_empty() {
            self.term
                .aside(&format!("Too narrow to show {}; --columns or a wider terminal does.", words::listed(hidden)));
        }
        Ok(())
    }
}

/// Shows a whole list.
///
/// # Errors
/// As [`Listing`]'s.
pub fn list<T: Record>(term: &Term, view: &View, records: &[T]) -> Result<(), CliError> {
    let mut listing = Listing::new(term, view)?;
    listing.page(records)?;
    listing.end(None)
}

/// Shows one object by itself.
///
/// # Errors
/// As [`Listing`]'s.
pub fn one<T: Record>(term: &Term, view: &View, record: &T) -> Result<(), CliError> {
    let columns = fields::choose::<T>(view, Importance::Detail)?;
    let mut output = view.output(columns.iter().map(Column::heading).collect());
    write(term, view, output.one(row(record, &columns, view)?))?;
    term.flush();
    Ok(())
}

/// Checks `--columns` and `--json=…` against `T` before anything is asked of a service.
///
/// # Errors
/// When one of them names something that `T` does not have.
pub fn check<T: Record>(view: &View) -> Result<(), CliError> {
    fields::choose::<T>(view, Importance::Low).map(drop)
}

/// Any value as JSON, as the view wants it written: for what is no record, such as a secret.
///
/// # Errors
/// When `--jq` fails.
pub fn value(term: &Term, view: &View, value: &impl Serialize) -> Result<(), CliError> {
    let value = serde_json::to_value(value).map_err(anyhow::Error::from)?;
    write(term, view, json::text(&value, view.is_pretty(), view.terminal))?;
    term.flush();
    Ok(())
}

/// Writes what an output has made, through `--jq` where that was given.
fn write(term: &Term, view: &View, text: String) -> Result<(), CliError> {
    match &view.jq {
        Some(jq) if !text.is_empty() => jq.write(text, term, view),
        _ => {
            term.write(&text);
            Ok(())
        }
    }
}

fn row<T: Record>(record: &T, columns: &[Column<T>], view: &View) -> Result<Row, CliError> {
    let whole = serde_json::to_value(record).map_err(anyhow::Error::from)?;
    Ok(Row {
        id: record.id(),
        cells: columns.iter().map(|column| (column.value)(record, view)).collect(),
        json: fields::pick(whole, view, columns),
    })
}

/// An invented webhook.
#[cfg(test)]
pub(crate) fn sample_webhook(id: &str, name: &str) -> crate::domain::webhook::Webhook {
    columns::webhook(id, name, "https://hooks.example.com/tm")
}

#[cfg(test)]
pub(crate) use columns::sample_attempt;
