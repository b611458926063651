//! The edited line, and the effect of each key on it.

use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroizing;

use super::keys::Key;

/// The longest answer, in bytes.
const LONGEST: usize = 64 * 1024;

/// The effect of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// Nothing visible changed.
    Nothing,
    /// The line or its cursor changed.
    Changed,
    /// The answer is complete.
    Done,
    /// There is no answer.
    Left,
    /// There is no answer, and the program ends.
    Interrupted,
}

/// A line with a cursor. It is overwritten when dropped, as it may be a secret.
#[derive(Debug, Default)]
pub struct Line {
    text: Zeroizing<String>,
    /// The position of the cursor, in bytes.
    at: usize,
    /// Whether it is a secret: the cursor is invisible and stays at the end, and pasted text is kept unchanged. In
    /// other lines a pasted line break becomes a space.
    is_secret: bool,
}

impl Line {
    /// Makes an empty line for a secret. Its buffer has the largest size, as growing would leave copies.
    pub fn for_a_secret() -> Self {
        Line { text: Zeroizing::new(String::with_capacity(LONGEST)), at: 0, is_secret: true }
    }

    /// Makes a line of an existing text, with the cursor at its end.
    pub fn of(text: &str) -> Self {
        Line { text: Zeroizing::new(text.to_owned()), at: text.len(), is_secret: false }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text before and after the cursor.
    pub fn parts(&self) -> (&str, &str) {
        self.text.split_at(self.at)
    }

    /// Applies a key.
    pub fn press(&mut self, key: Key) -> Pressed {
        let before = (self.text.len(), self.at);
        match key {
            Key::Enter => return Pressed::Done,
            Key::Escape | Key::Leave => return Pressed::Left,
            Key::Interrupt => return Pressed::Interrupted,
            Key::Other | Key::Up | Key::Down | Key::PageUp | Key::PageDown | Key::Cursor { .. } => {}
            Key::Left | Key::Right | Key::Start | Key::End if self.is_secret => {}
            Key::Text(character) => self.insert(character),
            Key::Backspace => self.remove(self.one_left(), self.at),
            Key::Delete => self.remove(self.at, self.one_right()),
            Key::Left => self.at = self.one_left(),
            Key::Right => self.at = self.one_right(),
            Key::Start => self.at = 0,
            Key::End => self.at = self.text.len(),
            Key::EraseBefore => self.remove(0, self.at),
            Key::EraseBehind => self.remove(self.at, self.text.len()),
            Key::EraseWord => self.remove(self.word_left(), self.at),
        }
        if before == (self.text.len(), self.at) { Pressed::Nothing } else { Pressed::Changed }
    }

    fn insert(&mut self, character: char) {
        let character = if character == '\n' && !self.is_secret { ' ' } else { character };
        if self.text.len() + character.len_utf8() <= LONGEST {
            self.text.insert(self.at, character);
            self.at += character.len_utf8();
        }
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.text.drain(from..to);
        self.at = from;
    }

    /// Returns the position one grapheme to the left: an emoji of several code points is one.
    fn one_left(&self) -> usize {
        self.parts().0.grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn one_right(&self) -> usize {
        self.at + self.parts().1.graphemes(true).next().map_or(0, str::len)
    }

    fn word_left(&self) -> usize {
        let before = self.parts().0.trim_end();
        before.rfind(char::is_whitespace).map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &mut Line, text: &str) {
        text.chars().for_each(|character| {
            line.press(Key::Text(character));
        });
    }

    fn after(start: &str, keys: &[Key]) -> (String, String) {
        let mut line = Line::default();
        typed(&mut line, start);
        keys.iter().for_each(|key| {
            line.press(*key);
        });
        let (before, behind) = line.parts();
        (before.to_owned(), behind.to_owned())
    }

    #[test]
    fn keys_edit_where_the_cursor_stands() {
        use Key::{Backspace, Delete, End, EraseBefore, EraseBehind, EraseWord, Left, Right, Start, Text};
        let parts = |before: &str, behind: &str| (before.to_owned(), behind.to_owned());
        assert_eq!(after("ab", &[Left, Text('x')]), parts("ax", "b"));
        assert_eq!(after("ab", &[Start, Delete, Right, Right]), parts("b", ""));
        assert_eq!(after("ab", &[Start, Left, Backspace, End, Delete]), parts("ab", ""));
        assert_eq!(after("abc", &[Left, EraseBefore]), parts("", "c"));
        assert_eq!(after("abc", &[Left, EraseBehind]), parts("ab", ""));
        assert_eq!(after("one two  ", &[EraseWord]), parts("one ", ""));
        assert_eq!(after("one\u{2003}two", &[EraseWord]), parts("one\u{2003}", ""));
        assert_eq!(after("one", &[EraseWord, EraseWord]), parts("", ""));
    }

    #[test]
    fn one_character_is_what_a_person_counts() {
        let (before, _) = after("Ma\u{308}👩‍💻東", &[Key::Backspace, Key::Backspace]);
        assert_eq!(before, "Ma\u{308}");
        assert_eq!(after("Ma\u{308}", &[Key::Backspace]).0, "M");
        assert_eq!(after("👩‍💻x", &[Key::Start, Key::Right]), ("👩‍💻".to_owned(), "x".to_owned()));
    }

    #[test]
    fn only_a_change_counts_as_one() {
        let mut line = Line::default();
        assert_eq!(line.press(Key::Backspace), Pressed::Nothing);
        assert_eq!(line.press(Key::Other), Pressed::Nothing);
        assert_eq!(line.press(Key::Text('a')), Pressed::Changed);
        assert_eq!(line.press(Key::Left), Pressed::Changed);
        assert_eq!(
            [Key::Enter, Key::Leave, Key::Escape, Key::Interrupt].map(|key| line.press(key)),
            [Pressed::Done, Pressed::Left, Pressed::Left, Pressed::Interrupted]
        );
    }

    #[test]
    fn a_secret_stays_where_it_is_and_keeps_its_line_breaks() {
        let mut line = Line::for_a_secret();
        let place = line.text().as_ptr();
        typed(&mut line, "two\nlin");
        assert_eq!([Key::Left, Key::Start].map(|key| line.press(key)), [Pressed::Nothing; 2]);
        typed(&mut line, "es");
        assert_eq!(line.text(), "two\nlines");
        typed(&mut line, &"x".repeat(LONGEST));
        assert_eq!((line.text().len(), line.text().as_ptr()), (LONGEST, place));
        let mut shown = Line::default();
        typed(&mut shown, "two\nlines");
        assert_eq!(shown.text(), "two lines");
    }
}
