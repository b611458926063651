//! Event filters: a webhook lists them to say which types of events it receives.

use std::{fmt, str::FromStr};

use super::{event_type::EventType, suggestions};
use crate::domain::text::serde_as_text;

/// Which events a webhook receives: one type, a group of them (`attendance.*`), or all (`*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventFilter {
    /// Every type but `test` and the service's own notices.
    All,
    /// Every type whose name begins with this and a dot.
    Group(&'static str),
    /// Just this type.
    Exactly(EventType),
}

impl EventFilter {
    /// The groups of the known types: `attendance.*`, `user.*`.
    pub fn known_groups() -> impl Iterator<Item = EventFilter> {
        let mut groups: Vec<&'static str> = Vec::new();
        for group in EventType::subscribable().filter_map(|it| it.as_str().split_once('.')).map(|(group, _)| group) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        groups.into_iter().map(EventFilter::Group)
    }

    /// Whether events of this type pass. The service does not apply filters to a test of one webhook.
    pub fn matches(self, event_type: EventType) -> bool {
        match self {
            EventFilter::All => event_type != EventType::TEST && !event_type.is_notice(),
            EventFilter::Group(group) => {
                event_type.as_str().strip_prefix(group).is_some_and(|rest| rest.starts_with('.'))
            }
            EventFilter::Exactly(wanted) => event_type == wanted,
        }
    }

    /// Whether the filter passes any known type, or any type in `seen`.
    pub fn is_known_with(self, seen: &[EventType]) -> bool {
        self == EventFilter::All || EventType::KNOWN.iter().chain(seen).any(|event_type| self.matches(*event_type))
    }

    /// Suggests what was meant by a filter that passes no known type, from the known filters and the types in `seen`.
    pub fn suggestion(self, seen: &[EventType]) -> Option<String> {
        let text = self.to_string();
        let others = seen.iter().copied().filter(|event_type| event_type.known().is_none());
        let known: Vec<String> = EventFilter::known_groups()
            .chain(EventType::subscribable().chain(others).map(EventFilter::Exactly))
            .map(|filter| filter.to_string())
            .collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        suggestions::sentence(&suggestions::meant(&text, &known))
    }
}

impl fmt::Display for EventFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EventFilter::All => f.pad("*"),
            EventFilter::Group(group) => f.pad(&format!("{group}.*")),
            EventFilter::Exactly(event_type) => f.pad(event_type.as_str()),
        }
    }
}

/// The text is not an event filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAFilter {
    /// The text cannot be the name of a type or of a group.
    #[error("\"{0}\" is not an event filter: a filter is a type, a group of types such as attendance.*, or *")]
    Malformed(String),
    /// Tests cannot be subscribed to.
    #[error("a webhook cannot subscribe to \"test\": `tm-hooks test` sends one whatever the filters say")]
    Test,
}

impl FromStr for EventFilter {
    type Err = NotAFilter;

    fn from_str(text: &str) -> Result<Self, NotAFilter> {
        let checked = |name: &str| name.parse::<EventType>().map_err(|_| NotAFilter::Malformed(text.to_owned()));
        match text.strip_suffix(".*") {
            _ if text == "*" => Ok(EventFilter::All),
            _ if text == EventType::TEST.as_str() => Err(NotAFilter::Test),
            Some(group) => checked(group).map(|group| EventFilter::Group(group.as_str())),
            None => checked(text).map(EventFilter::Exactly),
        }
    }
}

serde_as_text!(EventFilter);

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> EventFilter {
        text.parse().unwrap()
    }

    fn known_that_pass(filter: &str) -> usize {
        EventType::KNOWN.iter().filter(|event_type| of(filter).matches(**event_type)).count()
    }

    #[test]
    fn filters_match_one_a_group_or_all() {
        let all = EventType::subscribable().count();
        assert_eq!(["*", "attendance.*", "user.deleted", "nobodys.*"].map(known_that_pass), [all, 3, 1, 0]);
        let published: EventType = "nobodys.shift.published".parse().unwrap();
        for filter in ["*", "nobodys.*", "nobodys.shift.*", "nobodys.shift.published"] {
            assert!(of(filter).matches(published), "{filter}");
        }
        for filter in ["nobody.*", "nobodys.shift", "nobodys.shift.published.*", "Nobodys.*"] {
            assert!(!of(filter).matches(published), "{filter}");
        }
    }

    #[test]
    fn notices_and_tests_pass_no_star() {
        let notice: EventType = "tmhooks.webhook.disabled".parse().unwrap();
        assert!(!of("*").matches(notice) && of("tmhooks.*").matches(notice) && of(notice.as_str()).matches(notice));
        assert!(!of("*").matches(EventType::TEST));
        assert!(of("*").matches("tmhooksish".parse().unwrap()), "only names behind the dot are reserved");
    }

    #[test]
    fn filters_are_read_back() {
        for text in ["*", "attendance.*", "user.deleted", "planning.*", "a.b.*", "x", "tmhooks.*"] {
            assert_eq!(of(text).to_string(), text);
        }
        for none in ["", ".*.*", "*.inserted", "a*", "a, b", "a b", "**", "test", "attendance.**", &"x".repeat(101)] {
            assert!(none.parse::<EventFilter>().is_err(), "{none}");
        }
    }

    #[test]
    fn what_was_meant_is_told() {
        let told = |text: &str| of(text).suggestion(&[]).unwrap_or_default();
        assert!(told("attendance").starts_with("did you mean \"attendance.*\", "), "{}", told("attendance"));
        assert_eq!(told("user.inserte"), "did you mean \"user.inserted\"?");
        assert_eq!(told("payroll"), "");
    }

    #[test]
    fn a_filter_is_known_when_something_known_or_seen_passes() {
        let seen = ["nobodys.published".parse().unwrap()];
        for known in ["*", "user.*", "user.deleted", "nobodys.*", "nobodys.published"] {
            assert!(of(known).is_known_with(&seen), "{known}");
        }
        assert!(!of("nobodys.*").is_known_with(&[]) && !of("user").is_known_with(&seen));
    }

    #[test]
    fn the_known_groups_stand_once() {
        let groups: Vec<String> = EventFilter::known_groups().map(|group| group.to_string()).collect();
        assert!(groups.starts_with(&["attendance.*".to_owned(), "user.*".to_owned()]), "{groups:?}");
        let different: std::collections::HashSet<_> = groups.iter().collect();
        assert_eq!(different.len(), groups.len());
    }
}
