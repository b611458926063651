//! A type of event: its name.

use std::fmt;

/// The kind of thing that happened, by its name: 1 to 100 printable ASCII characters without blank, comma and `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventType(pub(super) &'static str);

/// The prefix of the names of the service's own notices.
const NOTICES: &str = "tmhooks.";

impl EventType {
    /// Someone clocked in or out.
    pub const ATTENDANCE_INSERTED: EventType = EventType("attendance.inserted");
    /// A recorded clocking was changed.
    pub const ATTENDANCE_UPDATED: EventType = EventType("attendance.updated");
    /// A recorded clocking was removed.
    pub const ATTENDANCE_DELETED: EventType = EventType("attendance.deleted");
    /// A person was added.
    pub const USER_INSERTED: EventType = EventType("user.inserted");
    /// A person's details were changed.
    pub const USER_UPDATED: EventType = EventType("user.updated");
    /// A person was removed.
    pub const USER_DELETED: EventType = EventType("user.deleted");
    /// A test of one webhook. No webhook can subscribe to it.
    pub const TEST: EventType = EventType("test");

    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether a webhook can subscribe to it.
    pub fn is_subscribable(self) -> bool {
        self != EventType::TEST
    }

    /// Whether it is one of the service's own notices: nobody else may send such an event.
    pub fn is_notice(self) -> bool {
        self.0.starts_with(NOTICES)
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}
