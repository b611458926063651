//! Rows on a terminal that are redrawn in place: after each key, and after a change of the terminal's size.
//!
//! A row never wraps by itself. Terminals disagree about the width of some characters, such as emoji of several code
//! points: the text after one is placed by its column, and the cursor's position is saved instead of computed.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::term::{
    Tone,
    cut::{beginning, cut_by},
    hang, sanitise,
};

/// The largest width of a row; wider rows are hard to read.
const WIDEST: usize = 100;

/// The size and the colours of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// The columns of the terminal.
    pub columns: usize,
    /// The rows of the terminal.
    pub rows: usize,
    /// Whether there is colour.
    pub color: bool,
}

impl Space {
    /// Returns the largest width of a row.
    pub fn width(self) -> usize {
        self.columns.min(WIDEST)
    }
}

/// Returns the largest width of a text on any terminal.
pub fn width_of(text: &str) -> usize {
    text.graphemes(true).map(widest).sum()
}

/// Returns the largest width of a grapheme: some terminals draw its code points one by one.
fn widest(grapheme: &str) -> usize {
    let parts: usize = grapheme.chars().map(|c| c.width().unwrap_or(0)).sum();
    grapheme.width().max(parts)
}

/// Whether all terminals agree on the width of a text.
fn is_certain(text: &str) -> bool {
    let width = |c: char| c.width().unwrap_or(0);
    text.graphemes(true).all(|grapheme| {
        let parts: Vec<usize> = grapheme.chars().map(width).filter(|width| *width > 0).collect();
        parts.len() < 2 && parts.iter().sum::<usize>() == grapheme.width()
    })
}

/// Cuts `text` to at most `width` columns on any terminal; `sign` replaces what was cut off.
pub fn cut(text: &str, width: usize, sign: &str) -> String {
    cut_by(text, width, sign, widest).into_owned()
}

/// Splits `text` anywhere into pieces of at most `width` columns; there is at least one.
pub fn pieces(text: &str, width: usize) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    loop {
        let piece = beginning(rest, width, widest);
        // A wide character does not fit into one column, and is shown all the same.
        let end = if piece.is_empty() { rest.graphemes(true).next().map_or(0, str::len) } else { piece.len() };
        let (piece, further) = rest.split_at(end);
        pieces.push(piece);
        if further.is_empty() {
            return pieces;
        }
        rest = further;
    }
}

/// Wraps `text` to lines of at most `width` columns. A word that is too long is broken anywhere, as a row must not wrap
/// by itself.
pub fn lines(text: &str, width: usize) -> Vec<String> {
    let wrapped = hang(text, width, 0);
    wrapped.split('\n').flat_map(|line| pieces(line, width.max(1))).map(|piece| piece.trim_end().to_owned()).collect()
}

/// A row that is built from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    drawn: String,
    width: usize,
    certain: bool,
    /// The cursor's column, if it is in this row.
    cursor: Option<usize>,
    color: bool,
}

impl Row {
    /// Makes an empty row.
    pub fn new(color: bool) -> Self {
        Row { drawn: String::new(), width: 0, certain: true, cursor: None, color }
    }

    /// Appends a text.
    #[must_use]
    pub fn text(mut self, text: &str, tone: Tone) -> Self {
        let text = sanitise(text);
        self.drawn.push_str(&tone.paint(&text, self.color));
        self.width += width_of(&text);
        self.certain &= is_certain(&text);
        self
    }

    /// Appends a sign.
    #[must_use]
    pub fn sign(mut self, sign: &str, tone: Tone) -> Self {
        self.drawn.push_str(&tone.paint_sign(sign, self.color));
        self.width += width_of(sign);
        self
    }

    /// Continues in this column, or one further if there is no room before it.
    #[must_use]
    pub fn at(mut self, column: usize) -> Self {
        let column = column.max(self.width);
        if self.certain {
            self.drawn.push_str(&" ".repeat(column - self.width));
        } else {
            self.drawn.push_str(&format!("\u{1b}[{}G", column + 1));
        }
        self.width = column;
        self.certain = true;
        self
    }

    /// Puts the cursor here.
    #[must_use]
    pub fn cursor(mut self) -> Self {
        self.drawn.push_str("\u{1b}7");
        self.cursor = Some(self.width);
        self
    }

    /// Returns its largest width.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the text for the terminal.
    pub fn drawn(&self) -> &str {
        &self.drawn
    }
}

/// The text that redraws rows in place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Moves from the cursor back to the first row.
    pub back: String,
    /// Draws the rows from there. It can be repeated with the cursor at the beginning of any row.
    pub rows: String,
}

/// Clears the next `rows` rows and returns. Some terminals keep a copy of a screen that is cleared from its first
/// position, so this starts after it.
fn cleared_below(rows: usize) -> String {
    format!("{}\u{1b}[J\u{1b}[{rows}A", "\n".repeat(rows))
}

/// The layout of the drawn rows.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The width of each row down to the cursor's.
    widths: Vec<usize>,
    /// The cursor's column.
    column: usize,
    /// The number of rows from the first one to the cursor.
    below: usize,
}

impl Sheet {
    /// Replaces the drawn rows. Without a cursor in them, it is hidden after the last one.
    pub fn draw(&mut self, rows: &[Row], color: bool) -> Drawn {
        let back = self.back();
        let with_cursor = rows.iter().position(|row| row.cursor.is_some());
        let mut drawn = format!("\u{1b}[?25{}\r", if with_cursor.is_some() { 'h' } else { 'l' });
        // The screen scrolls before the drawing, so that a saved cursor position stays valid.
        drawn.push_str(&cleared_below(rows.len().max(2) - 1));
        drawn.push_str(&rows.iter().map(|row| format!("\u{1b}[K{}", row.drawn())).collect::<Vec<_>>().join("\r\n"));
        if with_cursor.is_some() {
            drawn.push_str(if color { "\u{1b}8\u{1b}[0m" } else { "\u{1b}8" });
        }
        self.below = with_cursor.unwrap_or(rows.len().saturating_sub(1));
        self.widths = rows.iter().take(self.below + 1).map(Row::width).collect();
        self.column = rows.get(self.below).map_or(0, |row| row.cursor.unwrap_or(row.width));
        Drawn { back, rows: drawn }
    }

    /// Draws the final row and ends its line. The next drawing is below it.
    pub fn close(&mut self, row: &Row) -> Drawn {
        let rows = format!("\r{}\u{1b}[K{}\r\n\u{1b}[?25h", cleared_below(1), row.drawn());
        let drawn = Drawn { back: self.back(), rows };
        *self = Sheet::default();
        drawn
    }

    fn back(&self) -> String {
        if self.below > 0 { format!("\u{1b}[{}A", self.below) } else { String::new() }
    }

    /// Whether a row is wider than so many columns.
    pub fn is_wider_than(&self, columns: usize) -> bool {
        self.widths.iter().any(|width| *width > columns)
    }

    /// Records the terminal's new width. Some terminals wrap rows that are now too wide, others cut them; the reported
    /// position of the cursor shows which.
    pub fn resized(&mut self, columns: usize, cursor: Option<usize>) {
        let columns = columns.max(1);
        let was_cut_off = self.column >= columns && cursor.is_some_and(|column| column != self.column % columns);
        if cursor.is_none() || was_cut_off || !self.is_wider_than(columns) {
            return;
        }
        let above = self.widths.iter().take(self.below).map(|width| width.div_ceil(columns).max(1)).sum::<usize>();
        self.below = above + self.column / columns;
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::num::NonZeroU16;

    use super::*;

    /// A screen with a sheet below a foreign line.
    pub struct Screen {
        parser: vt100::Parser,
        sheet: Sheet,
        size: (u16, u16),
    }

    impl Screen {
        pub fn new(columns: u16, rows: u16) -> Self {
            let (height, width) = (NonZeroU16::new(rows + 1).unwrap(), NonZeroU16::new(columns).unwrap());
            let mut parser = vt100::Parser::new(height, width, 0);
            parser.process(b"above\r\n");
            Screen { parser, sheet: Sheet::default(), size: (columns, rows) }
        }

        pub fn space(&self) -> Space {
            Space { columns: self.size.0.into(), rows: self.size.1.into(), color: true }
        }

        pub fn draw(&mut self, rows: &[Row]) {
            let Drawn { back, rows } = self.sheet.draw(rows, true);
            self.parser.process(format!("{back}{rows}").as_bytes());
        }

        pub fn close(&mut self, row: &Row) {
            let Drawn { back, rows } = self.sheet.close(row);
            self.parser.process(format!("{back}{rows}").as_bytes());
        }

        /// Returns its text without the foreign line.
        pub fn text(&self) -> String {
            let rows = self.parser.screen().rows(0, self.size.0);
            let rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
            let text = rows.join("\n");
            text.strip_prefix("above\n")
                .unwrap_or_else(|| panic!("drawn over what stood above:\n{text}"))
                .trim_end()
                .to_owned()
        }

        pub fn cursor(&self) -> (u16, u16) {
            self.parser.screen().cursor_position()
        }
    }

    fn row(text: &str) -> Row {
        Row::new(true).text(text, Tone::Plain)
    }

    #[test]
    fn rows_are_drawn_anew_in_place() {
        let mut screen = Screen::new(20, 6);
        screen.draw(&[row("one"), row("two"), row("three")]);
        assert_eq!((screen.text().as_str(), screen.cursor()), ("one\ntwo\nthree", (3, 5)));
        screen.draw(&[
            row("one"),
            Row::new(true).text("tw", Tone::Subject).cursor().text("o", Tone::Subject),
            row("end"),
        ]);
        assert_eq!((screen.text().as_str(), screen.cursor()), ("one\ntwo\nend", (2, 2)));
        screen.draw(&[row("a"), row("b")]);
        assert_eq!(screen.text(), "a\nb");
        screen.close(&row("done"));
        assert_eq!((screen.text().as_str(), screen.cursor()), ("done", (2, 0)));
    }

    #[test]
    fn at_the_bottom_the_screen_scrolls_before_the_cursor_is_saved() {
        let mut screen = Screen::new(20, 3);
        screen.close(&row("x"));
        screen.close(&row("y"));
        let rows = [row("one"), row("tw").cursor().text("o", Tone::Plain), row("three")];
        let Drawn { back, rows } = screen.sheet.draw(&rows, false);
        screen.parser.process(format!("{back}{rows}").as_bytes());
        assert_eq!(screen.cursor(), (2, 2));
        assert_eq!(screen.parser.screen().contents(), "y\none\ntwo\nthree");
    }

    #[test]
    fn what_stands_behind_a_character_of_several_is_in_its_column_on_every_terminal() {
        assert_eq!(row("ab").at(4).text("c", Tone::Plain).drawn(), "ab  c");
        assert_eq!(row("東").at(4).text("c", Tone::Plain).drawn(), "東  c");
        assert_eq!(row("👩‍💻").at(6).text("c", Tone::Plain).drawn(), "👩‍💻\u{1b}[7Gc");
        assert_eq!(row("❤️").at(1).text("c", Tone::Plain).drawn(), "❤️\u{1b}[3Gc", "one column is not enough");
    }

    #[test]
    fn texts_are_cut_and_broken_between_characters() {
        assert_eq!(
            (cut("abc", 3, "…"), cut("abcd", 3, "…"), cut("abc", 0, "…")),
            ("abc".into(), "ab…".into(), String::new())
        );
        assert_eq!((cut("東京都", 4, "…"), cut("東京", 3, "~")), ("東…".to_owned(), "東~".to_owned()));
        assert_eq!((cut("👩‍💻👩‍💻", 7, "…"), cut("Mu\u{308}nchen", 3, "…")), ("👩‍💻…".to_owned(), "Mu\u{308}…".to_owned()));
        assert_eq!(pieces("abcde", 2), ["ab", "cd", "e"]);
        assert_eq!(pieces("a東京", 2), ["a", "東", "京"]);
        assert_eq!((pieces("", 3), pieces("東", 1)), (vec![""], vec!["東"]));
        assert_eq!(lines("one two  three", 7), ["one two", "three"]);
        assert_eq!(lines("abcdefgh i", 4), ["abcd", "efgh", "i"]);
        assert_eq!(lines("", 4), [""]);
    }

    /// Returns how far above its cursor a sheet with rows of these widths begins, on a terminal that is narrower now.
    fn above(widths: &[usize], columns: usize, cursor: Option<usize>) -> usize {
        let mut sheet = Sheet::default();
        sheet.draw(&widths.iter().map(|width| row(&"x".repeat(*width))).collect::<Vec<_>>(), false);
        sheet.resized(columns, cursor);
        sheet.below
    }

    #[test]
    fn a_narrower_terminal_says_whether_it_breaks_rows_or_cuts_them_off() {
        assert_eq!(above(&[45, 70, 80], 60, Some(20)), 1 + 2 + 1, "broken: the last row is at its column 80 - 60");
        assert_eq!(above(&[45, 70, 80], 60, Some(59)), 2, "cut off: the cursor is at the edge");
        assert_eq!(above(&[45, 70, 80], 60, None), 2, "a terminal that says nothing breaks nothing");
        assert_eq!(above(&[45, 70, 80], 90, Some(80)), 2);
        assert_eq!(above(&[45, 70, 80], 30, Some(20)), 2 + 3 + 2);
    }
}
