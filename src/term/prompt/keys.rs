//! Parses keys from the bytes of a terminal.

use std::io;

/// A source of a terminal's bytes.
pub trait Bytes {
    /// Waits for the next byte; `None` at the end of input.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    fn next(&mut self) -> io::Result<Option<u8>>;

    /// Returns the next byte if it follows at once, as those of one key do.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    fn at_once(&mut self) -> io::Result<Option<u8>>;
}

/// A key in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A character. A pasted line break is one too: only the Enter key ends an answer.
    Text(char),
    /// Ends the answer.
    Enter,
    /// Removes the character before the cursor.
    Backspace,
    /// Removes the character under the cursor.
    Delete,
    /// Moves one character to the left.
    Left,
    /// Moves one character to the right.
    Right,
    /// Moves one row up.
    Up,
    /// Moves one row down.
    Down,
    /// Moves one screen up.
    PageUp,
    /// Moves one screen down.
    PageDown,
    /// Moves to the start of the line or the list.
    Start,
    /// Moves to the end of the line or the list.
    End,
    /// Ctrl-U: removes the text before the cursor.
    EraseBefore,
    /// Ctrl-K: removes the text after the cursor.
    EraseBehind,
    /// Ctrl-W: removes the word before the cursor.
    EraseWord,
    /// Escape: leaves without an answer, or ends a search.
    Escape,
    /// Ctrl-D: leaves without an answer.
    Leave,
    /// Ctrl-C, on a terminal that does not make it a signal.
    Interrupt,
    /// The cursor's position, which a terminal reports on request; it is not a key.
    Cursor {
        /// Its column, from 0.
        column: usize,
    },
    /// Any other key; it has no effect.
    Other,
}

/// Reads keys from bytes.
pub struct Keys<B> {
    bytes: B,
    pasting: bool,
}

impl<B: Bytes> Keys<B> {
    pub fn of(bytes: B) -> Self {
        Keys { bytes, pasting: false }
    }

    /// Whether the current input is pasted: its characters are text and no keys.
    pub fn is_pasting(&self) -> bool {
        self.pasting
    }

    /// Returns the source of the bytes.
    pub fn source(&self) -> &B {
        &self.bytes
    }

    /// Waits for the next key; `None` at the end of input.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub fn next(&mut self) -> io::Result<Option<Key>> {
        let Some(byte) = self.bytes.next()? else { return Ok(None) };
        Ok(Some(match byte {
            0x1b if self.pasting => self.escape().map(|_| Key::Other)?,
            0x1b => self.escape()?,
            b'\r' | b'\n' if self.pasting => Key::Text('\n'),
            b'\t' if self.pasting => Key::Text(' '),
            0x00..=0x1f | 0x7f if self.pasting => Key::Other,
            0x00..=0x1f | 0x7f => control(byte),
            _ => self.character(byte)?,
        }))
    }

    /// Reads the character that begins with this byte. Invalid UTF-8 becomes U+FFFD, which no answer may contain.
    fn character(&mut self, first: u8) -> io::Result<Key> {
        let length = match first {
            0x20..=0x7e => return Ok(Key::Text(char::from(first))),
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return Ok(Key::Text(char::REPLACEMENT_CHARACTER)),
        };
        let mut bytes = [first, 0, 0, 0];
        for place in bytes.iter_mut().take(length).skip(1) {
            let Some(byte) = self.bytes.next()? else { break };
            *place = byte;
        }
        let read = std::str::from_utf8(&bytes[..length]).ok().and_then(|text| text.chars().next());
        Ok(match read {
            Some(character) if character.is_control() => Key::Other,
            read => Key::Text(read.unwrap_or(char::REPLACEMENT_CHARACTER)),
        })
    }

    /// Reads what follows an escape: nothing if the key itself was pressed, or else the rest of a key's sequence.
    fn escape(&mut self) -> io::Result<Key> {
        Ok(match self.following()? {
            None | Some(0x1b) if !self.pasting => Key::Escape,
            Some(b'[') => self.control_sequence()?,
            Some(b'O') => self.following()?.map_or(Key::Other, |letter| named(letter, "")),
            Some(b']' | b'P' | b'X' | b'^' | b'_') => self.string()?,
            Some(byte @ 0xc0..) => self.character(byte).map(|_| Key::Other)?,
            _ => Key::Other,
        })
    }

    /// Reads a control sequence: parameters and a final letter.
    fn control_sequence(&mut self) -> io::Result<Key> {
        let mut parameters = String::new();
        while let Some(byte) = self.following()? {
            match byte {
                0x20..=0x3f => parameters.push(char::from(byte)),
                b'~' if parameters == "200" => {
                    self.pasting = true;
                    break;
                }
                b'~' if parameters == "201" => {
                    self.pasting = false;
                    break;
                }
                // The Linux console sends function keys as `ESC [ [ A`.
                b'[' if parameters.is_empty() => {
                    self.following()?;
                    break;
                }
                0x40..=0x7e => return Ok(named(byte, &parameters)),
                // The sequence was interrupted: Enter and Ctrl-C keep their meaning.
                0x00..=0x1f | 0x7f if !self.pasting => return Ok(control(byte)),
                _ => break,
            }
        }
        Ok(Key::Other)
    }

    /// Reads a terminal's string up to BEL or ST, which is not a key.
    fn string(&mut self) -> io::Result<Key> {
        while let Some(byte) = self.following()? {
            match byte {
                0x07 => break,
                0x1b => {
                    self.following()?;
                    break;
                }
                _ => {}
            }
        }
        Ok(Key::Other)
    }

    /// Returns the next byte of a sequence. In a paste, nobody presses Escape, so it waits for the byte.
    fn following(&mut self) -> io::Result<Option<u8>> {
        if self.pasting { self.bytes.next() } else { self.bytes.at_once() }
    }
}

/// Returns the key of a single control byte.
fn control(byte: u8) -> Key {
    match byte {
        b'\r' | b'\n' => Key::Enter,
        0x01 => Key::Start,
        0x02 => Key::Left,
        0x03 => Key::Interrupt,
        0x04 => Key::Leave,
        0x05 => Key::End,
        0x06 => Key::Right,
        0x08 | 0x7f => Key::Backspace,
        0x0b => Key::EraseBehind,
        0x0e => Key::Down,
        0x10 => Key::Up,
        0x15 => Key::EraseBefore,
        0x17 => Key::EraseWord,
        _ => Key::Other,
    }
}

/// Returns the key of a sequence, by its final letter and its parameters.
fn named(letter: u8, parameters: &str) -> Key {
    match (letter, parameters) {
        (b'A', _) => Key::Up,
        (b'B', _) => Key::Down,
        (b'~', "5") => Key::PageUp,
        (b'~', "6") => Key::PageDown,
        (b'R', _) => cursor(parameters).map_or(Key::Other, |column| Key::Cursor { column }),
        (b'C', _) => Key::Right,
        (b'D', _) => Key::Left,
        (b'H', _) | (b'~', "1" | "7") => Key::Start,
        (b'F', _) | (b'~', "4" | "8") => Key::End,
        (b'~', "3") => Key::Delete,
        _ => Key::Other,
    }
}

/// Parses the column of a cursor report: `12;40`, counted from 1.
fn cursor(parameters: &str) -> Option<usize> {
    let (_, column) = parameters.split_once(';')?;
    column.parse::<usize>().ok()?.checked_sub(1)
}

/// A complete line of bytes that the terminal itself has edited.
pub struct Whole<'a>(pub &'a [u8]);

impl Bytes for Whole<'_> {
    fn next(&mut self) -> io::Result<Option<u8>> {
        let Some((first, rest)) = self.0.split_first() else { return Ok(None) };
        self.0 = rest;
        Ok(Some(*first))
    }

    fn at_once(&mut self) -> io::Result<Option<u8>> {
        self.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut keys = Keys::of(Whole(bytes));
        std::iter::from_fn(|| keys.next().unwrap()).collect()
    }

    fn text(text: &str) -> Vec<Key> {
        text.chars().map(Key::Text).collect()
    }

    #[test]
    fn characters_are_read_whole() {
        assert_eq!(keys("aß東👩".as_bytes()), text("aß東👩"));
        assert_eq!(keys(b"\xff\xc3(\xe2\x82"), text("\u{fffd}\u{fffd}\u{fffd}"));
        assert_eq!(keys("\u{9b}".as_bytes()), [Key::Other], "a control sequence in one character");
    }

    #[test]
    fn keys_have_one_byte_or_many() {
        use Key::{Backspace, Delete, End, Enter, EraseBefore, Escape, Interrupt, Leave, Left, Other, Right, Start};
        use Key::{Cursor, Down, PageDown, PageUp, Up};
        assert_eq!(keys(b"\x7f\x08\x15\x03\r\n"), [Backspace, Backspace, EraseBefore, Interrupt, Enter, Enter]);
        assert_eq!(keys(b"\x04"), [Leave]);
        assert_eq!(keys(b"\x1b"), [Escape]);
        assert_eq!(keys(b"\x1b\x1b"), [Escape]);
        assert_eq!(keys(b"\x1b[A\x1bOB\x1b[5~\x1b[6~\x10\x0e"), [Up, Down, PageUp, PageDown, Up, Down]);
        assert_eq!(keys(b"\x1b[12;40R\x1b[R\x1b[1;0R"), [Cursor { column: 39 }, Other, Other]);
        assert_eq!(keys(b"\x1b[D\x1b[C\x1b[H\x1b[F\x1b[3~\x1b[1;5C"), [Left, Right, Start, End, Delete, Right]);
        assert_eq!(keys(b"\x1bOD\x1bOH\x1b[1~\x1b[8~"), [Left, Start, Start, End]);
        assert_eq!(keys(b"\x1a\x1c\x1b[E\x1b[[A\x1bb\x1b[15~\x1b[?1;2c"), [Other; 7]);
        assert_eq!(keys(b"\x1b]11;rgb:00/00/00\x07\x1bP1$r\x1b\\\x1b\xc3\xa4a"), [Other, Other, Other, Key::Text('a')]);
    }

    #[test]
    fn a_key_that_was_broken_off_swallows_neither_enter_nor_ctrl_c() {
        assert_eq!(keys(b"\x1b[\r"), [Key::Enter]);
        assert_eq!(keys(b"\x1b[1;\x03"), [Key::Interrupt]);
    }

    #[test]
    fn what_is_pasted_is_text_and_presses_no_key() {
        let pasted = |inside: &str| keys(format!("\x1b[200~{inside}\x1b[201~\r").as_bytes());
        let shown = |inside: &str| pasted(inside).into_iter().filter(|key| *key != Key::Other).collect::<Vec<_>>();
        let expected = |inside: &str| [text(inside), vec![Key::Enter]].concat();
        assert_eq!(shown("token"), expected("token"));
        assert_eq!(shown("two\r\nlines\n"), expected("two\n\nlines\n"));
        assert_eq!(shown("a\tb"), expected("a b"));
        assert_eq!(shown("a\x04\x15\x7f\x1b[D\x1b[31m\x1bOHb"), expected("ab"));
    }
}
