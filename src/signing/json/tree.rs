//! Parses a JSON text into a tree that borrows each part as it is written.

use serde_json::value::RawValue;

/// The deepest nesting that is parsed. No event is nested deeper.
const DEEPEST: usize = 256;

/// A part of a JSON text.
#[derive(Debug)]
pub enum Node<'a> {
    /// `null`, `true` or `false`.
    Word(&'a str),
    /// A number, as it is written.
    Number(&'a str),
    /// A string, with its quotes and escapes.
    Text(&'a str),
    /// An array.
    List(Vec<Node<'a>>),
    /// An object: names with their quotes and escapes.
    Object(Vec<(&'a str, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// Calls `tell` with each number.
    pub fn numbers(&self, tell: &mut impl FnMut(&'a str)) {
        match self {
            Node::Number(number) => tell(number),
            Node::List(entries) => entries.iter().for_each(|entry| entry.numbers(tell)),
            Node::Object(fields) => fields.iter().for_each(|(_, value)| value.numbers(tell)),
            Node::Word(_) | Node::Text(_) => {}
        }
    }
}

/// Parses a JSON text. Returns `None` if it is not JSON or is nested deeper than `DEEPEST`.
pub fn read(text: &str) -> Option<Node<'_>> {
    // `serde_json` checks the syntax, so that the reader below can rely on it.
    serde_json::from_str::<&RawValue>(text).ok()?;
    Reader { text, at: 0 }.node(0)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.at += blanks;
        self.text.as_bytes().get(self.at).copied()
    }

    fn node(&mut self, depth: usize) -> Option<Node<'a>> {
        if depth > DEEPEST {
            return None;
        }
        match self.peek()? {
            b'"' => self.string().map(Node::Text),
            b'[' => self.list(depth),
            b'{' => self.object(depth),
            b'n' | b't' | b'f' => Some(Node::Word(self.taken(|byte| byte.is_ascii_lowercase()))),
            _ => Some(Node::Number(self.taken(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')))),
        }
    }

    fn list(&mut self, depth: usize) -> Option<Node<'a>> {
        let mut entries = Vec::new();
        self.at += 1;
        while self.peek()? != b']' {
            self.skip_comma();
            entries.push(self.node(depth + 1)?);
        }
        self.at += 1;
        Some(Node::List(entries))
    }

    fn object(&mut self, depth: usize) -> Option<Node<'a>> {
        let mut fields = Vec::new();
        self.at += 1;
        while self.peek()? != b'}' {
            self.skip_comma();
            self.peek()?;
            let name = self.string()?;
            // Skips the colon.
            self.peek()?;
            self.at += 1;
            fields.push((name, self.node(depth + 1)?));
        }
        self.at += 1;
        Some(Node::Object(fields))
    }

    fn skip_comma(&mut self) {
        self.at += usize::from(self.text.as_bytes().get(self.at) == Some(&b','));
    }

    fn string(&mut self) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let mut end = self.at + 1;
        while *bytes.get(end)? != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let string = self.text.get(self.at..=end);
        self.at = end + 1;
        string
    }

    fn taken(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(|byte| belongs(*byte)).count();
        self.at += length;
        &rest[..length]
    }
}
