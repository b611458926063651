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
        rules::attempts::{Position, passes},
        sqlite::{
            connection::rows,
            events::MOST_LOOKED_AT,
            timeline::{self, Timeline},
        },
    },
};

/// The most attempts that may end while those from the start of the list are in flight; it bounds what a late page
/// reads.
const MOST_ENDED_MEANWHILE: i64 = 100_000;

/// The number of the newest finished attempt, even if its row was deleted.
const NEWEST: &str = "SELECT seq FROM sqlite_sequence WHERE name = 'attempts'";

fn position(connection: &Connection, cursor: Option<&Cursor>) -> Result<Position> {
    if let Some(cursor) = cursor {
        return Ok(Position::at(cursor));
    }
    let newest = rows::value::<Option<i64>>(connection, NEWEST, [])?;
    Ok(Position::first(newest.flatten().unwrap_or(0)))
}

/// Reads a page of attempts.
pub fn page(connection: &Connection, query: &AttemptQuery, page: &PageRequest) -> Result<Page<Attempt>> {
    let limit = page.limit.get();
    let mut data = Vec::new();
    let below = match position(connection, page.cursor.as_ref())? {
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
