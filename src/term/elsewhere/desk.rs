//! The console of a system other than Unix.

use std::io;

use dialoguer::console;

use super::look::Means;

/// The console for questions.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Its abilities.
    pub means: Means,
    screen: console::Term,
}

impl Desk {
    /// Opens the process's own console.
    ///
    /// # Errors
    /// Fails if the question would not be visible.
    pub fn of_process(stderr_is_terminal: bool, means: Means) -> io::Result<Self> {
        match stderr_is_terminal {
            true => Ok(Desk { means, screen: console::Term::stderr() }),
            false => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Writes to the screen.
    ///
    /// # Errors
    /// Fails if it cannot be written to.
    pub fn write(&self, text: &str) -> io::Result<()> {
        self.screen.write_str(text)
    }

    /// Returns the console for dialoguer.
    pub fn for_dialoguer(&self) -> console::Term {
        self.screen.clone()
    }
}
