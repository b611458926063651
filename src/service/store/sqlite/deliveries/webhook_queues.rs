//! A webhook's queue: the time from which its work can be claimed, stored with the work so that a claim finds the
//! webhooks with due work without reading any backlog.

use rusqlite::{Connection, Row, params};

use super::overdue::SPREAD;
use crate::{
    domain::{delivery::DeliveryStatus, time::Timestamp},
    service::store::{
        Result,
        rules::due::WebhookQueue,
        sqlite::{
            connection::{codes::QueueState, rows},
            recoveries::counting,
        },
    },
};

/// The most overdue deliveries that are spread. The webhook's limit of requests in flight paces more than that.
const MOST_SPREAD: i64 = 5_000;
/// The number of deliveries that one transaction cancels.
const CANCELLED_AT_ONCE: i64 = 1_000;

const EARLIEST: &str = "SELECT min(due_at) FROM work WHERE webhook = ?1 AND claim IS NULL";

/// Creates the queue of a new webhook.
pub fn open(connection: &Connection, webhook: i64, state: QueueState) -> Result<()> {
    rows::execute(connection, "INSERT INTO webhook_queues (webhook, state) VALUES (?1, ?2)", params![webhook, state])
        .map(drop)
}

/// The columns that [`read`] reads, of the queue `l`.
macro_rules! queue_columns {
    () => {
        "q.state, q.standing, q.failures, q.next_due, q.held_until"
    };
}
pub(crate) use queue_columns;

/// Reads `queue_columns`, whose first column is `first` of the row.
pub fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<WebhookQueue> {
    Ok(WebhookQueue {
        is_open: row.get::<_, QueueState>(first)? == QueueState::Open,
        standing: row.get(first + 1)?,
        failures: row.get(first + 2)?,
        next_due: row.get(first + 3)?,
        held_until: row.get(first + 4)?,
    })
}

/// Reads the queue of a webhook.
pub fn get(connection: &Connection, webhook: i64) -> Result<Option<WebhookQueue>> {
    let sql = concat!("SELECT ", queue_columns!(), " FROM webhook_queues q WHERE q.webhook = ?1");
    rows::first(connection, sql, [webhook], |row| read(row, 0))
}

/// Counts a webhook's waiting deliveries; a count of rows cannot be wrong. On reading connections abandoned ones count,
/// too.
pub fn waiting(connection: &Connection, webhook: i64) -> Result<u64> {
    let sql = "SELECT count(*) + abandoned(?1) FROM work WHERE webhook = ?1 AND claim IS NULL";
    Ok(rows::unsigned(rows::value(connection, sql, [webhook])?.unwrap_or(0)))
}

/// Records new waiting work, the earliest due at `due_at`.
pub fn arrived(connection: &Connection, webhook: i64, due_at: Timestamp) -> Result<()> {
    rows::execute(
        connection,
        "UPDATE webhook_queues SET next_due = ?2 WHERE webhook = ?1 AND (next_due IS NULL OR next_due > ?2)",
        params![webhook, due_at],
    )
    .map(drop)
}

/// Records that some work no longer waits or waits for another time: looks up the next due time.
pub fn left(connection: &Connection, webhook: i64) -> Result<()> {
    let next_due: Option<Option<Timestamp>> = rows::value(connection, EARLIEST, params![webhook])?;
    set_next_due(connection, webhook, next_due.flatten())
}

/// Records when the earliest work of a queue is due; none if nothing waits.
pub fn set_next_due(connection: &Connection, webhook: i64, next_due: Option<Timestamp>) -> Result<()> {
    rows::execute(
        connection,
        "UPDATE webhook_queues SET next_due = ?2 WHERE webhook = ?1 AND next_due IS NOT ?2",
        params![webhook, next_due],
    )
    .map(drop)
}

/// Holds a webhook's work, allows claims of it again, or marks it for cancelling.
pub fn set_state(connection: &Connection, webhook: i64, state: QueueState) -> Result<()> {
    rows::execute(connection, "UPDATE webhook_queues SET state = ?2 WHERE webhook = ?1", params![webhook, state])
        .map(drop)
}

/// Allows claims of a re-enabled webhook's work: overdue deliveries become due over the next 30 s in their old order.
pub fn reopen(connection: &Connection, webhook: i64, now: Timestamp) -> Result<()> {
    let spread = i64::try_from(SPREAD.as_micros()).unwrap_or(i64::MAX);
    rows::execute(connection, SPREAD_OVERDUE, params![webhook, now, MOST_SPREAD + 1, spread])?;
    set_state(connection, webhook, QueueState::Open)?;
    left(connection, webhook)
}

const SPREAD_OVERDUE: &str = "UPDATE work SET due_at = ?2 + place * ?4 / amount
    FROM (
        SELECT delivery AS overdue, row_number() OVER (ORDER BY due_at, delivery) - 1 AS place, count(*) OVER () AS amount
        FROM (
            SELECT delivery, due_at FROM work WHERE webhook = ?1 AND claim IS NULL AND due_at <= ?2
            ORDER BY due_at, delivery LIMIT ?3
        )
    )
    WHERE delivery = overdue AND amount < ?3";

/// Cancels some of a deleted webhook's waiting work. Returns whether there may be more.
pub fn cancel_some(connection: &Connection, webhook: i64, now: Timestamp) -> Result<bool> {
    let waiting: Vec<i64> = rows::all(
        connection,
        "SELECT delivery FROM work WHERE webhook = ?1 AND claim IS NULL ORDER BY due_at, delivery LIMIT ?2",
        params![webhook, CANCELLED_AT_ONCE],
        |row| row.get(0),
    )?;
    for delivery in &waiting {
        cancel(connection, *delivery, now)?;
    }
    left(connection, webhook)?;
    Ok(waiting.len() as i64 == CANCELLED_AT_ONCE)
}

/// Cancels one delivery. The caller must update the webhook's queue.
pub fn cancel(connection: &Connection, delivery: i64, now: Timestamp) -> Result<()> {
    counting::note_cancelled(connection, delivery, now)?;
    rows::execute(connection, "DELETE FROM work WHERE delivery = ?1", [delivery])?;
    rows::execute(
        connection,
        "UPDATE deliveries SET status = ?2, finished_at = ?3 WHERE number = ?1",
        params![delivery, DeliveryStatus::Cancelled, now],
    )
    .map(drop)
}

/// A deleted webhook with waiting work, which the process that deleted it could not finish cancelling.
pub fn leftovers(connection: &Connection) -> Result<Option<i64>> {
    let sql = "SELECT q.webhook FROM webhook_queues q WHERE q.state = ?1
        AND EXISTS (SELECT 1 FROM work k WHERE k.webhook = q.webhook AND k.claim IS NULL) LIMIT 1";
    rows::value(connection, sql, [QueueState::Deleted])
}

/// Cancels some of such a webhook's work.
pub fn cancel_leftovers(connection: &Connection, now: Timestamp) -> Result<()> {
    leftovers(connection)?.map_or(Ok(()), |webhook| cancel_some(connection, webhook, now).map(drop))
}
