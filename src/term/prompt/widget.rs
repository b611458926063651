//! The reaction of a question to a key, and its picture: pure, so that both can be tested without a terminal.

use super::{
    keys::Key,
    line::Pressed,
    sheet::{Row, Space},
};

/// A question on a terminal.
pub trait Widget {
    /// Applies a key. Pasted text presses no key.
    fn press(&mut self, key: Key, pasting: bool) -> Pressed;

    /// Returns its rows, at most as many as the terminal has.
    fn rows(&mut self, space: Space) -> Vec<Row>;
}
