//! Writes JSON: one document, or one object per line.

use serde_json::{Map, Value};

use super::{Row, output::Output};
use crate::term::{Tone, is_dangerous};

/// One document: `{"data": […], "next": …}`, a bare array if fields were chosen, or a bare object for a single record.
pub(super) struct Document {
    rows: Vec<Value>,
    beside: Map<String, Value>,
    bare: bool,
    style: JsonStyle,
}

/// How a JSON text is written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct JsonStyle {
    /// Whether it is spread over lines.
    pub pretty: bool,
    /// Whether it is for a terminal.
    pub terminal: bool,
    /// Whether its keys are faint, so that the values stand out.
    pub color: bool,
}

impl Document {
    pub(super) fn new(bare: bool, style: JsonStyle) -> Self {
        Document { rows: Vec::new(), beside: Map::new(), bare, style }
    }
}

impl Output for Document {
    fn rows(&mut self, rows: Vec<Row>) -> String {
        self.rows.extend(rows.into_iter().map(|row| row.json));
        String::new()
    }

    fn beside(&mut self, name: &'static str, value: Value) {
        self.beside.insert(name.to_owned(), value);
    }

    fn end(&mut self, next: Option<&str>) -> String {
        let rows = Value::Array(std::mem::take(&mut self.rows));
        if self.bare {
            return text(&rows, self.style);
        }
        let mut document = Map::from_iter([("data".to_owned(), rows), ("next".to_owned(), next.into())]);
        document.append(&mut self.beside);
        text(&document.into(), self.style)
    }

    fn one(&mut self, row: Row) -> String {
        text(&row.json, self.style)
    }
}

/// One object per line.
pub(super) struct Lines {
    pub(super) terminal: bool,
}

impl Output for Lines {
    fn rows(&mut self, rows: Vec<Row>) -> String {
        rows.into_iter().map(|row| line(row.json.to_string(), self.terminal)).collect()
    }

    fn end(&mut self, _next: Option<&str>) -> String {
        String::new()
    }

    fn one(&mut self, row: Row) -> String {
        line(row.json.to_string(), self.terminal)
    }
}

/// Returns a JSON text and a line end. For a terminal, dangerous characters are escaped; it is still the same JSON.
pub(super) fn text(value: &Value, style: JsonStyle) -> String {
    let JsonStyle { pretty, terminal, color } = style;
    let text = line(if pretty { format!("{value:#}") } else { value.to_string() }, terminal);
    if pretty && color { text.split_inclusive('\n').map(with_faint_key).collect() } else { text }
}

/// Makes the key of a pretty-printed line faint; a key is always at the beginning.
fn with_faint_key(line: &str) -> String {
    let indent = line.len() - line.trim_start_matches(' ').len();
    match end_of_string(&line[indent..]).map(|end| line.split_at(indent + end)) {
        Some((key, rest)) if rest.starts_with(':') => {
            format!("{}{}{rest}", &key[..indent], Tone::Receding.paint(&key[indent..], true))
        }
        _ => line.to_owned(),
    }
}

/// Returns where the string ends that begins here.
fn end_of_string(text: &str) -> Option<usize> {
    let mut escaped = false;
    let inside = text.strip_prefix('"')?.char_indices();
    let closes = |(_, c): &(usize, char)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    };
    let (at, _) = { inside }.find(closes)?;
    Some(at + 2)
}

/// Appends a line end, and escapes for a terminal like `text`.
pub(super) fn line(mut text: String, terminal: bool) -> String {
    if terminal && text.chars().any(|c| c != '\n' && is_dangerous(c)) {
        text = text.chars().map(|c| if c != '\n' && is_dangerous(c) { escaped(c) } else { c.to_string() }).collect();
    }
    text.push('\n');
    text
}

/// Escapes a character. JSON has such characters only in strings, and all of them are in Unicode's first plane.
fn escaped(character: char) -> String {
    format!("\\u{:04x}", u32::from(character))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_terminal_gets_escapes_for_what_is_dangerous_and_the_same_value() {
        let value = json!({ "name": "a\u{9b}2J\u{202e}b\u{1b}" });
        let style = JsonStyle { pretty: true, terminal: true, color: false };
        let shown = text(&value, style);
        assert!(!shown.chars().any(|c| c != '\n' && is_dangerous(c)), "{shown}");
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
        assert_eq!(text(&value, JsonStyle::default()), format!("{value}\n"));
    }

    #[test]
    fn keys_recede_where_there_is_colour() {
        let value = json!({ "a\"b:": ["x: y", "\\\": z"], "c": { "d": 1 }, "e\\": {} });
        let style = JsonStyle { pretty: true, terminal: true, color: true };
        let shown = text(&value, style);
        for key in [r#""a\"b:""#, r#""c""#, r#""d""#, r#""e\\""#] {
            assert!(shown.contains(&format!("\u{1b}[2m{key}\u{1b}[0m: ")), "{key} in {shown}");
        }
        assert_eq!(shown.matches('\u{1b}').count(), 8);
        let plain = shown.replace("\u{1b}[2m", "").replace("\u{1b}[0m", "");
        assert_eq!(plain, text(&value, JsonStyle { color: false, ..style }));
    }

    #[test]
    fn numbers_beyond_a_double_survive() {
        let value: Value = serde_json::from_str("{\"recordHash\":-8123456789012345678}").unwrap();
        assert_eq!(
            text(&value, JsonStyle { terminal: true, ..JsonStyle::default() }),
            "{\"recordHash\":-8123456789012345678}\n"
        );
    }
}
