//! Rows that stand on a terminal and are drawn anew in place: after each key, and after the terminal has got another size.
//!
//! A row never reaches the next one by itself. Terminals do not agree on how wide some characters are, such as emoji made
//! of several: what stands behind one is put into its column, and the cursor is saved where it belongs, instead of counted.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::term::{
    Tone,
    cut::{beginning, cut_by},
    hang, sanitise,
};

/// No row is wider: on a wide terminal the eye would not find back.
const WIDEST: usize = 100;

/// The room that there is, and how to draw in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// How many columns the terminal has.
    pub columns: usize,
    /// How many rows it has.
    pub rows: usize,
    /// Whether there is colour.
    pub color: bool,
}

impl Space {
    /// How wide a row may be.
    pub fn width(self) -> usize {
        self.columns.min(WIDEST)
    }
}

/// How many columns a text takes at most, on any terminal.
pub fn width_of(text: &str) -> usize {
    text.graphemes(true).map(widest).sum()
}

/// A character of several code points is one for some terminals, and several for others.
fn widest(grapheme: &str) -> usize {
    let parts: usize = grapheme.chars().map(|c| c.width().unwrap_or(0)).sum();
    grapheme.width().max(parts)
}

/// Whether all terminals agree on how wide a text is.
fn is_certain(text: &str) -> bool {
    let width = |c: char| c.width().unwrap_or(0);
    text.graphemes(true).all(|grapheme| {
        let parts: Vec<usize> = grapheme.chars().map(width).filter(|width| *width > 0).collect();
        parts.len() < 2 && parts.iter().sum::<usize>() == grapheme.width()
    })
}

/// `text` in at most `width` columns of any terminal; `sign` stands for what was cut off.
pub fn cut(text: &str, width: usize, sign: &str) -> String {
    cut_by(text, width, sign, widest).into_owned()
}

/// `text` in pieces of at most `width` columns, broken anywhere: at least one.
pub fn pieces(text: &str, width: usize) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    loop {
        let piece = beginning(rest, width, widest);
        // A wide character has no room in one column: it is shown all the same.
        let end = if piece.is_empty() { rest.graphemes(true).next().map_or(0, str::len) } else { piece.len() };
        let (piece, further) = rest.split_at(end);
        pieces.push(piece);
        if further.is_empty() {
            return pieces;
        }
        rest = further;
    }
}

/// `text` in lines of at most `width` columns: prose as everywhere, and what has no room even so is broken anywhere, as a
/// row must not reach the next one.
pub fn lines(text: &str, width: usize) -> Vec<String> {
    let wrapped = hang(text, width, 0);
    wrapped.split('\n').flat_map(|line| pieces(line, width.max(1))).map(|piece| piece.trim_end().to_owned()).collect()
}

/// One row, put together from the left to the right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    drawn: String,
    width: usize,
    certain: bool,
    /// In which column the cursor stands, when it does in this row.
    cursor: Option<usize>,
    color: bool,
}

impl Row {
    /// An empty row.
    pub fn new(color: bool) -> Self {
        Row { drawn: String::new(), width: 0, certain: true, cursor: None, color }
    }

    /// With a text behind what there is.
    #[must_use]
    pub fn text(mut self, text: &str, tone: Tone) -> Self {
        let text = sanitise(text);
        self.drawn.push_str(&tone.paint(&text, self.color));
        self.width += width_of(&text);
        self.certain &= is_certain(&text);
        self
    }

    /// With a sign behind what there is.
    #[must_use]
    pub fn sign(mut self, sign: &str, tone: Tone) -> Self {
        self.drawn.push_str(&tone.paint_sign(sign, self.color));
        self.width += width_of(sign);
        self
    }

    /// What follows begins in this column, or one further when there is no room before it.
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

    /// The cursor stands here.
    #[must_use]
    pub fn cursor(mut self) -> Self {
        self.drawn.push_str("\u{1b}7");
        self.cursor = Some(self.width);
        self
    }

    /// How many columns it takes at most.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What a terminal shows of it.
    pub fn drawn(&self) -> &str {
        &self.drawn
    }
}

/// What is written to draw something in place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Leads from the cursor back to where the first row stands.
    pub back: String,
    /// Draws the rows from there. It can be written again wherever the cursor stands at the beginning of a row.
    pub rows: String,
}

/// Clears what stands so many rows below the cursor, and leads back. Terminals that keep what was scrolled away keep a copy
/// of a screen that is cleared from its first place on, too.
fn cleared_below(rows: usize) -> String {
    format!("{}\u{1b}[J\u{1b}[{rows}A", "\n".repeat(rows))
}

/// Where the rows stand that were drawn.
#[derive(Debug, Default)]
pub struct Sheet {
    /// How wide each row is, down to the one that the cursor stands in.
    widths: Vec<usize>,
    /// In which column the cursor stands.
    column: usize,
    /// How many rows the cursor stands below the first one.
    below: usize,
}

impl Sheet {
    /// Draws these rows over those that stand there. Without a cursor among them it is hidden behind
    /// the last one.
    pub fn draw(&mut self, rows: &[Row], color: bool) -> Drawn {
        let back = self.back();
        let with_cursor = rows.iter().position(|row| row.cursor.is_some());
        let mut drawn = format!("\u{1b}[?25{}\r", if with_cursor.is_some() { 'h' } else { 'l' });
        // The screen scrolls before anything is drawn, so that a saved cursor stays where it is.
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

    /// Draws what stays there, and ends its line. What is drawn next stands below.
    pub fn close(&mut self, row: &Row) -> Drawn {
        let rows = format!("\r{}\u{1b}[K{}\r\n\u{1b}[?25h", cleared_below(1), row.drawn());
        let drawn = Drawn { back: self.back(), rows };
        *self = Sheet::default();
        drawn
    }

    fn back(&self) -> String {
        if self.below > 0 { format!("\u{1b}[{}A", self.below) } else { String::new() }
    }

    /// Whether rows would have to be broken on a terminal with so many columns.
    pub fn is_wider_than(&self, columns: usize) -> bool {
        self.widths.iter().any(|width| *width > columns)
    }

    /// Takes note that the terminal has so many columns now. Some break rows that are too wide then, and some cut them
    /// off: where the cursor has come to, as far as the terminal tells it, says which.
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

    /// A screen on which a sheet is drawn, below a line that is not its own.
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

        /// What stands there, without the line above.
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

    /// Where a sheet with rows of these widths is said to begin above its cursor, on a terminal that is narrower now.
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
