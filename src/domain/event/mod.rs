//! What can happen: the types of events, the table of those that are known, and the filters by which a webhook picks.
//!
//! A type is a name. The service carries whatever it is given: a type that is in no table of ours is stored, filtered,
//! delivered and counted like any other, and only its fields are nobody's business.

use std::{fmt, str::FromStr};

use super::text::serde_as_text;

pub mod fields;
mod filter;
mod interned;
mod kind;
mod suggestions;
mod table;

pub use fields::Subject;
pub use filter::{EventFilter, NotAFilter};
pub use kind::{Kind, MAX_SAFE_INTEGER};
pub(super) use kind::{local_time, time_zone};
pub use table::Known;

/// The kind of thing that happened, by its name: 1 to 100 printable ASCII characters without blank, comma and `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventType(&'static str);

/// The longest name, in characters.
pub const LONGEST_TYPE: usize = 100;

/// What the names of the service's own notices begin with.
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
    /// A test of one webhook. It cannot be subscribed to.
    pub const TEST: EventType = EventType("test");

    /// Every known type, in the order people are shown them.
    pub const KNOWN: [EventType; table::TABLE.len()] = table::names();

    /// The known types a webhook may subscribe to: all but `test`.
    pub fn subscribable() -> impl Iterator<Item = EventType> {
        Self::KNOWN.into_iter().filter(|event_type| event_type.is_subscribable())
    }

    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// What is known of it; none when nobody here has described it.
    pub fn known(self) -> Option<&'static Known> {
        table::known(self.0)
    }

    /// One line for people.
    pub fn description(self) -> &'static str {
        self.known().map_or("seen here; nothing more is known of it", |known| known.description)
    }

    /// What its data is about, when its fields are known.
    pub fn subject(self) -> Option<Subject> {
        self.known().and_then(|known| known.subject)
    }

    /// Whether it says that something was removed.
    pub fn is_deletion(self) -> bool {
        self.known().is_some_and(|known| known.is_deletion)
    }

    /// Whether a webhook can subscribe to it.
    pub fn is_subscribable(self) -> bool {
        self != EventType::TEST
    }

    /// Whether it is one of the service's own notices: nobody else may send such an event.
    pub fn is_notice(self) -> bool {
        self.0.starts_with(NOTICES)
    }

    /// What was most likely meant by the name of a type that is not known, among those that are and those that were `seen`.
    pub fn suggestion(self, seen: &[EventType]) -> Option<String> {
        let others = seen.iter().filter(|event_type| event_type.known().is_none());
        let names: Vec<&str> = Self::KNOWN.iter().chain(others).map(|event_type| event_type.as_str()).collect();
        suggestions::sentence(&suggestions::meant(self.0, &names))
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// A text that can be no type's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" cannot be the name of an event type: a name has 1 to {LONGEST_TYPE} ASCII characters, and no blank, comma or *"
)]
pub struct NotAType(pub String);

impl FromStr for EventType {
    type Err = NotAType;

    fn from_str(text: &str) -> Result<Self, NotAType> {
        if let Some(known) = table::known(text) {
            return Ok(known.event_type);
        }
        let fits = (1..=LONGEST_TYPE).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',' && byte != b'*');
        if fits { Ok(EventType(interned::interned(text))) } else { Err(NotAType(shortened(text))) }
    }
}

/// As much of it as an error repeats.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TYPE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

serde_as_text!(EventType);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for event_type in EventType::KNOWN {
            assert_eq!(event_type.as_str().parse(), Ok(event_type));
        }
        for name in ["nobodys.published", "x", "a\"b\\c", &"x".repeat(100)] {
            let event_type: EventType = name.parse().unwrap();
            assert_eq!((event_type.as_str(), event_type.known().is_none()), (name, true));
            assert_eq!(
                serde_json::from_str::<EventType>(&serde_json::to_string(&event_type).unwrap()).unwrap(),
                event_type
            );
        }
        for none in ["", "a b", "a,b", "a*", "\u{e4}.b", "a\tb", "a\u{7f}", &"x".repeat(101)] {
            assert!(none.parse::<EventType>().is_err(), "{none}");
        }
        let long = "x".repeat(10_000).parse::<EventType>().unwrap_err().to_string();
        assert!(long.len() < 300, "{long}");
    }

    #[test]
    fn the_table_has_each_type_once() {
        let names: std::collections::HashSet<_> = EventType::KNOWN.into_iter().collect();
        assert_eq!(names.len(), EventType::KNOWN.len());
        assert_eq!(EventType::subscribable().count(), EventType::KNOWN.len() - 1);
    }

    #[test]
    fn an_unknown_type_names_the_nearest() {
        let meant = |text: &str| text.parse::<EventType>().unwrap().suggestion(&[]).unwrap_or_default();
        assert_eq!(meant("attendance.insert"), "did you mean \"attendance.inserted\"?");
        assert_eq!(meant("payroll"), "");
        let seen: [EventType; 2] = ["nobodys.type".parse().unwrap(), EventType::USER_DELETED];
        let slip: EventType = "NOBODYS.TYPE".parse().unwrap();
        assert_eq!(slip.suggestion(&seen).unwrap_or_default(), "did you mean \"nobodys.type\"?");
        let once = "did you mean \"user.inserted\", \"user.updated\" or \"user.deleted\"?";
        assert_eq!("user".parse::<EventType>().unwrap().suggestion(&seen).unwrap_or_default(), once);
        assert_eq!(meant("attendance.updaet"), "did you mean \"attendance.updated\"?");
        for beginning in ["user", "User", "user.", "us"] {
            let all = "did you mean \"user.inserted\", \"user.updated\" or \"user.deleted\"?";
            assert_eq!(meant(beginning), all, "{beginning}");
        }
    }
}
