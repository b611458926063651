//! What an output knows of a column, whatever the column is of.

/// What an output knows of a column.
#[derive(Debug, Clone, Copy)]
pub struct Heading {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) importance: Importance,
    pub(super) align: Align,
    pub(super) flex: Option<Flex>,
}

/// When a column gives way to more important ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importance {
    /// Never: a table without it says nothing.
    Key,
    /// It goes when nothing below it is left.
    High,
    /// It goes before high ones.
    Middle,
    /// It goes first.
    Low,
    /// It is shown for one thing by itself, and in a table only when `--columns` asks for it.
    Detail,
    /// It is shown only when `--columns` asks for it: another column says the same to people.
    OnDemand,
}

/// To which side cells lean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// How far a column may be cut, in columns of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flex {
    /// It is never narrower.
    pub least: usize,
    /// It is not made narrower for columns that say little.
    pub ease: usize,
    /// It is wider only where everything else is there in full.
    pub most: usize,
    /// Whether it goes on below where it is the last one, instead of being cut: sentences do.
    pub wraps: bool,
}
