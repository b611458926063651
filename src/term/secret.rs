//! A question whose answer is not shown.

use std::io::{self, Read};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::{PromptError, Term, prompt::blocking, sanitise};

/// The longest answer that is taken, in bytes.
const LONGEST: usize = 64 * 1024;

impl Term {
    /// Asks for a line that is not shown while it is typed.
    ///
    /// # Errors
    /// When nobody answers; `flag` names what would have.
    pub async fn ask_secret(&self, question: &str, flag: &str) -> Result<SecretString, PromptError> {
        self.theme(flag)?;
        let raw = RawMode::begin().map_err(PromptError::Failed)?;
        self.to_stderr(&format!("{} ", sanitise(question)));
        let answer = blocking(move || {
            let answer = read_hidden(&mut io::stdin().lock());
            drop(raw);
            answer
        })
        .await;
        self.to_stderr("\n");
        answer
    }
}

/// The terminal neither shows what is typed nor acts on it, until this is dropped: in the middle of an answer too.
struct RawMode;

impl RawMode {
    fn begin() -> io::Result<Self> {
        enable_raw_mode()?;
        Ok(RawMode)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // A terminal that is gone needs no mode.
        let _ = disable_raw_mode();
    }
}

/// Reads keys up to the end of the line, byte by byte, as a terminal in raw mode gives them.
fn read_hidden(input: &mut dyn Read) -> Result<SecretString, PromptError> {
    let mut answer = Zeroizing::new(Vec::with_capacity(256));
    let mut byte = [0];
    loop {
        if input.read(&mut byte).map_err(PromptError::Failed)? == 0 {
            return Err(PromptError::Declined);
        }
        match byte[0] {
            b'\r' | b'\n' => break,
            // Ctrl-C, which is no signal in this mode.
            0x03 => return Err(PromptError::Interrupted),
            // Ctrl-D, and Escape by itself or before a sequence.
            0x04 | 0x1b => return Err(PromptError::Declined),
            // Backspace and Delete.
            0x08 | 0x7f => drop(answer.pop()),
            // Ctrl-U takes back the whole line.
            0x15 => answer.clear(),
            other if answer.len() < LONGEST => answer.push(other),
            _ => {}
        }
    }
    match std::str::from_utf8(&answer) {
        Ok(text) => Ok(SecretString::from(text.to_owned())),
        Err(_) => Err(PromptError::Failed(io::ErrorKind::InvalidData.into())),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn keys_are_edited_and_never_shown() {
        let typed = |keys: &[u8]| read_hidden(&mut io::Cursor::new(keys.to_vec()));
        let text = |keys: &[u8]| typed(keys).unwrap().expose_secret().to_owned();
        assert_eq!(text(b"token\rmore"), "token");
        assert_eq!(text(b"wrong\x15tokenn\x7f\n"), "token");
        assert!(matches!(typed(b"tok\x03"), Err(PromptError::Interrupted)));
        assert!(matches!(typed(b"tok\x1b[A"), Err(PromptError::Declined)));
        assert!(matches!(typed(b""), Err(PromptError::Declined)));
    }
}
