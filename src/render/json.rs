//! JSON: one document, or one object a line.

use serde_json::{Value, json};

use super::{Output, Row};
use crate::term::is_dangerous;

/// `{"data": […], "next": …}`, a bare array when fields were chosen, a bare object for one thing.
pub(super) struct Document {
    rows: Vec<Value>,
    bare: bool,
    pretty: bool,
    terminal: bool,
}

impl Document {
    pub(super) fn new(bare: bool, pretty: bool, terminal: bool) -> Self {
        Document { rows: Vec::new(), bare, pretty, terminal }
    }
}

impl Output for Document {
    fn rows(&mut self, rows: Vec<Row>) -> String {
        self.rows.extend(rows.into_iter().map(|row| row.json));
        String::new()
    }

    fn end(&mut self, next: Option<&str>) -> String {
        let rows = Value::Array(std::mem::take(&mut self.rows));
        let document = if self.bare { rows } else { json!({ "data": rows, "next": next }) };
        text(&document, self.pretty, self.terminal)
    }

    fn one(&mut self, row: Row) -> String {
        text(&row.json, self.pretty, self.terminal)
    }
}

/// One object a line.
pub(super) struct Lines {
    pub(super) terminal: bool,
}

impl Output for Lines {
    fn rows(&mut self, rows: Vec<Row>) -> String {
        rows.into_iter().map(|row| text(&row.json, false, self.terminal)).collect()
    }

    fn end(&mut self, _next: Option<&str>) -> String {
        String::new()
    }

    fn one(&mut self, row: Row) -> String {
        text(&row.json, false, self.terminal)
    }
}

/// A JSON text and a line's end. For a terminal, dangerous characters are escaped: it is still the same JSON.
pub(super) fn text(value: &Value, pretty: bool, terminal: bool) -> String {
    line(if pretty { format!("{value:#}") } else { value.to_string() }, terminal)
}

/// JSON and a line's end, as `text` writes them.
pub(super) fn line(mut text: String, terminal: bool) -> String {
    if terminal && text.chars().any(|c| c != '\n' && is_dangerous(c)) {
        text = text.chars().map(|c| if c != '\n' && is_dangerous(c) { escaped(c) } else { c.to_string() }).collect();
    }
    text.push('\n');
    text
}

/// Outside of strings JSON has no such characters, and all of them lie in Unicode's first plane.
fn escaped(character: char) -> String {
    format!("\\u{:04x}", u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_escapes_for_what_is_dangerous_and_the_same_value() {
        let value = json!({ "name": "a\u{9b}2J\u{202e}b\u{1b}" });
        let shown = text(&value, true, true);
        assert!(!shown.chars().any(|c| c != '\n' && is_dangerous(c)), "{shown}");
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
        assert_eq!(text(&value, false, false), format!("{value}\n"));
    }

    #[test]
    fn numbers_beyond_a_double_survive() {
        let value: Value = serde_json::from_str("{\"recordHash\":-8123456789012345678}").unwrap();
        assert_eq!(text(&value, false, true), "{\"recordHash\":-8123456789012345678}\n");
    }
}
