//! The facet of an attempt: all that lists filter it by, packed into one number.

use crate::{
    domain::{
        attempt::{AttemptKind, AttemptStatus},
        query::AttemptQuery,
    },
    service::store::{rules::outcome::Outcome, sqlite::connection::codes::Coded},
};

/// What an attempt has in common with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facet {
    pub kind: AttemptKind,
    pub types: Types,
    pub outcome: Outcome,
}

/// The event types of a facet: mostly one; all those that were met late share the last place, so that there are never so
/// many facets that pages are slow to merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Types(i64);

/// More than any kind's code.
const KINDS: i64 = 8;
/// The place of the types that share one.
const OTHER_TYPES: i64 = 256;

impl Types {
    /// Those that the type of this number is among.
    pub fn of(number: i64) -> Self {
        Types(number.min(OTHER_TYPES))
    }

    /// The numbers that their facets have.
    pub fn facets(self) -> std::ops::Range<i64> {
        self.0 * KINDS * Outcome::END..(self.0 + 1) * KINDS * Outcome::END
    }
}

impl Facet {
    /// The facet of an attempt that carried an event of the type of this number.
    pub fn of(kind: AttemptKind, event_type: i64, outcome: Outcome) -> Self {
        Facet { kind, types: Types::of(event_type), outcome }
    }

    /// Its number: those of a type lie side by side.
    pub fn pack(self) -> i64 {
        (self.types.0 * KINDS + self.kind.code()) * Outcome::END + self.outcome.code()
    }

    /// The facet with this number; none when an enumeration has no such code.
    pub fn unpack(facet: i64) -> Option<Self> {
        let rest = facet / Outcome::END;
        Some(Facet {
            kind: AttemptKind::from_code(rest % KINDS)?,
            types: Types(rest / KINDS),
            outcome: Outcome::from_code(facet % Outcome::END),
        })
    }

    /// Whether attempts of this facet pass a query's filters by status, code and kind.
    pub fn passes(self, query: &AttemptQuery) -> bool {
        let Outcome { failed, http_status } = self.outcome;
        let status = if failed { AttemptStatus::Failed } else { AttemptStatus::Succeeded };
        let in_range = |code: crate::domain::attempt::CodeFilter| {
            http_status.is_some_and(|status| (code.from..=code.to).contains(&status))
        };
        query.status.is_none_or(|wanted| wanted == status)
            && query.code.is_none_or(in_range)
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
            for number in [1, 2, OTHER_TYPES - 1, OTHER_TYPES] {
                for failed in [false, true] {
                    for http_status in [None, Some(100), Some(200), Some(599)] {
                        let outcome = Outcome { failed, http_status };
                        let facet = Facet::of(*kind, number, outcome);
                        assert_eq!(Facet::unpack(facet.pack()), Some(facet));
                        assert!(facet.types.facets().contains(&facet.pack()));
                        assert!(seen.insert(facet.pack()));
                    }
                }
            }
        }
    }

    #[test]
    fn types_that_were_met_late_share_a_place() {
        let of = |number| Facet::of(AttemptKind::Event, number, Outcome { failed: false, http_status: None }).pack();
        assert_eq!(of(OTHER_TYPES), of(OTHER_TYPES + 1_000_000));
        assert_ne!(of(OTHER_TYPES - 1), of(OTHER_TYPES));
    }
}
