//! The facet of an attempt: all that lists filter it by, packed into one number.

use super::codes::Coded;
use crate::{
    domain::{
        attempt::{AttemptKind, AttemptStatus},
        event::EventType,
        query::AttemptQuery,
    },
    service::store::rules::outcome::Outcome,
};

/// What an attempt has in common with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facet {
    pub kind: AttemptKind,
    pub event_type: EventType,
    pub outcome: Outcome,
}

/// More than any event type's code.
const EVENT_TYPES: i64 = 16;

impl Facet {
    /// Its number.
    pub fn pack(self) -> i64 {
        (self.kind.code() * EVENT_TYPES + self.event_type.code()) * Outcome::END + self.outcome.code()
    }

    /// The facet with this number; none when an enumeration has no such code.
    pub fn unpack(facet: i64) -> Option<Self> {
        let rest = facet / Outcome::END;
        Some(Facet {
            kind: AttemptKind::from_code(rest / EVENT_TYPES)?,
            event_type: EventType::from_code(rest % EVENT_TYPES)?,
            outcome: Outcome::from_code(facet % Outcome::END),
        })
    }

    /// Whether attempts of this facet pass a query's filters by status, code, event type and kind.
    pub fn passes(self, query: &AttemptQuery) -> bool {
        let Outcome { failed, http_status } = self.outcome;
        let status = if failed { AttemptStatus::Failed } else { AttemptStatus::Succeeded };
        let in_range = |code: crate::domain::attempt::CodeFilter| {
            http_status.is_some_and(|status| (code.from..=code.to).contains(&status))
        };
        query.status.is_none_or(|wanted| wanted == status)
            && query.code.is_none_or(in_range)
            && query.event.is_none_or(|wanted| wanted == self.event_type)
            && query.kind.is_none_or(|wanted| wanted == self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facets_are_read_back_and_never_share_a_number() {
        let mut seen = std::collections::HashSet::new();
        for kind in AttemptKind::ALL {
            for event_type in EventType::ALL {
                for failed in [false, true] {
                    for http_status in [None, Some(100), Some(200), Some(599)] {
                        let outcome = Outcome { failed, http_status };
                        let facet = Facet { kind: *kind, event_type, outcome };
                        assert_eq!(Facet::unpack(facet.pack()), Some(facet));
                        assert!(seen.insert(facet.pack()));
                    }
                }
            }
        }
    }
}
