//! The table that is printed in the end.

use std::io::Write;

use comfy_table::{CellAlignment, Table, presets};

use crate::figures::Figures;

/// Sections of rows, printed as they are done.
#[derive(Default)]
pub struct Report {
    title: Option<String>,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Report {
    /// Prints the section before, and begins the next, of rows with a median.
    pub fn section(&mut self, title: &str) {
        self.columns(title, &["median", "least … most", "raw limit", "wanted"]);
    }

    /// Prints the section before, and begins the next, with columns of its own beside the rows' names.
    pub fn columns(&mut self, title: &str, columns: &[&str]) {
        self.print();
        self.title = Some(title.to_owned());
        self.header = std::iter::once("").chain(columns.iter().copied()).map(str::to_owned).collect();
    }

    /// A row: the median and the range of some figures, the raw limit beside them, and what is wanted.
    pub fn row(&mut self, name: &str, figures: &Figures, show: impl Fn(f64) -> String, raw: &str, wanted: &str) {
        let range = match figures.len() {
            0 | 1 => String::new(),
            _ => format!("{} … {}", show(figures.least()), show(figures.most())),
        };
        self.cells(name, vec![show(figures.median()), range, raw.to_owned(), wanted.to_owned()]);
    }

    /// A row of plain texts beside its name.
    pub fn cells(&mut self, name: &str, cells: Vec<String>) {
        self.rows.push(std::iter::once(name.to_owned()).chain(cells).collect());
    }

    /// Prints the section that is not printed yet.
    pub fn print(&mut self) {
        let Some(title) = self.title.take() else { return };
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(std::mem::take(&mut self.header));
        table.add_rows(std::mem::take(&mut self.rows));
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let mut out = std::io::stdout().lock();
        // Who closed the pipe does not want to know.
        let _ = writeln!(out, "\n{title}\n{table}");
    }
}

/// A number with commas between thousands.
pub fn count(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A part of one, in percent.
pub fn percent(value: f64) -> String {
    format!("{:.1} %", value * 100.0)
}

/// Bytes in megabytes.
pub fn bytes(value: f64) -> String {
    format!("{:.1} MB", value / 1e6)
}

/// Seconds in milliseconds.
pub fn milliseconds(value: f64) -> String {
    format!("{:.3} ms", value * 1e3)
}
