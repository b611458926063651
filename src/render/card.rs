//! Cards: the fields of a record below each other, for a single record and for tables that do not fit.

use unicode_width::UnicodeWidthStr;

use super::{
    Cell, Heading, Row, Title,
    cell::{self, Kind},
    looks::Looks,
};
use crate::term::{Sign, Tone, hang, sanitise};

/// The largest width of a card, so that the id stays near the name.
const WIDEST: usize = 80;
/// The least width of labels.
const LABEL: usize = 7;

/// Writes each record as lines of a label and a value. Values are never cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cards(pub(super) Looks);

impl Cards {
    pub(super) fn write(self, headings: &[Heading], rows: &[Row]) -> String {
        rows.iter().map(|row| self.card(headings, row)).collect::<Vec<_>>().join("\n")
    }

    fn card(self, headings: &[Heading], row: &Row) -> String {
        let title = row.title.as_ref().filter(|_| !self.0.chosen);
        title.map(|title| self.title(title, row.sign)).unwrap_or_default() + &self.details(headings, row)
    }

    /// Returns the lines after the first one.
    pub(super) fn details(self, headings: &[Heading], row: &Row) -> String {
        let title = row.title.as_ref().filter(|_| !self.0.chosen);
        let said = title.map_or(&[][..], |title| title.says);
        let shown =
            |heading: &Heading, cell: &Cell| self.0.chosen || !(cell.is_nothing() || said.contains(&heading.name));
        let lines: Vec<_> = headings.iter().zip(&row.cells).filter(|(heading, cell)| shown(heading, cell)).collect();
        let label = lines.iter().map(|(heading, _)| heading.title.width()).max().unwrap_or(0).max(LABEL);
        let indent = if title.is_some() { "  " } else { "" };
        let mut text = String::new();
        for (heading, cell) in lines {
            let name = format!("{:<label$}", heading.title.to_lowercase());
            let below = indent.len() + label + super::fit::GAP;
            let value = hang(&self.words(cell), self.0.width, below);
            let value = value.split('\n').map(|line| {
                let words = line.trim_start();
                format!("{}{}", &line[..line.len() - words.len()], cell.tone.paint(words, self.0.color))
            });
            let value = value.collect::<Vec<_>>().join("\n");
            text += &format!("{indent}{}  {value}\n", Tone::Receding.paint(&name, self.0.color));
        }
        text
    }

    fn words(self, cell: &Cell) -> String {
        if cell.kind == Kind::Nothing { self.0.signs.none().to_owned() } else { cell.text.clone() }
    }

    /// Returns the first line: name, state and id.
    pub(super) fn title(self, title: &Title, sign: Sign) -> String {
        let Title { subject, state, id, says: _ } = title;
        let (subject, width) = (sanitise(subject), self.0.width.min(WIDEST));
        let color = self.0.color;
        let subject = hang(&subject, width, 2);
        let mut column = 2 + subject.lines().last().unwrap_or_default().trim_start().width();
        let lines = subject.lines().map(str::trim_start).map(|line| Tone::Subject.paint(line, color));
        let mut text = format!("{} {}", cell::sign(sign, self.0), lines.collect::<Vec<_>>().join("\n  "));
        if !state.text.is_empty() {
            let fits = column + 3 + state.text.width() <= width;
            column = if fits { column + 3 } else { 2 } + state.text.width();
            text += if fits { "   " } else { "\n  " };
            text += &state.tone.paint(&state.text, color);
        }
        if !id.is_empty() {
            // The id is never cut: if there is no room, it gets a line of its own.
            let blanks = width.checked_sub(column + id.width()).filter(|blanks| *blanks >= 3);
            text += &blanks.map_or_else(|| "\n  ".to_owned(), |blanks| " ".repeat(blanks));
            text += &Tone::Receding.paint(id, color);
        }
        text + "\n"
    }
}
