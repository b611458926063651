//! A text field of a form: its input, its error, and its picture.

use crate::term::{Signs, Tone, sanitise};

use super::{
    form::{Field, problem},
    keys::Key,
    line::{Line, Pressed},
    sheet::{Row, Space, cut, pieces, width_of},
    widget::Widget,
};

/// The initial state of a text field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The initial text.
    pub start: String,
    /// The value of an empty answer.
    pub default: Option<String>,
    /// The error of the initial text.
    pub problem: Option<String>,
}

/// A text field during input.
pub struct TextField<'a> {
    field: &'a Field,
    signs: Signs,
    line: Line,
    default: Option<String>,
    problem: Option<String>,
}

impl<'a> TextField<'a> {
    pub fn new(field: &'a Field, text: Text, signs: Signs) -> Self {
        let Text { start, default, problem } = text;
        TextField { field, signs, line: Line::of(&start), default, problem }
    }

    /// Returns the answer without surrounding whitespace, or the default if it is empty.
    pub fn answer(&self) -> &str {
        match self.line.text().trim() {
            "" => self.default.as_deref().unwrap_or_default(),
            answer => answer,
        }
    }

    /// Shows what is wrong with the answer, which stays in the field.
    pub fn refuse(&mut self, why: String) {
        self.problem = Some(why);
    }

    /// Returns the input in at most `most` rows: for a long text, those around the cursor.
    fn typed(&self, space: Space, most: usize) -> Vec<Row> {
        let width = space.width().saturating_sub(INDENT).max(2);
        let (before, behind) = self.line.parts();
        let (before, behind) = (sanitise(before), sanitise(behind));
        let whole = format!("{before}{behind}");
        let mut parts = pieces(&whole, width);
        if behind.is_empty() && parts.last().is_some_and(|last| width_of(last) >= width) {
            parts.push("");
        }
        let (mut rows, mut start, mut here) = (Vec::with_capacity(parts.len()), 0, 0);
        for (number, part) in parts.iter().enumerate() {
            let sign = if number == 0 { self.signs.here() } else { "" };
            let row = Row::new(space.color).text("  ", Tone::Plain).text(sign, Tone::Subject).at(INDENT);
            let end = start + part.len();
            let is_last = number + 1 == parts.len();
            rows.push(if (start..end).contains(&before.len()) || is_last && before.len() == end {
                here = number;
                let (left, right) = part.split_at(before.len() - start);
                row.text(left, Tone::Subject).cursor().text(right, Tone::Subject)
            } else {
                row.text(part, Tone::Subject)
            });
            start = end;
        }
        let from = (here + 1).saturating_sub(most);
        rows.into_iter().skip(from).take(most).collect()
    }
}

/// The column of the text, after the sign of the cursor's row.
const INDENT: usize = 4;

/// The longest default that is shown, in columns.
const LONGEST_DEFAULT: usize = 40;

impl Widget for TextField<'_> {
    fn press(&mut self, key: Key, _pasting: bool) -> Pressed {
        let pressed = self.line.press(key);
        if pressed == Pressed::Changed {
            self.problem = None;
        }
        pressed
    }

    fn rows(&mut self, space: Space) -> Vec<Row> {
        let default = self.default.as_deref().filter(|_| self.line.text().trim().is_empty());
        let enter = match default {
            Some(default) => format!("enter takes {}", cut(&sanitise(default), LONGEST_DEFAULT, self.signs.cut())),
            None => "enter goes on".to_owned(),
        };
        let asked = self.field.asked(&[&enter, "esc leaves"], space);
        let wrong = self.problem.iter().flat_map(|why| problem(why, self.signs, space)).collect::<Vec<_>>();
        let footer = self.field.footer("", self.signs, space);
        let others = asked.len() + wrong.len() + usize::from(footer.is_some());
        let typed = self.typed(space, space.rows.saturating_sub(others + 1).max(1));
        asked.into_iter().chain(typed).chain(wrong).chain(footer).take(space.rows.max(2)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::prompt::sheet::tests::Screen;

    fn field() -> Field {
        Field { label: "URL".to_owned(), width: 7, then: vec!["Name".to_owned()] }
    }

    fn seen(typed: &mut TextField<'_>, columns: u16, rows: u16) -> (String, (u16, u16)) {
        let mut screen = Screen::new(columns, rows);
        let drawn = typed.rows(screen.space());
        assert!(drawn.len() <= usize::from(rows), "{} rows on {rows}", drawn.len());
        screen.draw(&drawn);
        (screen.text(), screen.cursor())
    }

    #[test]
    fn what_is_wrong_stands_below_until_something_is_changed() {
        let field = field();
        let mut typed = TextField::new(&field, Text { start: "nonsense ".to_owned(), ..Text::default() }, Signs::Utf8);
        typed.refuse("it is not a URL: it does not begin with https://".to_owned());
        let expected = [
            "? URL      enter goes on   esc leaves",
            "  ❯ nonsense",
            "  ✗ it is not a URL: it does not begin",
            "    with https://",
            "  then: Name",
        ];
        assert_eq!(seen(&mut typed, 40, 20), (expected.join("\n"), (2, 13)));
        assert_eq!(typed.answer(), "nonsense");
        assert_eq!(typed.press(Key::Left, false), Pressed::Changed);
        assert!(!seen(&mut typed, 40, 20).0.contains('✗'));
    }

    #[test]
    fn an_empty_answer_is_the_default() {
        let field = Field::alone("Name");
        let default = Some("erp.example.com".to_owned());
        let mut typed = TextField::new(&field, Text { default, ..Text::default() }, Signs::Ascii);
        assert_eq!(typed.answer(), "erp.example.com");
        assert!(seen(&mut typed, 60, 20).0.starts_with("? Name  enter takes erp.example.com   esc leaves\n  >"));
        typed.press(Key::Text('東'), false);
        let (text, cursor) = seen(&mut typed, 60, 20);
        assert_eq!(
            (typed.answer(), text.as_str(), cursor),
            ("東", "? Name  enter goes on   esc leaves\n  > 東", (2, 6))
        );
    }

    #[test]
    fn a_long_answer_goes_on_below_and_the_cursor_s_rows_are_seen() {
        let field = field();
        let text = "abcdefghijklmnop".to_owned();
        let mut typed = TextField::new(&field, Text { start: text, ..Text::default() }, Signs::Utf8);
        let (text, cursor) = seen(&mut typed, 12, 20);
        assert_eq!(cursor, (5, 4));
        assert!(text.ends_with("\n  ❯ abcdefgh\n    ijklmnop\n\n  then: Name"), "{text}");
        typed.press(Key::Left, false);
        assert_eq!(seen(&mut typed, 12, 20).1, (4, 11));
        typed.press(Key::Start, false);
        assert_eq!(seen(&mut typed, 12, 20).1, (3, 4));
        for rows in 2..9 {
            seen(&mut typed, 12, rows);
        }
    }
}
