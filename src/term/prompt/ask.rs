//! Asks on a terminal, and reads the answer.

use std::{io, sync::Arc};

use zeroize::Zeroizing;

use crate::term::{
    desk::Desk,
    held::{self, Guard, Manner, TERMINAL},
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

/// A terminal that is held for a form: what is typed before the next question stands there belongs to that one.
#[derive(Clone)]
pub struct Held(Arc<Guard>);

/// Whether a question stands on the terminal.
pub fn is_held() -> bool {
    TERMINAL.is_held()
}

/// Takes the terminal for a form.
///
/// # Errors
/// When it cannot be had.
pub fn hold_for_a_form(desk: &Desk) -> io::Result<Held> {
    Ok(Held(Arc::new(hold(desk, Manner::Form)?)))
}

/// Asks for a line of a form, again until `check` has nothing against it.
///
/// # Errors
/// When there is no answer.
pub fn text(
    desk: &Desk,
    held: &Held,
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

/// Lets pick from a menu.
///
/// # Errors
/// When nothing is picked.
pub fn menu(
    desk: &Desk,
    held: &Held,
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

/// What stays of a question.
fn closing(desk: &Desk, field: &Field, answer: Option<&str>) -> super::sheet::Row {
    match answer {
        Some(answer) => field.answered(answer, desk.means.signs, desk.means.color),
        None => field.left(desk.means.color),
    }
}

/// Asks, and reads a line that stands behind the question while it is typed, again until `understand` makes sense of it.
///
/// # Errors
/// When there is no answer.
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

/// Reads a line that can be edited where it stands.
fn typed(desk: &Desk, question: &Question) -> Result<Line, PromptError> {
    let guard = hold(desk, Manner::Keys)?;
    desk.write(question.above())?;
    let (mut line, mut picture) = (Line::default(), Picture::default());
    let asked = question.asked(desk.means.color);
    let end = type_into(&mut line, desk, &guard, |line| Some(picture.draw(&asked, line.parts(), desk.size().0)))?;
    line.press(Key::End);
    let Drawn { back, rows } = picture.draw(&asked, line.parts(), desk.size().0);
    guard.show(&back, &(rows + "\n"))?;
    end.map(|()| line)
}

/// Asks, and reads a line that is not shown.
///
/// # Errors
/// When there is no answer.
pub fn hidden(desk: &Desk, question: &Question) -> Result<Line, PromptError> {
    let guard = hold(desk, Manner::Hidden)?;
    let mut line = Line::for_a_secret();
    let rows = format!("{}{}", question.above(), question.asked(desk.means.color).painted);
    let mut asked = Some(Drawn { back: String::new(), rows });
    let end = type_into(&mut line, desk, &guard, |_| asked.take())?;
    guard.show("", "\n")?;
    end.map(|()| line)
}

/// Reads keys until the line is whole, or there will be none; `draw` gives what is to be seen after a change.
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
