//! What the data of known types is about.

/// What an event's data is about: which fields it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Clockings.
    Attendance,
    /// People.
    User,
}
