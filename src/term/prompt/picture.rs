//! Draws a question and its answer on a terminal, wrapped at its right edge, and redraws them.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::term::sanitise;

use super::sheet::Drawn;

/// The last drawing, as far as needed to find its beginning.
#[derive(Debug, Default)]
pub struct Picture {
    /// The number of rows from the first one to the cursor.
    row: usize,
}

/// The question's last line, before the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its text.
    pub plain: String,
    /// Its text with colours, if there are any.
    pub painted: String,
}

/// A position on the terminal, relative to the beginning of the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Cell {
    row: usize,
    column: usize,
}

impl Cell {
    /// Returns the cursor's position after `text`. A wide character that does not fit at the edge goes to the next row.
    fn after(self, text: &str, columns: usize) -> Cell {
        text.graphemes(true).fold(self, |Cell { row, column }, grapheme| {
            let width = grapheme.width().min(columns);
            if column + width > columns {
                Cell { row: row + 1, column: width }
            } else {
                Cell { row, column: column + width }
            }
        })
    }

    /// Moves a cursor after the last column to the next row.
    fn settled(self, columns: usize) -> Cell {
        if self.column < columns { self } else { Cell { row: self.row + 1, column: 0 } }
    }
}

impl Picture {
    /// Replaces the last drawing: the label, and the answer before and after the cursor.
    pub fn draw(&mut self, label: &Label, (before, behind): (&str, &str), columns: usize) -> Drawn {
        let (before, behind) = (sanitise(before), sanitise(behind));
        let back = if self.row > 0 { format!("\u{1b}[{}A", self.row) } else { String::new() };
        let mut drawn = format!("\r\u{1b}[J{}{before}{behind}", label.painted);
        let cursor = Cell::default().after(&label.plain, columns).after(&before, columns);
        let end = cursor.after(&behind, columns);
        if end.column == columns {
            // Terminals delay the wrap until another character follows; this forces it.
            drawn.push_str("\r\n");
        }
        let (cursor, end) = (cursor.settled(columns), end.settled(columns));
        if !behind.is_empty() {
            if end.row > cursor.row {
                drawn.push_str(&format!("\u{1b}[{}A", end.row - cursor.row));
            }
            drawn.push('\r');
            if cursor.column > 0 {
                drawn.push_str(&format!("\u{1b}[{}C", cursor.column));
            }
        }
        self.row = cursor.row;
        Drawn { back, rows: drawn }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use super::*;

    /// A screen of ten rows, and the row at which a picture begins.
    struct Screen {
        parser: vt100::Parser,
        picture: Picture,
        columns: u16,
    }

    impl Screen {
        fn new(columns: u16) -> Self {
            let (rows, width) = (NonZeroU16::new(10).unwrap(), NonZeroU16::new(columns).unwrap());
            let mut parser = vt100::Parser::new(rows, width, 0);
            parser.process(b"above\r\n");
            Screen { parser, picture: Picture::default(), columns }
        }

        fn draw(&mut self, before: &str, behind: &str) -> (String, (u16, u16)) {
            let label = Label { plain: "? Name: ".to_owned(), painted: "\u{1b}[2m? Name: \u{1b}[0m".to_owned() };
            let drawn = self.picture.draw(&label, (before, behind), usize::from(self.columns));
            self.parser.process(format!("{}{}", drawn.back, drawn.rows).as_bytes());
            let screen = self.parser.screen();
            let rows: Vec<String> = screen.rows(0, self.columns).map(|row| row.trim_end().to_owned()).collect();
            (rows.join("\n").trim_end().to_owned(), screen.cursor_position())
        }
    }

    #[test]
    fn what_is_typed_stands_behind_the_question() {
        let mut screen = Screen::new(40);
        assert_eq!(screen.draw("", ""), ("above\n? Name:".to_owned(), (1, 8)));
        assert_eq!(screen.draw("Pay", "roll"), ("above\n? Name: Payroll".to_owned(), (1, 11)));
        assert_eq!(screen.draw("東", "京"), ("above\n? Name: 東京".to_owned(), (1, 10)));
    }

    #[test]
    fn a_long_answer_is_wrapped_and_drawn_anew_in_place() {
        let mut screen = Screen::new(10);
        assert_eq!(screen.draw("ab", ""), ("above\n? Name: ab".to_owned(), (2, 0)));
        assert_eq!(screen.draw("abcdefghijklmnopq", ""), ("above\n? Name: ab\ncdefghijkl\nmnopq".to_owned(), (3, 5)));
        assert_eq!(screen.draw("a", "bcdefghijkl"), ("above\n? Name: ab\ncdefghijkl".to_owned(), (1, 9)));
        assert_eq!(screen.draw("ab", "cde"), ("above\n? Name: ab\ncde".to_owned(), (2, 0)));
        assert_eq!(screen.draw("", ""), ("above\n? Name:".to_owned(), (1, 8)));
    }

    #[test]
    fn a_wide_character_never_stands_on_two_rows() {
        let mut screen = Screen::new(10);
        assert_eq!(screen.draw("a東京", ""), ("above\n? Name: a\n東京".to_owned(), (2, 4)));
        assert_eq!(screen.draw("a", "東京"), ("above\n? Name: a\n東京".to_owned(), (1, 9)));
    }

    #[test]
    fn what_moves_cursors_is_not_drawn() {
        let mut screen = Screen::new(40);
        assert_eq!(screen.draw("a\u{202e}b", "\u{2066}c"), ("above\n? Name: abc".to_owned(), (1, 10)));
    }
}
