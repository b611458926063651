//! Reads attempts: finished ones from the history, those in flight from the work. Writing them belongs in `deliveries`.

pub mod candidates;
pub mod exchange;
pub mod page;

use rusqlite::{Connection, Row, params};

use super::{
    connection::rows,
    deliveries::{max_attempts, webhook_queues},
};
use crate::{
    domain::{
        attempt::{Attempt, AttemptStatus, SentRequest},
        ids::AttemptId,
        time::Timestamp,
    },
    service::store::{Body, Exchange, Result},
};

// Attempts are written with it, too.
pub(super) use crate::service::store::rules::facet;
use facet::Facet;

/// The query that [`read_finished`] reads; conditions follow. Only the newest attempt of a waiting delivery has a next
/// try.
macro_rules! select_finished {
    ($conditions:literal) => {
        concat!(
            "SELECT a.number, a.claim, a.id, d.id, w.id, e.id, d.kind, d.version, a.facet, a.try, a.error,
                a.error_detail, a.started_at, a.finished_at, k.due_at, a.delivery, d.event, ",
            crate::service::store::sqlite::deliveries::webhook_queues::queue_columns!(),
            ", t.name, d.body FROM attempts a JOIN deliveries d ON d.number = a.delivery
             JOIN events e ON e.number = d.event
             JOIN event_types t ON t.number = e.type
             JOIN webhooks w ON w.number = a.webhook
             JOIN webhook_queues q ON q.webhook = a.webhook
             LEFT JOIN work k ON k.delivery = a.delivery AND k.claim IS NULL AND k.try = a.try + 1 ",
            $conditions
        )
    };
}
pub(crate) use select_finished;

/// The query that [`read_in_flight`] reads; conditions on the claim follow.
macro_rules! select_in_flight {
    ($conditions:literal) => {
        concat!(
            "SELECT k.claim, k.attempt, d.id, w.id, e.id, d.kind, d.version, t.name, k.kind, k.try,
                coalesce(k.claimed_at, k.due_at), w.url, d.event, d.body
             FROM work k JOIN deliveries d ON d.number = k.delivery JOIN events e ON e.number = d.event
             JOIN event_types t ON t.number = e.type JOIN webhooks w ON w.number = k.webhook ",
            $conditions
        )
    };
}
pub(crate) use select_in_flight;

/// An attempt and its position in lists.
#[derive(Debug, Clone)]
pub struct Numbered {
    /// The attempt's number; 0 while it is in flight.
    number: i64,
    /// The claim under which it is or was made.
    pub claim: i64,
    pub attempt: Attempt,
    /// The numbers of its event and of its body's row; no row for the event's own body.
    body: (i64, Option<i64>),
}

/// Reads a row of `select_finished`.
pub fn read_finished(row: &Row<'_>) -> rusqlite::Result<Numbered> {
    let facet: i64 = row.get(8)?;
    let Facet { kind, types: _, outcome } =
        Facet::unpack(facet).ok_or(rusqlite::Error::IntegralValueOutOfRange(8, facet))?;
    let (started_at, finished_at): (_, Timestamp) = (row.get(12)?, row.get(13)?);
    let attempt = Attempt {
        id: row.get(2)?,
        delivery_id: row.get(3)?,
        webhook_id: row.get(4)?,
        event_id: row.get(5)?,
        event_type: row.get(22)?,
        kind,
        number: row.get(9)?,
        max_attempts: max_attempts(row.get(6)?).max(row.get(9)?),
        status: if outcome.failed { AttemptStatus::Failed } else { AttemptStatus::Succeeded },
        http_status: outcome.http_status,
        error: row.get(10)?,
        error_detail: row.get(11)?,
        started_at,
        duration_ms: Some(u64::try_from(finished_at.since(started_at).as_millis()).unwrap_or(u64::MAX)),
        next_retry_at: match row.get::<_, Option<Timestamp>>(14)? {
            Some(due_at) => webhook_queues::read(row, 17)?.next_try(due_at),
            None => None,
        },
        version: row.get(7)?,
        request: None,
        response: None,
    };
    Ok(Numbered { number: row.get(0)?, claim: row.get(1)?, attempt, body: (row.get(16)?, row.get(23)?) })
}

/// Reads a row of `select_in_flight`: the attempt and its URL.
pub fn read_in_flight(row: &Row<'_>) -> rusqlite::Result<(Numbered, String)> {
    let attempt = Attempt {
        id: row.get(1)?,
        delivery_id: row.get(2)?,
        webhook_id: row.get(3)?,
        event_id: row.get(4)?,
        event_type: row.get(7)?,
        kind: row.get(8)?,
        number: row.get(9)?,
        max_attempts: max_attempts(row.get(5)?).max(row.get(9)?),
        status: AttemptStatus::Pending,
        http_status: None,
        error: None,
        error_detail: None,
        started_at: row.get(10)?,
        duration_ms: None,
        next_retry_at: None,
        version: row.get(6)?,
        request: None,
        response: None,
    };
    let claim = row.get::<_, Option<i64>>(0)?.unwrap_or(0);
    Ok((Numbered { number: 0, claim, attempt, body: (row.get(12)?, row.get(13)?) }, row.get(11)?))
}

/// An attempt whose exchange and body are still packed.
pub struct PackedAttempt {
    attempt: Attempt,
    exchanged: Option<Exchanged>,
    body: Option<Body>,
}

/// The request and the answer of an attempt.
enum Exchanged {
    /// The packed exchange of an ended attempt.
    Ended(Vec<u8>),
    /// The URL of an attempt in flight.
    InFlight(String),
}

impl PackedAttempt {
    /// The attempt with its unpacked request and answer.
    pub fn unpacked(self) -> Result<Attempt> {
        let PackedAttempt { attempt, exchanged, body } = self;
        let Exchange { url, request_headers: headers, response } = match exchanged {
            None => return Ok(attempt),
            Some(Exchanged::Ended(row)) => exchange::unpacked(&row)?,
            Some(Exchanged::InFlight(url)) => Exchange { url, request_headers: Vec::new(), response: None },
        };
        let body = body.map(|body| body.bytes()).transpose()?;
        let body = body.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Attempt { request: Some(SentRequest { url, headers, body }), response, ..attempt })
    }
}

/// Reads one attempt.
pub fn get(connection: &Connection, id: AttemptId) -> Result<Option<PackedAttempt>> {
    let finished = rows::first(connection, select_finished!("WHERE a.id = ?1"), params![id], read_finished)?;
    let (found, exchanged) = match finished {
        Some(found) => {
            let sql = "SELECT exchange FROM attempts WHERE number = ?1";
            let row: Option<Vec<u8>> = rows::value(connection, sql, [found.number])?.flatten();
            (found, row.map(Exchanged::Ended))
        }
        None => match in_flight(connection, id)? {
            Some((found, url)) => (found, Some(Exchanged::InFlight(url))),
            None => return Ok(None),
        },
    };
    let Numbered { attempt, body: (event, key), .. } = found;
    let (sql, number) = match key {
        None => ("SELECT body FROM events WHERE number = ?1", event),
        Some(key) => ("SELECT body FROM bodies WHERE number = ?1", key),
    };
    let row: Option<Vec<u8>> = rows::value(connection, sql, [number])?.flatten();
    Ok(Some(PackedAttempt { attempt, exchanged, body: row.map(|row| Body::kept(row, rows::unsigned(event))) }))
}

/// Reads an attempt in flight, or one that was cut short and will be made again.
fn in_flight(connection: &Connection, id: AttemptId) -> Result<Option<(Numbered, String)>> {
    let claimed = select_in_flight!("WHERE k.claim IS NOT NULL AND k.attempt = ?1");
    if let Some(found) = rows::first(connection, claimed, params![id], read_in_flight)? {
        return Ok(Some(found));
    }
    let cut_short = select_in_flight!("WHERE k.claim IS NULL AND k.attempt IS NOT NULL AND k.attempt = ?1");
    rows::first(connection, cut_short, params![id], read_in_flight)
}
