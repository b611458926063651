//! Pages of attempts: those in flight first, the newest claim before the others; then the finished ones.

use rusqlite::{Connection, params};

use super::{
    attempts::{Numbered, read_finished, read_in_flight, select_finished, select_in_flight},
    candidates::Candidates,
    events::MOST_LOOKED_AT,
    rows,
    timeline::{self, Timeline, within},
};
use crate::{
    domain::{
        attempt::{Attempt, AttemptStatus},
        page::{Cursor, Page, PageRequest},
        query::AttemptQuery,
    },
    service::store::Result,
};

/// How far a list has been read.
///
/// An attempt that ends between two pages leaves those in flight and becomes the newest of the finished. So that it is
/// shown once, the cursor remembers the newest finished number of the first page, and the last claim that was shown
/// in flight: whatever ended since then, and was claimed at or after that one, has been shown or is newer than
/// the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Position {
    /// Only finished attempts with smaller numbers are left; none while there are more in flight.
    below: Option<i64>,
    /// Only claims below this are left of those in flight.
    claims_below: i64,
    /// The newest finished attempt when the list was begun.
    newest: i64,
}

impl Position {
    fn of(connection: &Connection, cursor: Option<&Cursor>) -> Result<Self> {
        let Some(Cursor { after, key }) = cursor else {
            let newest = rows::value::<Option<i64>>(connection, "SELECT max(number) FROM attempts", [])?;
            return Ok(Position { below: None, claims_below: i64::MAX, newest: newest.flatten().unwrap_or(0) });
        };
        let mut parts = key.splitn(2, ',').map(|part| part.parse().ok());
        let (newest, claims_below) = (parts.next().flatten(), parts.next().flatten());
        Ok(match (newest, claims_below) {
            (Some(newest), Some(claims_below)) => Position { below: Some(*after), claims_below, newest },
            (Some(newest), None) => Position { below: None, claims_below: *after, newest },
            (None, _) => Position { below: Some(*after), claims_below: i64::MAX, newest: i64::MAX },
        })
    }

    fn cursor(self) -> Cursor {
        match self.below {
            None => Cursor { after: self.claims_below, key: self.newest.to_string() },
            Some(below) if below <= self.newest => Cursor::after(below),
            Some(below) => Cursor { after: below, key: format!("{},{}", self.newest, self.claims_below) },
        }
    }

    /// Whether a finished attempt was shown in flight before, or is newer than the list.
    fn has_shown(self, found: &Numbered) -> bool {
        found.number > self.newest && found.claim >= self.claims_below
    }
}

/// A page of attempts.
pub(super) fn page(connection: &Connection, query: &AttemptQuery, page: &PageRequest) -> Result<Page<Attempt>> {
    let mut position = Position::of(connection, page.cursor.as_ref())?;
    let limit = page.limit.get();
    let mut data = Vec::new();
    if position.below.is_none() {
        let mut waiting = in_flight(connection, query, position.claims_below)?;
        let more = waiting.len() > limit;
        waiting.truncate(limit);
        if let Some(last) = waiting.last() {
            position.claims_below = last.claim;
        }
        data.extend(waiting.into_iter().map(|found| found.attempt));
        if more {
            return Ok(Page { data, next: Some(position.cursor()) });
        }
        position.below = Some(i64::MAX);
    }
    let next = finished(connection, query, &mut position, limit, &mut data)?;
    Ok(Page { data, next })
}

/// The attempts in flight that pass the filters. They are few: as many as there are requests under way.
fn in_flight(connection: &Connection, query: &AttemptQuery, claims_below: i64) -> Result<Vec<Numbered>> {
    let none_passes = query.code.is_some() || query.status.is_some_and(|status| status != AttemptStatus::Pending);
    if none_passes {
        return Ok(Vec::new());
    }
    let sql = select_in_flight!("WHERE k.claim IS NOT NULL AND k.claim < ?1 ORDER BY k.claim DESC");
    let mut found: Vec<_> = rows::all(connection, sql, [claims_below], |row| Ok(read_in_flight(row)?.0))?;
    found.retain(|found| passes(query, &found.attempt));
    Ok(found)
}

/// Adds finished attempts until the page is full, no more are left, or enough have been looked at. Where the next page
/// starts, if there may be one.
fn finished(
    connection: &Connection,
    query: &AttemptQuery,
    position: &mut Position,
    limit: usize,
    data: &mut Vec<Attempt>,
) -> Result<Option<Cursor>> {
    if query.status == Some(AttemptStatus::Pending) {
        return Ok(None);
    }
    let mut numbers = timeline::numbers(connection, Timeline::Attempts, query.since, query.until)?;
    numbers.end = numbers.end.min(position.below.unwrap_or(i64::MAX));
    let mut candidates = Candidates::new(connection, query, &numbers)?;
    let mut looked_at = 0;
    while let Some(number) = candidates.next(connection)? {
        if data.len() == limit || looked_at == MOST_LOOKED_AT {
            return Ok(Some(position.cursor()));
        }
        looked_at += 1;
        position.below = Some(number);
        let found = rows::first(connection, select_finished!("WHERE a.number = ?1"), params![number], read_finished)?;
        data.extend(
            found
                .filter(|found| !position.has_shown(found) && passes(query, &found.attempt))
                .map(|found| found.attempt),
        );
    }
    Ok(None)
}

/// Whether an attempt passes every filter.
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
