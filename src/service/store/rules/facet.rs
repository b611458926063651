//! The facet of an attempt: everything that lists filter by, packed into one number.

use super::{codes::Coded, outcome::Outcome};
use crate::domain::{
    attempt::{AttemptKind, AttemptStatus},
    query::AttemptQuery,
};

/// The properties that lists filter attempts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facet {
    pub kind: AttemptKind,
    pub types: Types,
    pub outcome: Outcome,
}

/// The event types of a facet: usually one. Late types share the last number, so that the number of facets is bounded
/// and pages stay fast to merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Types(i64);

/// A number above the code of every kind.
const KINDS: i64 = 8;
/// The number that late types share.
const OTHER_TYPES: i64 = 256;

impl Types {
    /// The facet's types that contain the type with this number.
    pub fn of(number: i64) -> Self {
        Types(number.min(OTHER_TYPES))
    }

    /// The range of their facets' numbers.
    pub fn facets(self) -> std::ops::Range<i64> {
        self.0 * KINDS * Outcome::END..(self.0 + 1) * KINDS * Outcome::END
    }
}

impl Facet {
    /// The facet of an attempt whose event has the type with this number.
    pub fn of(kind: AttemptKind, event_type: i64, outcome: Outcome) -> Self {
        Facet { kind, types: Types::of(event_type), outcome }
    }

    /// The facet's number; the facets of a type are adjacent.
    pub fn pack(self) -> i64 {
        (self.types.0 * KINDS + self.kind.code()) * Outcome::END + self.outcome.code()
    }

    /// The facet with this number; none if the kind's code is unknown.
    pub fn unpack(facet: i64) -> Option<Self> {
        let rest = facet / Outcome::END;
        Some(Facet {
            kind: AttemptKind::from_code(rest % KINDS)?,
            types: Types(rest / KINDS),
            outcome: Outcome::from_code(facet % Outcome::END),
        })
    }

    /// Whether attempts of this facet match a query's filters by status, code and kind.
    pub fn passes(self, query: &AttemptQuery) -> bool {
        let Outcome { failed, http_status } = self.outcome;
        let status = if failed { AttemptStatus::Failed } else { AttemptStatus::Succeeded };
        query.status.is_none_or(|wanted| wanted == status)
            && query.code.is_none_or(|wanted| wanted.holds(http_status))
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
    fn a_stored_number_keeps_its_meaning() {
        let outcome = Outcome { failed: true, http_status: Some(503) };
        assert_eq!(Facet::of(AttemptKind::Manual, 7, outcome).pack(), (7 * 8 + 3) * 2048 + 1503);
        assert_eq!(Facet::unpack(7 * 8 * 2048), None, "no kind has this number");
    }

    #[test]
    fn types_that_were_met_late_share_a_place() {
        let of = |number| Facet::of(AttemptKind::Event, number, Outcome { failed: false, http_status: None }).pack();
        assert_eq!(of(OTHER_TYPES), of(OTHER_TYPES + 1_000_000));
        assert_ne!(of(OTHER_TYPES - 1), of(OTHER_TYPES));
    }
}
