//! All webhooks and the database at a glance, without a look into the history.

use rusqlite::{Connection, params};

use super::rows;
use crate::{
    domain::{
        health::{BREAKER_OPENS_AFTER, Standing},
        time::Timestamp,
    },
    service::store::{Overview, Result},
};

/// One pass over the lanes, and the header of the database.
pub(super) fn read(connection: &Connection, now: Timestamp) -> Result<Overview> {
    let count = |row: &rusqlite::Row<'_>, column| row.get(column).map(rows::unsigned);
    let lanes = rows::first(
        connection,
        "SELECT coalesce(sum(waiting) FILTER (WHERE state = 1), 0), coalesce(sum(waiting) FILTER (WHERE state = 0), 0),
            min(next_due) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 1),
            count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1 AND standing = ?2),
            count(*) FILTER (WHERE state = 1 AND failures >= ?3),
            count(*) FILTER (WHERE state = 1 AND max(coalesce(asked_until, ?1), coalesce(paused_until, ?1)) > ?1)
         FROM lanes",
        params![now, Standing::Failing, BREAKER_OPENS_AFTER],
        |row| {
            Ok(Overview {
                waiting: count(row, 0)?,
                held: count(row, 1)?,
                oldest_due_at: row.get::<_, Option<Timestamp>>(2)?.filter(|due_at| *due_at <= now),
                enabled: count(row, 3)?,
                disabled: count(row, 4)?,
                failing: count(row, 5)?,
                broken: count(row, 6)?,
                paused: count(row, 7)?,
                ..Overview::default()
            })
        },
    )?;
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0)).map(rows::unsigned);
    let page = pragma("page_size")?;
    Ok(Overview {
        bytes: pragma("page_count")? * page,
        reusable_bytes: pragma("freelist_count")? * page,
        ..lanes.unwrap_or_default()
    })
}
