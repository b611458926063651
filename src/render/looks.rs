//! How a terminal shows things.

use crate::term::Signs;

/// How a terminal shows things.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looks {
    pub width: usize,
    pub color: bool,
    pub signs: Signs,
    /// Whether the columns were chosen by name: then none is left out.
    pub chosen: bool,
}
