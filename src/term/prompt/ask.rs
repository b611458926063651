//! Reads the line that answers a question.

use std::io;

use zeroize::Zeroizing;

use crate::term::{
    desk::Desk,
    held::{self, Guard, Manner, TERMINAL},
    signals,
};

use super::{
    PromptError,
    keyboard::Keyboard,
    keys::{Bytes, Key, Keys, Whole},
    line::{Line, Pressed},
    picture::Picture,
    question::Question,
};

/// Asks, and reads a line that stands behind the question while it is typed, again until `understand` makes sense of it.
///
/// # Errors
/// When there is no answer.
pub fn shown<T>(
    desk: &Desk,
    mut question: Question,
    understand: impl Fn(&str) -> Result<T, String>,
) -> Result<T, PromptError> {
    let mut line = Line::default();
    loop {
        line = if desk.dumb {
            plain(desk, &question)?
        } else {
            typed(desk, &question, line, |it| understand(it).is_ok())?
        };
        match understand(line.text().trim()) {
            Ok(answer) => return Ok(answer),
            Err(why) => question = question.again(&why),
        }
        if !question.is_text {
            line = Line::default();
        }
    }
}

/// Reads a line that can be edited where it stands.
fn typed(desk: &Desk, question: &Question, mut line: Line, fits: impl Fn(&str) -> bool) -> Result<Line, PromptError> {
    let guard = hold(desk, Manner::Keys)?;
    desk.write(question.above())?;
    let mut picture = Picture::default();
    let asked = question.asked(desk.color);
    let end = type_into(&mut line, desk, &guard, |line| Some(picture.draw(&asked, line.parts(), desk.columns())))?;
    let label = if end.is_ok() && fits(line.text().trim()) { question.answered(desk.color) } else { asked };
    line.press(Key::End);
    guard.show(picture.draw(&label, line.parts(), desk.columns()) + "\n")?;
    end.map(|()| line)
}

/// Asks, and reads a line that is not shown.
///
/// # Errors
/// When there is no answer.
pub fn hidden(desk: &Desk, question: &Question) -> Result<Line, PromptError> {
    let guard = hold(desk, Manner::Hidden)?;
    let mut line = Line::for_a_secret();
    let mut asked = Some(format!("{}{}", question.above(), question.asked(desk.color).painted));
    let end = type_into(&mut line, desk, &guard, |_| asked.take())?;
    guard.show("\n".to_owned())?;
    end.map(|()| line)
}

/// Takes the terminal for somebody else's menu. dialoguer changes how keys are read at each key.
///
/// # Errors
/// When it cannot be had.
pub fn hold_for_a_menu(desk: &Desk) -> io::Result<Guard> {
    hold(desk, Manner::Menu)
}

/// Takes the terminal. What is put back in the end must be put back too when the program ends before.
fn hold(desk: &Desk, manner: Manner) -> io::Result<Guard> {
    held::wait_for_the_front(desk);
    signals::for_the_terminal();
    TERMINAL.hold(desk, manner)
}

/// Reads keys until the line is whole, or there will be none; `draw` gives what is to be seen after a change.
fn type_into(
    line: &mut Line,
    desk: &Desk,
    guard: &Guard,
    mut draw: impl FnMut(&Line) -> Option<String>,
) -> io::Result<Result<(), PromptError>> {
    let mut keys = Keys::of(Keyboard(desk));
    let mut pressed = Pressed::Changed;
    loop {
        match pressed {
            Pressed::Nothing => {}
            Pressed::Changed => {
                if let Some(drawn) = draw(line) {
                    guard.show(drawn)?;
                }
            }
            Pressed::Done => return Ok(Ok(())),
            Pressed::Left => return Ok(Err(PromptError::Declined)),
            Pressed::Interrupted => return Ok(Err(PromptError::Interrupted)),
        }
        pressed = match keys.next()? {
            // A signal has ended the question: what comes now is for others.
            _ if !guard.is_held() => Pressed::Interrupted,
            None => Pressed::Left,
            Some(key) => line.press(key),
        };
    }
}

/// Asks in plain words, and leaves it to the terminal to show what is typed and to put the line together.
fn plain(desk: &Desk, question: &Question) -> Result<Line, PromptError> {
    held::wait_for_the_front(desk);
    desk.forget_typed();
    desk.write(&format!("{}{}", question.above(), question.asked(desk.color).painted))?;
    let Some(typed) = whole_line(Keyboard(desk))? else {
        desk.write("\n")?;
        return Err(PromptError::Declined);
    };
    let (mut line, mut keys) = (Line::default(), Keys::of(Whole(&typed)));
    while let Some(key) = keys.next()? {
        if line.press(key) == Pressed::Left {
            return Err(PromptError::Declined);
        }
    }
    Ok(line)
}

/// A line without its end; none when no more will come.
fn whole_line(mut keys: Keyboard<'_>) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut line = Zeroizing::new(Vec::new());
    while let Some(byte) = keys.next()? {
        match byte {
            b'\n' | b'\r' => return Ok(Some(line)),
            _ => line.push(byte),
        }
    }
    Ok(None)
}
