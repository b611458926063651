//! Lists of attempts: which ones pass a query's filters, and how far a list has been read.

use super::page::within;
use crate::domain::{attempt::Attempt, page::Cursor, query::AttemptQuery};

/// Whether an attempt matches all filters.
pub fn passes(query: &AttemptQuery, attempt: &Attempt) -> bool {
    let AttemptQuery { webhook, event_id, delivery, status, code, event, kind, since, until, limit: _, cursor: _ } =
        query;
    webhook.is_none_or(|wanted| wanted == attempt.webhook_id)
        && event_id.is_none_or(|wanted| wanted == attempt.event_id)
        && delivery.is_none_or(|wanted| wanted == attempt.delivery_id)
        && status.is_none_or(|wanted| wanted == attempt.status)
        && code.is_none_or(|wanted| wanted.holds(attempt.http_status))
        && event.is_none_or(|wanted| wanted == attempt.event_type)
        && kind.is_none_or(|wanted| wanted == attempt.kind)
        && within(attempt.started_at, *since, *until)
}

/// The position in a list.
///
/// An attempt that ends between two pages moves from those in flight to the top of the finished ones. So that it is
/// shown once, the attempts that were in flight at the start of the list stay together in the order of their claims,
/// whether they have ended since or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Among those in flight; only lower claims are left.
    InFlight {
        claims_below: i64,
        /// The number of the newest finished attempt at the start of the list.
        newest: i64,
    },
    /// Among the finished ones; only lower numbers are left.
    Finished { below: i64 },
}

impl Position {
    /// The beginning of a list, when this is the newest finished attempt.
    pub fn first(newest: i64) -> Self {
        Position::InFlight { claims_below: i64::MAX, newest }
    }

    /// Where a cursor stands.
    pub fn at(Cursor { after, key }: &Cursor) -> Self {
        match key.parse() {
            Ok(newest) => Position::InFlight { claims_below: *after, newest },
            Err(_) => Position::Finished { below: *after },
        }
    }

    /// The cursor that stands there.
    pub fn cursor(self) -> Cursor {
        match self {
            Position::InFlight { claims_below, newest } => Cursor { after: claims_below, key: newest.to_string() },
            Position::Finished { below } => Cursor::after(below),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_position() {
        for position in [
            Position::first(7),
            Position::InFlight { claims_below: 3, newest: 0 },
            Position::Finished { below: 1 },
            Position::Finished { below: i64::MAX },
        ] {
            assert_eq!(Position::at(&position.cursor()), position);
        }
    }
}
