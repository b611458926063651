//! What is known of a terminal from outside, and what flags say about it.

use super::{look::ColorChoice, signs::SignChoice};

/// Which of the three standard streams are terminals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terminals {
    /// Somebody may type.
    pub stdin: bool,
    /// Somebody reads the data.
    pub stdout: bool,
    /// Somebody reads the messages.
    pub stderr: bool,
}

/// What flags say about the terminal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manners {
    /// `--color`.
    pub color: ColorChoice,
    /// The setting `signs`.
    pub signs: SignChoice,
    /// `--quiet`: no messages but warnings and errors.
    pub quiet: bool,
    /// `--no-input`: ask nothing.
    pub no_input: bool,
    /// `--verbose`: failures in the words of the libraries that they come from.
    pub verbose: bool,
    /// Output is for programs: stderr then carries an error and nothing else, unless it is a terminal.
    pub machine: bool,
}
