//! The table of known event types: a row holds all that is known about a type. The service also accepts types that are
//! not in the table.

use super::{event_type::EventType, subject::Subject};

/// What is known of a type.
#[derive(Debug, Clone, Copy)]
pub struct KnownType {
    /// Its name.
    pub event_type: EventType,
    /// What its data is about, when its fields are known.
    pub subject: Option<Subject>,
    /// Whether it reports a removal.
    pub is_deletion: bool,
    /// A description of one line, for people.
    pub description: &'static str,
    /// An invented example of its data, as JSON: all its known fields, in the order of `v1`.
    pub example: &'static str,
}

macro_rules! example {
    ($name:literal) => {
        include_str!(concat!("examples/", $name, ".json"))
    };
}

/// Every known type, in the order in which lists show them.
const TABLE: [KnownType; 7] = [
    KnownType {
        event_type: EventType::ATTENDANCE_INSERTED,
        subject: Some(Subject::Attendance),
        is_deletion: false,
        description: "someone clocked in or out",
        example: example!("attendance.inserted"),
    },
    KnownType {
        event_type: EventType::ATTENDANCE_UPDATED,
        subject: Some(Subject::Attendance),
        is_deletion: false,
        description: "a recorded clocking was changed",
        example: example!("attendance.updated"),
    },
    KnownType {
        event_type: EventType::ATTENDANCE_DELETED,
        subject: Some(Subject::Attendance),
        is_deletion: true,
        description: "a recorded clocking was removed",
        example: example!("attendance.deleted"),
    },
    KnownType {
        event_type: EventType::USER_INSERTED,
        subject: Some(Subject::User),
        is_deletion: false,
        description: "a person was added",
        example: example!("user.inserted"),
    },
    KnownType {
        event_type: EventType::USER_UPDATED,
        subject: Some(Subject::User),
        is_deletion: false,
        description: "a person's details were changed",
        example: example!("user.updated"),
    },
    KnownType {
        event_type: EventType::USER_DELETED,
        subject: Some(Subject::User),
        is_deletion: true,
        description: "a person was removed",
        example: example!("user.deleted"),
    },
    KnownType {
        event_type: EventType::TEST,
        // A test has a clocking's data, so that it looks like a real event.
        subject: Some(Subject::Attendance),
        is_deletion: false,
        description: "a test of one webhook, made by `tm-hooks test`",
        example: example!("test"),
    },
];

impl EventType {
    /// Every known type, in the order in which lists show them.
    pub const KNOWN: [EventType; TABLE.len()] = names();

    /// The known types a webhook may subscribe to: all but `test`.
    pub fn subscribable() -> impl Iterator<Item = EventType> {
        Self::KNOWN.into_iter().filter(|event_type| event_type.is_subscribable())
    }

    /// Returns what is known about the type, or `None` if it is not in the table.
    pub fn known(self) -> Option<&'static KnownType> {
        known(self.as_str())
    }

    /// A description of one line, for people.
    pub fn description(self) -> &'static str {
        self.known().map_or("seen here; nothing more is known of it", |known| known.description)
    }

    /// What its data is about, when its fields are known.
    pub fn subject(self) -> Option<Subject> {
        self.known().and_then(|known| known.subject)
    }

    /// Whether it reports a removal.
    pub fn is_deletion(self) -> bool {
        self.known().is_some_and(|known| known.is_deletion)
    }
}

/// Finds a known type by its name.
pub(super) fn known(name: &str) -> Option<&'static KnownType> {
    static ROWS: &[KnownType] = &TABLE;
    ROWS.iter().find(|known| known.event_type.as_str() == name)
}

/// Collects the names of the table.
const fn names() -> [EventType; TABLE.len()] {
    let mut all = [EventType::TEST; TABLE.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = TABLE[at].event_type;
        at += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_each_type_once() {
        let names: std::collections::HashSet<_> = EventType::KNOWN.into_iter().collect();
        assert_eq!(names.len(), EventType::KNOWN.len());
        assert_eq!(EventType::subscribable().count(), EventType::KNOWN.len() - 1);
    }
}
