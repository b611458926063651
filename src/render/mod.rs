//! Writes data for people and programs: the outputs `table json ndjson csv tsv id` share one trait and the columns that
//! each type defines once. Nothing here talks to a service.

mod card;
mod cell;
mod column;
pub mod columns;
mod fields;
mod fit;
mod heading;
mod ids;
mod jq;
mod json;
mod looks;
mod output;
mod row;
mod separated;
mod table;
mod view;
pub mod words;

use serde::Serialize;

pub use cell::Cell;
pub use column::{Column, Record};
pub use heading::{Align, Flex, Heading, Importance};
pub use jq::{AS_IN_JQ_1_7, Difference, Jq, LEFT_OUT, OURS, OUTSIDE};
pub use row::{Row, Title};
pub use view::{Bars, Format, HeaderChoice, TimeStyle, View};

use crate::{
    error::CliError,
    term::{Term, Terminals},
};
use fields::Shape;
use jq::Facts;
use output::Output;

/// A list that is written page by page.
pub struct Listing<'a, T: Record> {
    term: &'a Term,
    view: &'a View,
    columns: Vec<Column<T>>,
    output: Box<dyn Output>,
    /// The number of rows so far.
    pub count: usize,
}

impl<'a, T: Record> Listing<'a, T> {
    /// Starts a list.
    ///
    /// # Errors
    /// Fails if `--columns` or `--json=…` names a field that `T` does not have.
    pub fn new(term: &'a Term, view: &'a View) -> Result<Self, CliError> {
        let columns = fields::choose::<T>(view, Shape::List)?;
        let output = view.output(columns.iter().map(|column| heading(column, view)).collect());
        Ok(Listing { term, view, columns, output, count: 0 })
    }

    /// Writes a page, or keeps it until the end.
    ///
    /// # Errors
    /// Fails if `--jq` fails.
    pub fn page(&mut self, records: &[T]) -> Result<(), CliError> {
        self.count += records.len();
        let rows = records.iter().map(|record| row(record, &self.columns, self.view)).collect::<Result<_, _>>()?;
        write(self.term, self.view, self.output.rows(rows))
    }

    /// Says something beside the rows, where the output is one JSON document.
    ///
    /// # Errors
    /// Fails if the value cannot be written as JSON.
    pub fn beside(&mut self, name: &'static str, value: &impl Serialize) -> Result<(), CliError> {
        self.output.beside(name, serde_json::to_value(value).map_err(anyhow::Error::from)?);
        Ok(())
    }

    /// Ends the list. Notes below a table follow it; the last line is [`Hidden`]'s.
    ///
    /// # Errors
    /// Fails if `--jq` fails.
    pub fn end(mut self, next: Option<&str>) -> Result<Hidden, CliError> {
        write(self.term, self.view, self.output.end(next))?;
        self.term.flush();
        let told = self.view.tells_hidden && self.view.columns.is_none();
        let mut hidden = if told { self.output.hidden().to_vec() } else { Vec::new() };
        // A chart is not a column that can be requested.
        hidden.retain(|title| !title.is_empty());
        Ok(Hidden(hidden))
    }
}

/// The headings of columns that did not fit.
#[derive(Debug, Default)]
#[must_use = "hidden columns must be reported"]
pub struct Hidden(Vec<&'static str>);

impl Hidden {
    /// Prints the hidden columns if no other note follows the table.
    pub fn print_alone(&self, term: &Term) {
        if !self.0.is_empty() {
            term.terminal_note("");
        }
        self.print(term);
    }

    /// Prints the hidden columns as the last line below a table.
    pub fn print(&self, term: &Term) {
        if let Some(text) = self.in_words() {
            term.small_print(&text);
        }
    }

    /// Names as many of them as fit on a line.
    fn in_words(&self) -> Option<String> {
        const WIDEST: usize = 80;
        let told = |count: usize| {
            let named = self.0[..count].join(", ");
            let more = self.0.len() - count;
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("not shown: {named}{rest}; --columns shows them")
        };
        (1..=self.0.len()).rev().map(told).find(|text| text.len() <= WIDEST)
    }
}

/// Returns the heading of a column, which may depend on the query.
fn heading<T>(column: &Column<T>, view: &View) -> Heading {
    let heading = column.heading();
    let other = view.titles.iter().find(|(name, _)| view.is_for_people() && *name == heading.name);
    other.map_or(heading, |(_, title)| Heading { title, ..heading })
}

/// Writes a whole list.
///
/// # Errors
/// Fails like [`Listing`]'s methods.
pub fn list<T: Record>(term: &Term, view: &View, records: &[T]) -> Result<(), CliError> {
    let mut listing = Listing::new(term, view)?;
    listing.page(records)?;
    listing.end(None)?.print_alone(term);
    Ok(())
}

/// Writes a single record.
///
/// # Errors
/// Fails like [`Listing`]'s methods.
pub fn one<T: Record>(term: &Term, view: &View, record: &T) -> Result<(), CliError> {
    let columns = fields::choose::<T>(view, Shape::One)?;
    let mut output = view.output(columns.iter().map(Column::heading).collect());
    write(term, view, output.one(row(record, &columns, view)?))?;
    term.flush();
    Ok(())
}

/// Returns the rows of a terminal's table without headings, for use within other text. They never become cards: a
/// narrow terminal wraps them.
pub fn rows<T: Record>(view: &View, records: &[T], columns: &[Column<T>]) -> String {
    let width = view.width.max(fit::NARROWEST);
    let view = View { width, header: HeaderChoice::Never, columns: None, fields: None, jq: None, ..view.clone() };
    let mut output = view.output(columns.iter().map(Column::heading).collect());
    let rows = records.iter().filter_map(|record| row(record, columns, &view).ok()).collect();
    output.rows(rows) + &output.end(None)
}

/// Returns the first line of a terminal's card, or nothing.
pub fn headline<T: Record>(view: &View, record: &T) -> String {
    record.title(view).map(|title| view.cards().title(&title, record.sign(view))).unwrap_or_default()
}

/// Returns the other lines of a terminal's card.
///
/// # Errors
/// Fails like [`Listing`]'s methods.
pub fn details<T: Record>(view: &View, record: &T) -> Result<String, CliError> {
    let columns = fields::choose::<T>(view, Shape::One)?;
    let headings: Vec<Heading> = columns.iter().map(Column::heading).collect();
    Ok(view.cards().details(&headings, &row(record, &columns, view)?))
}

/// Checks `--columns` and `--json=…` against `T` before a request is sent.
///
/// # Errors
/// Fails if one of them names a field that `T` does not have.
pub fn check<T: Record>(view: &View) -> Result<(), CliError> {
    fields::choose::<T>(view, Shape::List).map(drop)
}

/// Writes any value as JSON, such as a secret, which is not a record.
///
/// # Errors
/// Fails if `--jq` fails.
pub fn value(term: &Term, view: &View, value: &impl Serialize) -> Result<(), CliError> {
    let value = serde_json::to_value(value).map_err(anyhow::Error::from)?;
    write(term, view, json::text(&value, view.json_style()))?;
    term.flush();
    Ok(())
}

/// Whether the shown parts of these values differ wherever the values differ.
///
/// # Errors
/// Fails if `--jq` fails.
pub fn tells_apart<T>(
    values: &[T],
    view: &View,
    show: impl Fn(&Term, &View, &T) -> Result<(), CliError>,
) -> Result<bool, CliError> {
    let mut shown = std::collections::BTreeSet::new();
    for value in values {
        let (term, captured) = Term::captured("", Terminals::default(), view.width);
        show(&term, view, value)?;
        term.flush();
        shown.insert(captured.out());
    }
    Ok(shown.len() == values.len())
}

/// Writes an output's text, through `--jq` if given.
fn write(term: &Term, view: &View, text: String) -> Result<(), CliError> {
    match &view.jq {
        Some(jq) if !text.is_empty() => {
            jq.write(text, term, view.terminal, Facts { now: view.now, zone: view.zone.clone() })
        }
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
        sign: record.sign(view),
        title: record.title(view),
        cells: columns.iter().map(|column| (column.value)(record, view)).collect(),
        json: view.as_shown(fields::pick(whole, view, columns)),
    })
}

/// Makes an invented webhook.
#[cfg(test)]
pub(crate) fn sample_webhook(id: &str, name: &str) -> crate::domain::webhook::Webhook {
    columns::webhook(id, name, "https://hooks.example.com/tm")
}

#[cfg(test)]
pub(crate) use columns::{sample_attempt, sample_source};
