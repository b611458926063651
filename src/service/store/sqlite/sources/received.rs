//! Notes what came to sources' addresses, in bounded space, and reads it.

use rusqlite::{Connection, Row, params};

use crate::{
    domain::{
        page::{Page, PageRequest},
        source::{Outcome, ReceivedRequest, RequestAsCame},
        time::Timestamp,
    },
    service::store::{
        Receipt, Result,
        packing::{Dictionary, pack, unpack},
        rules::{
            page::cut,
            source::{REFUSED_KEPT, ReceivedClass},
        },
        sqlite::{connection::rows, retention::budget::Budget},
    },
};

/// One row in this many shortens its ring, so that most rows cost one statement.
const ROWS_A_LOOK: i64 = 32;

/// Notes a request. Its packed content was made by the caller.
pub fn note(connection: &Connection, receipt: &Receipt, request: Option<&[u8]>) -> Result<()> {
    let Receipt { source, received } = receipt;
    let ReceivedRequest {
        received_at,
        outcome,
        status,
        reason,
        event_id,
        event_type,
        sequence,
        size,
        address,
        request: _,
    } = received;
    let class = ReceivedClass::of(*outcome);
    let number = rows::insert(
        connection,
        "INSERT INTO received (source, class, at, outcome, status, reason, event_id, event_type, sequence, size, address,
            request)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            source,
            class,
            received_at,
            outcome.as_str(),
            status,
            reason.map(|reason| reason.as_str()),
            event_id,
            event_type,
            sequence.map(rows::signed),
            rows::signed(*size),
            address,
            request
        ],
    )?;
    if class != ReceivedClass::Taken || number % ROWS_A_LOOK == 0 {
        shorten(connection, *source, class)?;
    }
    Ok(())
}

/// Deletes the oldest rows of a ring that has too many.
fn shorten(connection: &Connection, source: i64, class: ReceivedClass) -> Result<()> {
    let oldest = "SELECT number FROM received WHERE source = ?1 AND class = ?2 ORDER BY number DESC LIMIT 1 OFFSET ?3";
    let Some(last): Option<i64> = rows::value(connection, oldest, params![source, class, class.most()])? else {
        return Ok(());
    };
    let sql = "DELETE FROM received WHERE source = ?1 AND class = ?2 AND number <= ?3";
    rows::execute(connection, sql, params![source, class, last]).map(drop)
}

/// Packs a request for its row.
pub fn packed(request: &RequestAsCame) -> Result<Vec<u8>> {
    Ok(pack(rows::to_json(request)?.as_bytes(), Dictionary::Exchanges))
}

/// Counts refused requests in their hour.
pub fn count_refused(connection: &Connection, source: i64, requests: u64, now: Timestamp) -> Result<()> {
    rows::execute(
        connection,
        "INSERT INTO refusals (source, hour, requests) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET requests = requests + excluded.requests",
        params![source, hour(now), rows::signed(requests)],
    )?;
    let sql = "DELETE FROM refusals WHERE source = ?1 AND hour < ?2";
    rows::execute(connection, sql, [source, hour(now) - 24]).map(drop)
}

fn hour(at: Timestamp) -> i64 {
    at.as_seconds().div_euclid(3600)
}

/// The number of a source's requests that were refused in the running hour and the 23 before it.
pub fn refused_in_24_h(connection: &Connection, source: i64, now: Timestamp) -> Result<u64> {
    let sql = "SELECT coalesce(sum(requests), 0) FROM refusals WHERE source = ?1 AND hour > ?2";
    Ok(rows::unsigned(rows::value(connection, sql, [source, hour(now) - 24])?.unwrap_or(0)))
}

/// When a source's last genuine request came.
pub fn last_genuine_at(connection: &Connection, source: i64) -> Result<Option<Timestamp>> {
    let sql = "SELECT at FROM received WHERE source = ?1 AND class = ?2 ORDER BY number DESC LIMIT 1";
    let of = |class| rows::value::<Timestamp>(connection, sql, params![source, class]);
    Ok(of(ReceivedClass::Taken)?.max(of(ReceivedClass::Changed)?))
}

/// Deletes refused requests that are older than a day.
pub fn forget_refused(connection: &Connection, now: Timestamp, budget: &mut Budget) -> Result<()> {
    let sql = "DELETE FROM received WHERE number IN (
        SELECT number FROM received WHERE class = 2 AND at < ?1 ORDER BY at LIMIT ?2)";
    budget.remove(connection, sql, params![now.minus(REFUSED_KEPT), budget.left() as i64]).map(drop)
}

/// A request whose content is still packed.
pub struct PackedReceived {
    number: i64,
    received: ReceivedRequest,
    packed: Option<Vec<u8>>,
}

impl PackedReceived {
    /// The request with its content.
    pub fn unpacked(self) -> Result<ReceivedRequest> {
        let request = match self.packed {
            Some(packed) => Some(rows::from_json(&String::from_utf8_lossy(&unpack(&packed)?))?),
            None => None,
        };
        Ok(ReceivedRequest { request, ..self.received })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<PackedReceived> {
    let named = |column| row.get::<_, Option<String>>(column);
    let not = |_| rusqlite::types::FromSqlError::InvalidType;
    let received = ReceivedRequest {
        received_at: row.get(1)?,
        outcome: row.get::<_, String>(2)?.parse().map_err(not)?,
        status: row.get(3)?,
        reason: named(4)?.map(|reason| reason.parse().map_err(not)).transpose()?,
        event_id: named(5)?,
        event_type: named(6)?,
        sequence: row.get::<_, Option<i64>>(7)?.map(rows::unsigned),
        size: rows::unsigned(row.get(8)?),
        address: named(9)?,
        request: None,
    };
    Ok(PackedReceived { number: row.get(0)?, received, packed: row.get(10)? })
}

/// Reads a page of what came to a source, newest first, without refused ones that are too old.
pub fn page(
    connection: &Connection,
    source: i64,
    outcome: Option<Outcome>,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Page<PackedReceived>> {
    let below = page.cursor.as_ref().map_or(i64::MAX, |cursor| cursor.after);
    let found = rows::all(
        connection,
        "SELECT number, at, outcome, status, reason, event_id, event_type, sequence, size, address, request
         FROM received WHERE source = ?1 AND number < ?2 AND (?3 IS NULL OR outcome = ?3) AND (class <> 2 OR at > ?4)
         ORDER BY number DESC LIMIT ?5",
        params![
            source,
            below,
            outcome.map(|outcome| outcome.as_str()),
            now.minus(REFUSED_KEPT),
            page.limit.get() as i64 + 1
        ],
        read,
    )?;
    Ok(cut(found, page.limit.get(), |found| found.number))
}
