//! The properties of a terminal.

use crate::term::Signs;

/// The properties of a terminal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looks {
    pub width: usize,
    pub color: bool,
    pub signs: Signs,
    /// Whether the columns were chosen by name, so that none is omitted.
    pub chosen: bool,
}
