//! One thing below the other: for a single object, and for tables that do not fit side by side.

use unicode_width::UnicodeWidthStr;

use super::{Heading, Row};
use crate::term::{Tone, sanitise};

/// Writes each thing as lines of a label and a value. Values are never cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cards {
    pub(super) color: bool,
}

impl Cards {
    pub(super) fn write(self, headings: &[Heading], rows: &[Row]) -> String {
        let label = headings.iter().map(|heading| heading.title.width()).max().unwrap_or(0);
        let card = |row: &Row| -> String {
            headings
                .iter()
                .zip(&row.cells)
                .filter(|(_, cell)| !cell.text.is_empty())
                .map(|(heading, cell)| {
                    let title = format!("{:<label$}", heading.title.to_lowercase());
                    format!(
                        "{}  {}\n",
                        Tone::Faint.paint(&title, self.color),
                        cell.tone.paint(&sanitise(&cell.text), self.color)
                    )
                })
                .collect()
        };
        rows.iter().map(card).collect::<Vec<_>>().join("\n")
    }
}
