//! Summarises all webhooks and the database without reading the history.

use rusqlite::Connection;

use crate::{
    domain::{health::Standing, time::Timestamp},
    service::{
        metrics::Overview,
        store::{
            Result,
            rules::due::WebhookQueue,
            sqlite::{
                connection::{codes::QueueState, rows},
                deliveries::webhook_queues::{self, queue_columns},
            },
        },
    },
};

/// Reads the webhooks' queues with their waiting deliveries, and the database's header.
pub fn read(connection: &Connection, now: Timestamp) -> Result<Overview> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0)).map(rows::unsigned);
    let page = pragma("page_size")?;
    let mut overview = Overview {
        bytes: pragma("page_count")? * page,
        reusable_bytes: pragma("freelist_count")? * page,
        ..Overview::default()
    };
    for (queue, state, waiting) in rows::all(connection, QUEUES, [], |row| {
        Ok((webhook_queues::read(row, 0)?, row.get(0)?, rows::unsigned(row.get(5)?)))
    })? {
        add(&mut overview, queue, state, waiting, now);
    }
    overview.oldest_due_at = overview.oldest_due_at.filter(|due_at| *due_at <= now);
    Ok(overview)
}

const QUEUES: &str = concat!(
    "SELECT ",
    queue_columns!(),
    ", (SELECT count(*) FROM work k WHERE k.webhook = q.webhook AND k.claim IS NULL) FROM webhook_queues q"
);

fn add(overview: &mut Overview, queue: WebhookQueue, state: QueueState, waiting: u64, now: Timestamp) {
    match state {
        QueueState::Deleted => {}
        QueueState::Held => {
            overview.disabled += 1;
            overview.held += waiting;
        }
        QueueState::Open => {
            overview.enabled += 1;
            overview.waiting += waiting;
            overview.failing += u64::from(queue.standing == Standing::Failing);
            overview.broken += u64::from(queue.is_broken());
            overview.paused += u64::from(queue.is_held(now));
            overview.oldest_due_at = [overview.oldest_due_at, queue.next_due].into_iter().flatten().min();
        }
    }
}
