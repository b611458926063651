//! A cell of a table.

use unicode_width::UnicodeWidthStr;

use super::looks::Looks;
use crate::term::{Sign, Signs, Tone};

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Its colour, which never carries information that the text lacks.
    pub tone: Tone,
    pub(super) kind: Kind,
}

/// How a terminal lays a cell out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text.
    #[default]
    Words,
    /// An empty cell.
    Nothing,
    /// `7 % of 55`: the numbers of all rows are aligned.
    Share,
}

impl Cell {
    /// Makes a cell without colour.
    pub fn plain(text: impl ToString) -> Self {
        Cell::toned(text, Tone::Plain)
    }

    /// Makes a cell in a tone.
    pub fn toned(text: impl ToString, tone: Tone) -> Self {
        Cell { text: text.to_string(), tone, kind: Kind::Words }
    }

    /// Makes a cell with a share: `7 % of 55`.
    pub fn share(text: impl ToString, tone: Tone) -> Self {
        Cell { text: text.to_string(), tone, kind: Kind::Share }
    }

    /// Makes an empty cell.
    pub fn nothing() -> Self {
        Cell { text: "-".to_owned(), tone: Tone::Receding, kind: Kind::Nothing }
    }

    /// Makes a cell with the text, or an empty cell.
    pub fn or_nothing(text: Option<impl ToString>) -> Self {
        text.map_or_else(Cell::nothing, Cell::plain)
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.kind == Kind::Nothing || self.text.is_empty()
    }

    /// Splits a share into its percentage and its total.
    fn parts(&self) -> Option<(&str, &str)> {
        self.text.rsplit_once(' ').filter(|_| self.kind == Kind::Share)
    }
}

/// Returns the texts of a column's cells, aligned for a terminal.
pub(super) fn aligned(cells: &[&Cell], signs: Signs) -> Vec<String> {
    let widest = |part: fn((&str, &str)) -> usize| cells.iter().filter_map(|cell| cell.parts()).map(part).max();
    let (rate, number) = (widest(|(rate, _)| rate.width()), widest(|(_, number)| number.width()));
    let (rate, number) = (rate.unwrap_or(0), number.unwrap_or(0));
    let text = |cell: &&Cell| match (cell.kind, cell.parts()) {
        (Kind::Nothing, _) if rate > 0 => {
            // The sign for an empty cell is below the percent signs.
            format!("{:>1$}{2}", signs.none(), rate.saturating_sub(" of".len()), " ".repeat(" of ".len() + number))
        }
        (Kind::Nothing, _) => signs.none().to_owned(),
        (_, Some((share, of))) => format!("{share:>rate$} {of:>number$}"),
        _ => cell.text.clone(),
    };
    cells.iter().map(text).collect()
}

/// Returns the sign that begins a row, or a space.
pub(super) fn sign(sign: Sign, looks: Looks) -> String {
    match looks.signs.of_sign(sign) {
        "" => " ".to_owned(),
        letter => sign.tone().paint_sign(letter, looks.color),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_stand_below_each_other_and_nothing_below_their_per_cent() {
        let cells = [
            Cell::share("7 % of 1,055", Tone::Plain),
            Cell::share("100 % of 3", Tone::Plain),
            Cell::nothing(),
            Cell::plain("few: 0 of 3"),
        ];
        let cells: Vec<&Cell> = cells.iter().collect();
        let expected = ["  7 % of 1,055", "100 % of     3", "    –         ", "few: 0 of 3"];
        assert_eq!(aligned(&cells, Signs::Utf8), expected);
        assert_eq!(aligned(&cells[2..], Signs::Ascii), ["-", "few: 0 of 3"]);
    }
}
