//! Prints the tables of results.

use std::io::Write;

use comfy_table::{CellAlignment, Table, presets};

use crate::figures::Figures;

/// The current section, which is printed when the next one begins.
#[derive(Default)]
pub struct Report {
    title: Option<String>,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Report {
    /// Prints the last section and begins the next one, with rows of medians.
    pub fn section(&mut self, title: &str) {
        self.columns(title, &["median", "least … most", "raw limit", "wanted"]);
    }

    /// Prints the last section and begins the next one, with these columns.
    pub fn columns(&mut self, title: &str, columns: &[&str]) {
        self.print();
        self.title = Some(title.to_owned());
        self.header = std::iter::once("").chain(columns.iter().copied()).map(str::to_owned).collect();
    }

    /// Adds a row: the median and the range of some figures, the raw limit, and the wanted value.
    pub fn row(&mut self, name: &str, figures: &Figures, show: impl Fn(f64) -> String, raw: &str, wanted: &str) {
        let range = match figures.len() {
            0 | 1 => String::new(),
            _ => format!("{} … {}", show(figures.least()), show(figures.most())),
        };
        self.cells(name, vec![show(figures.median()), range, raw.to_owned(), wanted.to_owned()]);
    }

    /// Adds a row of texts.
    pub fn cells(&mut self, name: &str, cells: Vec<String>) {
        self.rows.push(std::iter::once(name.to_owned()).chain(cells).collect());
    }

    /// Prints the current section.
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
        // A closed pipe has no reader to inform.
        let _ = writeln!(out, "\n{title}\n{table}");
    }
}

/// Formats a number with thousands separators.
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

/// Formats a fraction in percent.
pub fn percent(value: f64) -> String {
    format!("{:.1} %", value * 100.0)
}

/// Formats bytes in megabytes.
pub fn bytes(value: f64) -> String {
    format!("{:.1} MB", value / 1e6)
}

/// Formats seconds in milliseconds.
pub fn milliseconds(value: f64) -> String {
    format!("{:.3} ms", value * 1e3)
}
