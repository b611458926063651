//! Shows a question on the terminal and reads keys until it is answered. The terminal's size may change meanwhile.

use std::{
    io,
    time::{Duration, Instant},
};

use crate::term::{
    desk::Desk,
    held::{self, Guard, HoldMode, TERMINAL},
    signals,
};

use super::{
    PromptError,
    keyboard::Keyboard,
    keys::{Key, Keys},
    line::Pressed,
    sheet::{Drawn, Row, Sheet, Space},
    widget::Widget,
};

/// The interval of checks for a new size, without input.
const LOOK: Duration = Duration::from_millis(50);

/// The longest wait for a terminal's report of its cursor.
const ANSWERS: Duration = Duration::from_millis(200);

/// Asks the terminal where its cursor stands.
const WHERE_IS_THE_CURSOR: &str = "\u{1b}[6n";

/// Takes the terminal and discards earlier input. Signals that end the program restore it from now on.
///
/// # Errors
/// Fails if the terminal cannot be changed.
pub fn hold(desk: &Desk, mode: HoldMode) -> io::Result<Guard> {
    held::wait_for_the_front(desk);
    signals::for_the_terminal();
    TERMINAL.hold(desk, mode)
}

/// A terminal with an open question.
pub struct Stage<'a> {
    desk: &'a Desk,
    guard: &'a Guard,
    keys: Keys<Keyboard<'a>>,
    sheet: Sheet,
    space: Space,
    /// When the terminal was asked for its cursor after a change of size.
    asked: Option<Instant>,
}

/// An event during a question.
enum InputEvent {
    Key(Key),
    /// There was no input for a while.
    Silence,
    /// The terminal is gone.
    Gone,
    /// A signal has ended the question.
    Ended,
}

impl<'a> Stage<'a> {
    /// Makes a stage on a held terminal.
    pub fn on(desk: &'a Desk, guard: &'a Guard) -> Self {
        let (keys, space) = (Keys::of(Keyboard(desk)), space_of(desk));
        Stage { desk, guard, keys, sheet: Sheet::default(), space, asked: None }
    }

    /// Reads keys until the question is answered.
    ///
    /// # Errors
    /// Fails if the terminal does not work.
    pub fn run(&mut self, widget: &mut impl Widget) -> io::Result<Result<(), PromptError>> {
        self.draw(widget)?;
        loop {
            let pressed = match self.event()? {
                InputEvent::Gone => Pressed::Left,
                InputEvent::Ended => Pressed::Interrupted,
                InputEvent::Silence => self.look_at_the_size(widget)?,
                InputEvent::Key(Key::Cursor { column }) => self.settle(Some(column), widget)?,
                InputEvent::Key(key) => widget.press(key, self.keys.is_pasting()),
            };
            match pressed {
                Pressed::Nothing => {}
                Pressed::Changed if self.asked.is_some() => {}
                Pressed::Changed => self.draw(widget)?,
                Pressed::Done => return Ok(Ok(())),
                Pressed::Left => return Ok(Err(PromptError::Declined)),
                Pressed::Interrupted => return Ok(Err(PromptError::Interrupted)),
            }
        }
    }

    /// Replaces the question by this row.
    ///
    /// # Errors
    /// Fails if the terminal is gone.
    pub fn close(mut self, row: &Row) -> io::Result<()> {
        let Drawn { back, rows } = self.sheet.close(row);
        self.guard.show(&back, &rows)
    }

    fn draw(&mut self, widget: &mut impl Widget) -> io::Result<()> {
        let rows = widget.rows(self.space);
        let Drawn { back, rows } = self.sheet.draw(&rows, self.space.color);
        self.guard.show(&back, &rows)
    }

    fn event(&mut self) -> io::Result<InputEvent> {
        let is_there = self.keys.source().is_readable(LOOK)?;
        if !self.guard.is_held() {
            return Ok(InputEvent::Ended);
        }
        if !is_there {
            return Ok(InputEvent::Silence);
        }
        let key = self.keys.next()?;
        if !self.guard.is_held() {
            return Ok(InputEvent::Ended);
        }
        Ok(key.map_or(InputEvent::Gone, InputEvent::Key))
    }

    /// Asks a terminal with a new size for its cursor, if rows may have wrapped.
    fn look_at_the_size(&mut self, widget: &mut impl Widget) -> io::Result<Pressed> {
        let space = space_of(self.desk);
        if space != self.space && self.desk.is_in_front() {
            self.space = space;
            if !self.sheet.is_wider_than(space.columns) {
                self.asked = None;
                self.draw(widget)?;
                return Ok(Pressed::Nothing);
            }
            self.asked = Some(Instant::now());
            self.desk.write(WHERE_IS_THE_CURSOR)?;
        }
        match self.asked {
            Some(asked) if asked.elapsed() > ANSWERS => self.settle(None, widget),
            _ => Ok(Pressed::Nothing),
        }
    }

    /// Redraws after a change of size, with the reported position of the cursor.
    fn settle(&mut self, column: Option<usize>, widget: &mut impl Widget) -> io::Result<Pressed> {
        if self.asked.take().is_some() {
            self.sheet.resized(self.space.columns, column);
            self.draw(widget)?;
        }
        Ok(Pressed::Nothing)
    }
}

fn space_of(desk: &Desk) -> Space {
    let (columns, rows) = desk.size();
    Space { columns, rows, color: desk.means.color }
}
