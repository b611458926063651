//! Reads pages of attempts: first those in flight, newest claim first, then the finished ones.

use std::cmp::Reverse;

use rusqlite::{Connection, OptionalExtension, params};

use super::{Numbered, candidates::Candidates, read_finished, read_in_flight, select_finished, select_in_flight};
use crate::{
    domain::{
        attempt::{Attempt, AttemptStatus},
        page::{Cursor, Page, PageRequest},
        query::AttemptQuery,
    },
    service::store::{
        Result,
        rules::page::within,
        sqlite::{
            connection::rows,
            events::MOST_LOOKED_AT,
            timeline::{self, Timeline},
        },
    },
};

/// The position in a list.
///
/// An attempt that ends between two pages moves from those in flight to the top of the finished ones. So that it is
/// shown once, the attempts that were in flight at the start of the list stay together in the order of their claims,
/// whether they have ended since or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// Among those in flight; only lower claims are left.
    InFlight {
        claims_below: i64,
        /// The number of the newest finished attempt at the start of the list.
        newest: i64,
    },
    /// Among the finished ones; only lower numbers are left.
    Finished { below: i64 },
}

/// The most attempts that may end while those from the start of the list are in flight; it bounds what a late page
/// reads.
const MOST_ENDED_MEANWHILE: i64 = 100_000;

/// The number of the newest finished attempt, even if its row was deleted.
const NEWEST: &str = "SELECT seq FROM sqlite_sequence WHERE name = 'attempts'";

impl Position {
    fn of(connection: &Connection, cursor: Option<&Cursor>) -> Result<Self> {
        Ok(match cursor {
            None => {
                let newest = rows::value::<Option<i64>>(connection, NEWEST, [])?;
                Position::InFlight { claims_below: i64::MAX, newest: newest.flatten().unwrap_or(0) }
            }
            Some(Cursor { after, key }) => match key.parse() {
                Ok(newest) => Position::InFlight { claims_below: *after, newest },
                Err(_) => Position::Finished { below: *after },
            },
        })
    }

    fn cursor(self) -> Cursor {
        match self {
            Position::InFlight { claims_below, newest } => Cursor { after: claims_below, key: newest.to_string() },
            Position::Finished { below } => Cursor::after(below),
        }
    }
}

/// Reads a page of attempts.
pub fn page(connection: &Connection, query: &AttemptQuery, page: &PageRequest) -> Result<Page<Attempt>> {
    let limit = page.limit.get();
    let mut data = Vec::new();
    let below = match Position::of(connection, page.cursor.as_ref())? {
        Position::Finished { below } => below,
        Position::InFlight { claims_below, newest } => {
            let mut found = in_flight(connection, query, claims_below, newest)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let claims_below = found.last().map_or(claims_below, |last| last.claim);
            data.extend(found.into_iter().map(|found| found.attempt));
            if more {
                return Ok(Page { data, next: Some(Position::InFlight { claims_below, newest }.cursor()) });
            }
            newest.saturating_add(1)
        }
    };
    let next = finished(connection, query, below, limit, &mut data)?;
    Ok(Page { data, next })
}

/// The matching attempts that are in flight or were at the start of the list. There are few, no more than requests in
/// flight at once.
fn in_flight(connection: &Connection, query: &AttemptQuery, claims_below: i64, newest: i64) -> Result<Vec<Numbered>> {
    let never = query.code.is_some() || query.status.is_some_and(|status| status != AttemptStatus::Pending);
    if never {
        return Ok(Vec::new());
    }
    let now = select_in_flight!("WHERE k.claim IS NOT NULL AND k.claim < ?1 AND NOT is_abandoned(k.instance)");
    let mut found: Vec<_> = rows::all(connection, now, [claims_below], |row| Ok(read_in_flight(row)?.0))?;
    let ended_since = select_finished!("WHERE a.number > ?1 AND a.number <= ?2 AND a.claim < ?3");
    let numbers = params![newest, newest.saturating_add(MOST_ENDED_MEANWHILE), claims_below];
    found.extend(rows::all(connection, ended_since, numbers, read_finished)?);
    found.retain(|found| passes(query, &found.attempt));
    found.sort_by_key(|found| Reverse(found.claim));
    Ok(found)
}

/// Adds finished attempts until the page is full, none are left, or enough rows were read. Returns the start of the
/// next page, if there may be one.
fn finished(
    connection: &Connection,
    query: &AttemptQuery,
    below: i64,
    limit: usize,
    data: &mut Vec<Attempt>,
) -> Result<Option<Cursor>> {
    if query.status == Some(AttemptStatus::Pending) {
        return Ok(None);
    }
    let mut numbers = timeline::numbers(connection, Timeline::Attempts, query.since, query.until)?;
    numbers.end = numbers.end.min(below);
    let mut position = Position::Finished { below };
    let mut candidates = Candidates::new(connection, query, &numbers)?;
    let mut statement = connection.prepare_cached(select_finished!("WHERE a.number = ?1"))?;
    let mut looked_at = 0;
    while let Some(number) = candidates.next(connection)? {
        if data.len() >= limit || looked_at == MOST_LOOKED_AT {
            return Ok(Some(position.cursor()));
        }
        looked_at += 1;
        position = Position::Finished { below: number };
        let found = statement.query_row([number], read_finished).optional()?;
        data.extend(found.filter(|found| passes(query, &found.attempt)).map(|found| found.attempt));
    }
    Ok(None)
}

/// Whether an attempt matches all filters.
fn passes(query: &AttemptQuery, attempt: &Attempt) -> bool {
    let AttemptQuery { webhook, event_id, delivery, status, code, event, kind, since, until, limit: _, cursor: _ } =
        query;
    let answered = |status: &u16| code.is_none_or(|code| (code.from..=code.to).contains(status));
    webhook.is_none_or(|wanted| wanted == attempt.webhook_id)
        && event_id.is_none_or(|wanted| wanted == attempt.event_id)
        && delivery.is_none_or(|wanted| wanted == attempt.delivery_id)
        && status.is_none_or(|wanted| wanted == attempt.status)
        && (code.is_none() || attempt.http_status.as_ref().is_some_and(answered))
        && event.is_none_or(|wanted| wanted == attempt.event_type)
        && kind.is_none_or(|wanted| wanted == attempt.kind)
        && within(attempt.started_at, *since, *until)
}
