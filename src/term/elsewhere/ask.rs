//! Reads the line that answers a question, as the console of a system that is no Unix does.

use std::io;

use crate::term::desk::Desk;

use super::{PromptError, keys::Key, line::Line, question::Question};

/// Asks, and reads a line that is shown, again until `understand` makes sense of it.
///
/// # Errors
/// When there is no answer.
pub fn shown<T>(
    desk: &Desk,
    mut question: Question,
    understand: impl Fn(&str) -> Result<T, String>,
) -> Result<T, PromptError> {
    loop {
        desk.write(&format!("{}{}", question.above(), question.asked(desk.color).painted))?;
        match understand(desk.for_dialoguer()?.read_line()?.trim()) {
            Ok(answer) => return Ok(answer),
            Err(why) => question = question.again(&why),
        }
    }
}

/// Asks, and reads a line that is not shown.
///
/// # Errors
/// When there is no answer.
pub fn hidden(desk: &Desk, question: &Question) -> Result<Line, PromptError> {
    desk.write(&format!("{}{}", question.above(), question.asked(desk.color).painted))?;
    let secret = zeroize::Zeroizing::new(desk.for_dialoguer()?.read_secure_line()?);
    let mut line = Line::for_a_secret();
    for character in secret.chars() {
        line.press(Key::Text(character));
    }
    Ok(line)
}

/// dialoguer looks after the console by itself.
///
/// # Errors
/// None here.
pub fn hold_for_a_menu(_desk: &Desk) -> io::Result<()> {
    Ok(())
}
