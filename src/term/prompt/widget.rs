//! What a question does with a key, and how it looks then: pure, so that both can be tested without a terminal.

use super::{
    keys::Key,
    line::Pressed,
    sheet::{Row, Space},
};

/// A question on a terminal.
pub trait Widget {
    /// Does what a key means. What was pasted is text, and presses no key.
    fn press(&mut self, key: Key, pasting: bool) -> Pressed;

    /// What stands on the terminal, in no more rows than there are.
    fn rows(&mut self, space: Space) -> Vec<Row>;
}
