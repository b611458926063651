//! Shows a question on the terminal and reads keys until it is answered. The terminal may get another size meanwhile.

use std::{
    io,
    time::{Duration, Instant},
};

use crate::term::{
    desk::Desk,
    held::{self, Guard, Manner, TERMINAL},
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

/// How long nothing is done before it is looked whether the terminal has got another size.
const LOOK: Duration = Duration::from_millis(50);

/// How long a terminal may take to say where its cursor stands.
const ANSWERS: Duration = Duration::from_millis(200);

/// Asks the terminal where its cursor stands.
const WHERE_IS_THE_CURSOR: &str = "\u{1b}[6n";

/// Takes the terminal; what was typed before is forgotten. What is put back in the end must be put back too when the
/// program ends before.
///
/// # Errors
/// When it cannot be had.
pub fn hold(desk: &Desk, manner: Manner) -> io::Result<Guard> {
    held::wait_for_the_front(desk);
    signals::for_the_terminal();
    TERMINAL.hold(desk, manner)
}

/// A terminal with a question on it.
pub struct Stage<'a> {
    desk: &'a Desk,
    guard: &'a Guard,
    keys: Keys<Keyboard<'a>>,
    sheet: Sheet,
    space: Space,
    /// When the terminal was asked where its cursor stands, as it has got another size.
    asked: Option<Instant>,
}

/// What has happened.
enum Event {
    Key(Key),
    /// Nothing, for a while.
    Silence,
    /// The terminal has gone.
    Gone,
    /// A signal has ended the question: what comes now is for others.
    Ended,
}

impl<'a> Stage<'a> {
    /// A stage on a terminal that is held.
    pub fn on(desk: &'a Desk, guard: &'a Guard) -> Self {
        let (keys, space) = (Keys::of(Keyboard(desk)), space_of(desk));
        Stage { desk, guard, keys, sheet: Sheet::default(), space, asked: None }
    }

    /// Reads keys until the question is answered.
    ///
    /// # Errors
    /// When the terminal does not work.
    pub fn run(&mut self, widget: &mut impl Widget) -> io::Result<Result<(), PromptError>> {
        self.draw(widget)?;
        loop {
            let pressed = match self.event()? {
                Event::Gone => Pressed::Left,
                Event::Ended => Pressed::Interrupted,
                Event::Silence => self.look_at_the_size(widget)?,
                Event::Key(Key::Cursor { column }) => self.settle(Some(column), widget)?,
                Event::Key(key) => widget.press(key, self.keys.is_pasting()),
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

    /// Leaves this on the terminal instead of the question.
    ///
    /// # Errors
    /// When the terminal has gone.
    pub fn close(mut self, row: &Row) -> io::Result<()> {
        let Drawn { back, rows } = self.sheet.close(row);
        self.guard.show(&back, &rows)
    }

    fn draw(&mut self, widget: &mut impl Widget) -> io::Result<()> {
        let rows = widget.rows(self.space);
        let Drawn { back, rows } = self.sheet.draw(&rows, self.space.color);
        self.guard.show(&back, &rows)
    }

    fn event(&mut self) -> io::Result<Event> {
        let is_there = self.keys.source().is_readable(LOOK)?;
        if !self.guard.is_held() {
            return Ok(Event::Ended);
        }
        if !is_there {
            return Ok(Event::Silence);
        }
        let key = self.keys.next()?;
        if !self.guard.is_held() {
            return Ok(Event::Ended);
        }
        Ok(key.map_or(Event::Gone, Event::Key))
    }

    /// Asks a terminal that has got another size where the cursor has come to, when rows may have been broken.
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

    /// Draws anew on a terminal that has got another size, with what it says of its cursor.
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
