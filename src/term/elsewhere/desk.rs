//! The console of a system that is no Unix.

use std::io;

use dialoguer::console;

use super::look::Means;

/// The console that is asked at.
#[derive(Debug, Clone)]
pub struct Desk {
    /// What it can show.
    pub means: Means,
    screen: console::Term,
}

impl Desk {
    /// The process's own console.
    ///
    /// # Errors
    /// When the question would not be seen.
    pub fn of_process(stderr_is_terminal: bool, means: Means) -> io::Result<Self> {
        match stderr_is_terminal {
            true => Ok(Desk { means, screen: console::Term::stderr() }),
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

    /// The same console, as dialoguer wants it.
    pub fn for_dialoguer(&self) -> console::Term {
        self.screen.clone()
    }
}
