//! Asks on a terminal and reads the answer.

use std::{io, sync::Arc};

use zeroize::Zeroizing;

use crate::term::{
    desk::Desk,
    held::{self, Guard, HoldMode, TERMINAL},
};

use super::{
    PromptError,
    field::{Text, TextField},
    form::Field,
    keyboard::Keyboard,
    keys::{Bytes, Key, Keys, Whole},
    line::{Line, Pressed},
    menu::{Choice, HowMany, Menu},
    picture::Picture,
    question::Question,
    sheet::Drawn,
    stage::{Stage, hold},
};

/// A terminal that a form holds: input typed before the next question belongs to that question.
#[derive(Clone)]
pub struct FormTerminal(Arc<Guard>);

/// Whether a question is open.
pub fn is_held() -> bool {
    TERMINAL.is_held()
}

/// Takes the terminal for a form.
///
/// # Errors
/// Fails if the terminal cannot be changed.
pub fn hold_for_a_form(desk: &Desk) -> io::Result<FormTerminal> {
    Ok(FormTerminal(Arc::new(hold(desk, HoldMode::Form)?)))
}

/// Asks for a line of a form, and repeats until `check` accepts it.
///
/// # Errors
/// Fails if there is no answer.
pub fn text(
    desk: &Desk,
    held: &FormTerminal,
    field: &Field,
    text: Text,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<String, PromptError> {
    let signs = desk.means.signs;
    let mut stage = Stage::on(desk, &held.0);
    let mut typed = TextField::new(field, text, signs);
    let end = loop {
        match stage.run(&mut typed)? {
            Ok(()) => match check(typed.answer()) {
                Ok(()) => break Ok(typed.answer().to_owned()),
                Err(why) => typed.refuse(why),
            },
            Err(error) => break Err(error),
        }
    };
    stage.close(&closing(desk, field, end.as_deref().ok()))?;
    end
}

/// Asks to pick from a menu.
///
/// # Errors
/// Fails if nothing is picked.
pub fn menu(
    desk: &Desk,
    held: &FormTerminal,
    field: &Field,
    how_many: HowMany,
    choices: Vec<Choice>,
) -> Result<Vec<usize>, PromptError> {
    let mut stage = Stage::on(desk, &held.0);
    let mut menu = Menu::new(field, how_many, choices, desk.means.signs);
    let end = stage.run(&mut menu)?;
    let answer = end.is_ok().then(|| menu.answer());
    stage.close(&closing(desk, field, answer.as_deref()))?;
    end.map(|()| menu.picked())
}

/// Returns the row that remains of a question.
fn closing(desk: &Desk, field: &Field, answer: Option<&str>) -> super::sheet::Row {
    match answer {
        Some(answer) => field.answered(answer, desk.means.signs, desk.means.color),
        None => field.left(desk.means.color),
    }
}

/// Asks and reads a visible line after the question, and repeats until `understand` accepts it.
///
/// # Errors
/// Fails if there is no answer.
pub fn shown<T>(
    desk: &Desk,
    mut question: Question,
    understand: impl Fn(&str) -> Result<T, String>,
) -> Result<T, PromptError> {
    loop {
        let line = if desk.means.dumb { plain(desk, &question)? } else { typed(desk, &question)? };
        match understand(line.text().trim()) {
            Ok(answer) => return Ok(answer),
            Err(why) => question = question.again(&why),
        }
    }
}

/// Reads a line that can be edited in place.
fn typed(desk: &Desk, question: &Question) -> Result<Line, PromptError> {
    let guard = hold(desk, HoldMode::Keys)?;
    desk.write(question.above())?;
    let (mut line, mut picture) = (Line::default(), Picture::default());
    let asked = question.asked(desk.means.color);
    let end = type_into(&mut line, desk, &guard, |line| Some(picture.draw(&asked, line.parts(), desk.size().0)))?;
    line.press(Key::End);
    let Drawn { back, rows } = picture.draw(&asked, line.parts(), desk.size().0);
    guard.show(&back, &(rows + "\n"))?;
    end.map(|()| line)
}

/// Asks and reads a hidden line.
///
/// # Errors
/// Fails if there is no answer.
pub fn hidden(desk: &Desk, question: &Question) -> Result<Line, PromptError> {
    let guard = hold(desk, HoldMode::Hidden)?;
    let mut line = Line::for_a_secret();
    let rows = format!("{}{}", question.above(), question.asked(desk.means.color).painted);
    let mut asked = Some(Drawn { back: String::new(), rows });
    let end = type_into(&mut line, desk, &guard, |_| asked.take())?;
    guard.show("", "\n")?;
    end.map(|()| line)
}

/// Reads keys until the line is complete or the input ends; `draw` returns the picture after a change.
fn type_into(
    line: &mut Line,
    desk: &Desk,
    guard: &Guard,
    mut draw: impl FnMut(&Line) -> Option<Drawn>,
) -> io::Result<Result<(), PromptError>> {
    let mut keys = Keys::of(Keyboard(desk));
    let mut pressed = Pressed::Changed;
    loop {
        match pressed {
            Pressed::Nothing => {}
            Pressed::Changed => {
                if let Some(Drawn { back, rows }) = draw(line) {
                    guard.show(&back, &rows)?;
                }
            }
            Pressed::Done => return Ok(Ok(())),
            Pressed::Left => return Ok(Err(PromptError::Declined)),
            Pressed::Interrupted => return Ok(Err(PromptError::Interrupted)),
        }
        pressed = match keys.next()? {
            // A signal has ended the question, so this key is not for it.
            _ if !guard.is_held() => Pressed::Interrupted,
            None => Pressed::Left,
            Some(key) => line.press(key),
        };
    }
}

/// Asks in plain text; the terminal itself shows and edits the line.
fn plain(desk: &Desk, question: &Question) -> Result<Line, PromptError> {
    held::wait_for_the_front(desk);
    desk.forget_typed();
    desk.write(&format!("{}{}", question.above(), question.asked(desk.means.color).painted))?;
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

/// Reads a line without its end, or `None` at the end of input.
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
