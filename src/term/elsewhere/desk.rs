//! The console of a system that is no Unix.

use std::io;

use dialoguer::console;

/// The console that is asked at.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Whether the question may be coloured.
    pub color: bool,
    /// Whether the console understands nothing but text.
    pub dumb: bool,
    screen: console::Term,
}

impl Desk {
    /// The process's own console.
    ///
    /// # Errors
    /// When the question would not be seen.
    pub fn of_process(stderr_is_terminal: bool, color: bool, dumb: bool) -> io::Result<Self> {
        match stderr_is_terminal {
            true => Ok(Desk { color, dumb, screen: console::Term::stderr() }),
            false => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Writes on the screen.
    ///
    /// # Errors
    /// When it cannot be written to.
    pub fn write(&self, text: &str) -> io::Result<()> {
        self.screen.write_str(text)
    }

    /// The same console, as dialoguer's menus want it.
    ///
    /// # Errors
    /// None here.
    pub fn for_dialoguer(&self) -> io::Result<console::Term> {
        Ok(self.screen.clone())
    }
}
