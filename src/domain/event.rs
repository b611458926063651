//! What can happen: the table of event types, and the filters by which a webhook picks from it.

use std::{fmt, str::FromStr};

use super::text::{nearest, serde_as_text};

/// The kind of thing that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// Someone clocked in or out.
    AttendanceInserted,
    /// A recorded clocking was changed.
    AttendanceUpdated,
    /// A recorded clocking was removed.
    AttendanceDeleted,
    /// A person was added.
    UserInserted,
    /// A person's details were changed.
    UserUpdated,
    /// A person was removed.
    UserDeleted,
    /// A test of one webhook. It cannot be subscribed to.
    Test,
}

impl EventType {
    /// Every type, in the order people are shown them.
    pub const ALL: [EventType; 7] = [
        EventType::AttendanceInserted,
        EventType::AttendanceUpdated,
        EventType::AttendanceDeleted,
        EventType::UserInserted,
        EventType::UserUpdated,
        EventType::UserDeleted,
        EventType::Test,
    ];

    /// The types a webhook may subscribe to: all but `test`.
    pub fn subscribable() -> impl Iterator<Item = EventType> {
        Self::ALL.into_iter().filter(|event_type| *event_type != EventType::Test)
    }

    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            EventType::AttendanceInserted => "attendance.inserted",
            EventType::AttendanceUpdated => "attendance.updated",
            EventType::AttendanceDeleted => "attendance.deleted",
            EventType::UserInserted => "user.inserted",
            EventType::UserUpdated => "user.updated",
            EventType::UserDeleted => "user.deleted",
            EventType::Test => "test",
        }
    }

    /// One line for people.
    pub fn description(self) -> &'static str {
        match self {
            EventType::AttendanceInserted => "someone clocked in or out",
            EventType::AttendanceUpdated => "a recorded clocking was changed",
            EventType::AttendanceDeleted => "a recorded clocking was removed",
            EventType::UserInserted => "a person was added",
            EventType::UserUpdated => "a person's details were changed",
            EventType::UserDeleted => "a person was removed",
            EventType::Test => "a test of one webhook, made by `tm-hooks test`",
        }
    }

    /// What it is about.
    pub fn subject(self) -> Subject {
        match self {
            EventType::AttendanceInserted | EventType::AttendanceUpdated | EventType::AttendanceDeleted => {
                Subject::Attendance
            }
            EventType::UserInserted | EventType::UserUpdated | EventType::UserDeleted => Subject::User,
            EventType::Test => Subject::Test,
        }
    }
}

/// What events are about: the part of a type's name before the dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Clockings.
    Attendance,
    /// People.
    User,
    /// Nothing: a test.
    Test,
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no event type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{typed}\" is not an event type{}; the types are {}", suggestion(.meant), names(EventType::ALL.into_iter()))]
pub struct UnknownEventType {
    /// What was written.
    pub typed: String,
    /// The names that begin so; else the one that was most likely meant.
    pub meant: Vec<&'static str>,
}

fn suggestion(meant: &[&str]) -> String {
    match meant.split_last() {
        None => String::new(),
        Some((last, [])) => format!(" (did you mean \"{last}\"?)"),
        Some((last, others)) => format!(" (did you mean \"{}\" or \"{last}\"?)", others.join("\", \"")),
    }
}

/// What was meant by `typed`, among `names`.
fn meant<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
    let beginning = typed.trim_end_matches(['.', '*']).to_lowercase();
    let begun = names.iter().copied().filter(|name| !beginning.is_empty() && name.starts_with(&beginning));
    let begun: Vec<&str> = begun.collect();
    if begun.is_empty() { nearest(typed, names.iter().copied()).into_iter().collect() } else { begun }
}

fn names(types: impl Iterator<Item = EventType>) -> String {
    types.map(EventType::as_str).collect::<Vec<_>>().join(", ")
}

impl FromStr for EventType {
    type Err = UnknownEventType;

    fn from_str(text: &str) -> Result<Self, UnknownEventType> {
        Self::ALL.into_iter().find(|event_type| event_type.as_str() == text).ok_or_else(|| UnknownEventType {
            typed: text.to_owned(),
            meant: meant(text, &Self::ALL.map(EventType::as_str)),
        })
    }
}

serde_as_text!(EventType);

/// Which events a webhook receives: one type, all of a subject (`attendance.*`), or all (`*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventFilter {
    /// Every type that can be subscribed to.
    All,
    /// Every type about `attendance` or `user`.
    About(Subject),
    /// Just this type.
    Exactly(EventType),
}

impl EventFilter {
    /// Whether events of this type pass. Tests pass no filter: they are sent to one webhook by name.
    pub fn matches(self, event_type: EventType) -> bool {
        match self {
            EventFilter::All => event_type != EventType::Test,
            EventFilter::About(subject) => event_type.subject() == subject,
            EventFilter::Exactly(wanted) => event_type == wanted,
        }
    }
}

impl fmt::Display for EventFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            EventFilter::All => "*",
            EventFilter::About(Subject::Attendance) => "attendance.*",
            EventFilter::About(Subject::User) => "user.*",
            EventFilter::About(Subject::Test) => "test",
            EventFilter::Exactly(event_type) => event_type.as_str(),
        })
    }
}

/// A text that is no event filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAFilter {
    /// It names no type and no group of types.
    #[error(
        "\"{}\" is not an event type{}; the types are {}, attendance.*, user.* and *",
        .0.typed, suggestion(&.0.meant), names(EventType::subscribable())
    )]
    Unknown(#[from] UnknownEventType),
    /// Tests cannot be subscribed to.
    #[error("a webhook cannot subscribe to \"test\": `tm-hooks test` sends one whatever the filters say")]
    Test,
}

impl FromStr for EventFilter {
    type Err = NotAFilter;

    fn from_str(text: &str) -> Result<Self, NotAFilter> {
        match text {
            "*" => Ok(EventFilter::All),
            "attendance.*" => Ok(EventFilter::About(Subject::Attendance)),
            "user.*" => Ok(EventFilter::About(Subject::User)),
            "test" => Err(NotAFilter::Test),
            name => name.parse().map(EventFilter::Exactly).map_err(|unknown: UnknownEventType| {
                let known = ["attendance.*", "user.*"].into_iter();
                let known: Vec<&str> = known.chain(EventType::subscribable().map(EventType::as_str)).collect();
                UnknownEventType { meant: meant(name, &known), ..unknown }.into()
            }),
        }
    }
}

serde_as_text!(EventFilter);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for event_type in EventType::ALL {
            assert_eq!(event_type.as_str().parse(), Ok(event_type));
        }
    }

    #[test]
    fn an_unknown_type_names_the_nearest() {
        let error = "attendance.insert".parse::<EventType>().unwrap_err();
        assert_eq!(error.meant, ["attendance.inserted"]);
        assert!(error.to_string().starts_with(
            "\"attendance.insert\" is not an event type (did you mean \"attendance.inserted\"?); the types are"
        ));
        let meant = |text: &str| text.parse::<EventType>().unwrap_err().meant;
        assert_eq!(meant("payroll"), [""; 0]);
        assert_eq!(meant(""), [""; 0]);
        assert_eq!(meant("attendance.updaet"), ["attendance.updated"]);
        for beginning in ["user", "User", "user.", "user.*", "us"] {
            assert_eq!(meant(beginning), ["user.inserted", "user.updated", "user.deleted"], "{beginning}");
        }
        let error = "attendance".parse::<EventType>().unwrap_err().to_string();
        let all = "(did you mean \"attendance.inserted\", \"attendance.updated\" or \"attendance.deleted\"?)";
        assert!(error.contains(all), "{error}");
        let error = "attendance".parse::<EventFilter>().unwrap_err().to_string();
        assert!(error.contains("(did you mean \"attendance.*\", "), "{error}");
    }

    #[test]
    fn filters_match_one_a_subject_or_all() {
        let of = |text: &str| text.parse::<EventFilter>().unwrap();
        let matched = |filter: EventFilter| EventType::ALL.into_iter().filter(|t| filter.matches(*t)).count();
        assert_eq!(matched(of("*")), 6);
        assert_eq!(matched(of("attendance.*")), 3);
        assert_eq!(matched(of("user.deleted")), 1);
        assert!(of("user.*").matches(EventType::UserUpdated));
        assert!("test".parse::<EventFilter>().is_err());
        assert!("attendance".parse::<EventFilter>().is_err());
        assert!("*.inserted".parse::<EventFilter>().is_err());
    }
}
