//! Headings: what an output knows about a column of any type.

/// What an output knows about a column.
#[derive(Debug, Clone, Copy)]
pub struct Heading {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) importance: Importance,
    pub(super) align: Align,
    pub(super) flex: Option<Flex>,
}

/// When a column is omitted in favour of more important ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importance {
    /// It is never omitted: a table without it is useless.
    Key,
    /// It is omitted when all less important ones are.
    High,
    /// It is omitted before `High` ones.
    Middle,
    /// It is omitted first.
    Low,
    /// It is shown in cards, and in tables only if `--columns` names it.
    Detail,
    /// It is shown only if `--columns` names it: another column tells people the same.
    OnDemand,
}

/// The alignment of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Texts are aligned to the left.
    Left,
    /// Numbers are aligned to the right.
    Right,
}

/// How far a column may be cut, in columns of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flex {
    /// The least width.
    pub least: usize,
    /// The width below which it is not cut to make room for columns of `Low` importance.
    pub ease: usize,
    /// The width that it exceeds only if everything else is shown in full.
    pub most: usize,
    /// Whether the last column wraps instead of being cut, as sentences do.
    pub wraps: bool,
}
