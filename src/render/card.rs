//! One thing below the other: for a single object, and for tables that do not fit side by side.

use unicode_width::UnicodeWidthStr;

use super::{
    Cell, Heading, Row,
    cell::{self, Kind},
    table::Looks,
};
use crate::term::{Sign, Tone, hang, sanitise};

/// The first line of a card: who it is, and how it fares.
#[derive(Debug, Clone, Default)]
pub struct Title {
    /// The name.
    pub subject: String,
    /// The state, if it has one.
    pub state: Cell,
    /// The id.
    pub id: String,
    /// The fields that it says already.
    pub says: &'static [&'static str],
}

/// Cards are no wider, so that the id stands near what it names.
const WIDEST: usize = 80;
/// Labels take at least so many columns.
const LABEL: usize = 7;

/// Writes each thing as lines of a label and a value. Values are never cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cards(pub(super) Looks);

impl Cards {
    pub(super) fn write(self, headings: &[Heading], rows: &[Row]) -> String {
        rows.iter().map(|row| self.card(headings, row)).collect::<Vec<_>>().join("\n")
    }

    fn card(self, headings: &[Heading], row: &Row) -> String {
        let title = row.title.as_ref().filter(|_| !self.0.chosen);
        let said = title.map_or(&[][..], |title| title.says);
        let shown =
            |heading: &Heading, cell: &Cell| self.0.chosen || !(cell.is_nothing() || said.contains(&heading.name));
        let lines: Vec<_> = headings.iter().zip(&row.cells).filter(|(heading, cell)| shown(heading, cell)).collect();
        let label = lines.iter().map(|(heading, _)| heading.title.width()).max().unwrap_or(0).max(LABEL);
        let indent = if title.is_some() { "  " } else { "" };
        let mut text = title.map(|title| self.title(title, row.sign)).unwrap_or_default();
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

    fn title(self, title: &Title, sign: Sign) -> String {
        let Title { subject, state, id, says: _ } = title;
        let (subject, width) = (sanitise(subject), self.0.width.min(WIDEST));
        let color = self.0.color;
        let begin = format!("{} {}", cell::sign(sign, self.0), Tone::Subject.paint(&subject, color));
        let (state_gap, state_width) = if state.text.is_empty() { (0, 0) } else { (3, state.text.width()) };
        let taken = 2 + subject.width() + state_gap + state_width;
        let state = " ".repeat(state_gap) + &state.tone.paint(&state.text, color);
        let id_painted = Tone::Receding.paint(id, color);
        match width.checked_sub(taken + id.width()) {
            _ if id.is_empty() => format!("{begin}{state}\n"),
            Some(blanks @ 3..) => format!("{begin}{state}{}{id_painted}\n", " ".repeat(blanks)),
            // The id is never cut: it has a line for itself.
            _ => format!("{begin}{state}\n  {id_painted}\n"),
        }
    }
}
