//! Writes ids, one per line, for the next command in a pipe.

use super::{Row, output::Output};

pub(super) struct Ids;

impl Output for Ids {
    fn rows(&mut self, rows: Vec<Row>) -> String {
        rows.into_iter().map(|row| row.id + "\n").collect()
    }

    fn end(&mut self, _next: Option<&str>) -> String {
        String::new()
    }

    fn one(&mut self, row: Row) -> String {
        row.id + "\n"
    }
}
