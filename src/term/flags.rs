//! The properties of the standard streams, and the flags for output.

use super::{look::ColorChoice, signs::SignChoice};

/// Which of the three standard streams are terminals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terminals {
    /// Whether stdin is one: somebody may type.
    pub stdin: bool,
    /// Whether stdout is one: somebody reads the data.
    pub stdout: bool,
    /// Whether stderr is one: somebody reads the messages.
    pub stderr: bool,
}

/// The flags for output.
#[derive(Debug, Clone, Copy, Default)]
pub struct OutputFlags {
    /// `--color`.
    pub color: ColorChoice,
    /// The setting `signs`.
    pub signs: SignChoice,
    /// `--quiet`: no messages but warnings and errors.
    pub quiet: bool,
    /// `--no-input`: no questions.
    pub no_input: bool,
    /// `--verbose`: failures in the libraries' own words.
    pub verbose: bool,
    /// Whether output is for programs: stderr then only carries an error, unless it is a terminal.
    pub machine: bool,
}
