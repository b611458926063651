//! Writes lines of values: CSV, TSV, and the table for a pipe.

use serde_json::Value;

use super::{Heading, Row, output::Output};
use crate::term::sanitise_lines;

/// The form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineStyle {
    /// The texts for people, tab-separated.
    Table,
    /// The values for programs, tab-separated.
    Tsv,
    /// The values for programs, as in RFC 4180.
    Csv,
}

pub(super) struct Separated {
    headings: Vec<Heading>,
    style: LineStyle,
    header: bool,
    /// Whether a terminal shows it, which must not interpret foreign text.
    terminal: bool,
}

impl Separated {
    pub(super) fn table(headings: Vec<Heading>, header: bool) -> Self {
        Separated { headings, style: LineStyle::Table, header, terminal: false }
    }

    pub(super) fn tsv(headings: Vec<Heading>, header: bool, terminal: bool) -> Self {
        Separated { headings, style: LineStyle::Tsv, header, terminal }
    }

    pub(super) fn csv(headings: Vec<Heading>, header: bool, terminal: bool) -> Self {
        Separated { headings, style: LineStyle::Csv, header, terminal }
    }

    /// Returns the header at the first call.
    fn header(&mut self) -> String {
        if !std::mem::take(&mut self.header) {
            return String::new();
        }
        let table = self.style == LineStyle::Table;
        let names = self.headings.iter().map(|heading| if table { heading.title } else { heading.name });
        self.line(names.map(str::to_owned))
    }

    fn row(&self, row: Row) -> String {
        match (self.style, row.json) {
            (LineStyle::Table, _) => self.line(row.cells.into_iter().map(|cell| cell.text)),
            (_, Value::Object(fields)) => {
                self.line(self.headings.iter().map(|heading| fields.get(heading.name).map(bare).unwrap_or_default()))
            }
            (_, other) => self.line([bare(&other)].into_iter()),
        }
    }

    fn line(&self, values: impl Iterator<Item = String>) -> String {
        let (between, end) = if self.style == LineStyle::Csv { (",", "\r\n") } else { ("\t", "\n") };
        let quote = if self.style == LineStyle::Csv { quoted } else { escaped };
        let shown = |value: String| if self.terminal { sanitise_lines(&value).into_owned() } else { value };
        let line = values.map(shown).map(quote).collect::<Vec<_>>().join(between);
        // Readers skip empty lines, so a row of one empty field would be lost.
        if self.style == LineStyle::Csv && line.is_empty() { format!("\"\"{end}") } else { line + end }
    }
}

impl Output for Separated {
    fn rows(&mut self, rows: Vec<Row>) -> String {
        let header = self.header();
        rows.into_iter().fold(header, |text, row| text + &self.row(row))
    }

    fn end(&mut self, _next: Option<&str>) -> String {
        self.header()
    }

    /// Writes a line for each field of a single record in a table.
    fn one(&mut self, row: Row) -> String {
        if self.style != LineStyle::Table {
            return self.rows(vec![row]);
        }
        let fields = self.headings.iter().zip(row.cells);
        fields.map(|(heading, cell)| format!("{}\t{}\n", heading.name, escaped(cell.text))).collect()
    }
}

/// Returns a JSON value without quotes: nothing for null, and a list of texts joined by commas.
fn bare(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(parts) if parts.iter().all(|part| !part.is_array() && !part.is_object()) => {
            parts.iter().map(bare).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}

/// Quotes a field of CSV (RFC 4180, section 2) if it holds a comma, a quote, a line end or outer spaces.
fn quoted(text: String) -> String {
    let needs = text.contains([',', '"', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ');
    if needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Escapes the separators in a field of TSV.
fn escaped(text: String) -> String {
    if !text.contains(['\\', '\t', '\n', '\r']) {
        return text;
    }
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn csv_quotes_what_needs_it_and_changes_nothing_else() {
        assert_eq!(quoted("plain".to_owned()), "plain");
        assert_eq!(quoted("=SUM(A1)".to_owned()), "=SUM(A1)");
        assert_eq!(quoted("a,b".to_owned()), "\"a,b\"");
        assert_eq!(quoted("say \"hi\"\n".to_owned()), "\"say \"\"hi\"\"\n\"");
    }

    #[test]
    fn a_row_of_one_empty_field_is_no_empty_line() {
        let csv = Separated::csv(Vec::new(), false, false);
        let line = |values: &[&str]| csv.line(values.iter().map(ToString::to_string));
        assert_eq!(line(&[""]), "\"\"\r\n");
        assert_eq!(line(&["", ""]), ",\r\n");
        assert_eq!(line(&["a"]), "a\r\n");
    }

    #[test]
    fn tsv_escapes_can_be_undone() {
        assert_eq!(escaped("a\tb\nc\\d\r".to_owned()), "a\\tb\\nc\\\\d\\r");
    }

    #[test]
    fn values_stand_without_json_quotes() {
        assert_eq!(bare(&json!(null)), "");
        assert_eq!(bare(&json!(["attendance.*", "user.deleted"])), "attendance.*,user.deleted");
        assert_eq!(bare(&json!({"a": 1})), "{\"a\":1}");
        assert_eq!(bare(&json!(0.38)), "0.38");
    }
}
