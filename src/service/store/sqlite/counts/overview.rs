//! Summarises all webhooks and the database without reading the history.

use rusqlite::Connection;

use crate::{
    domain::{health::Standing, time::Timestamp},
    service::{
        metrics::Overview,
        store::{
            Result,
            rules::due::Lane,
            sqlite::{
                connection::{codes::LaneState, rows},
                deliveries::webhook_queues::{self, lane_columns},
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
    for (lane, state, waiting) in rows::all(connection, LANES, [], |row| {
        Ok((webhook_queues::read(row, 0)?, row.get(0)?, rows::unsigned(row.get(5)?)))
    })? {
        add(&mut overview, lane, state, waiting, now);
    }
    overview.oldest_due_at = overview.oldest_due_at.filter(|due_at| *due_at <= now);
    Ok(overview)
}

const LANES: &str = concat!(
    "SELECT ",
    lane_columns!(),
    ", (SELECT count(*) FROM work k WHERE k.webhook = l.webhook AND k.claim IS NULL) FROM lanes l"
);

fn add(overview: &mut Overview, lane: Lane, state: LaneState, waiting: u64, now: Timestamp) {
    match state {
        LaneState::Deleted => {}
        LaneState::Held => {
            overview.disabled += 1;
            overview.held += waiting;
        }
        LaneState::Open => {
            overview.enabled += 1;
            overview.waiting += waiting;
            overview.failing += u64::from(lane.standing == Standing::Failing);
            overview.broken += u64::from(lane.is_broken());
            overview.paused += u64::from(lane.is_held(now));
            overview.oldest_due_at = [overview.oldest_due_at, lane.next_due].into_iter().flatten().min();
        }
    }
}
