//! Where a time begins in a list that is ordered by number. Times rise with the numbers, but not strictly: attempts
//! are numbered by their end, and clocks are set back. So for each block of numbers it is kept between which times
//! its rows lie, and every row is looked at besides.

use std::{ops::Range, time::Duration};

use rusqlite::{Connection, params};

use super::rows;
use crate::{domain::time::Timestamp, service::store::Result};

/// A list with numbers of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Timeline {
    /// Attempts, by the time they began.
    Attempts = 1,
    /// Events, by the time they were taken in.
    Events = 2,
}

/// How many numbers a block has.
const BLOCK: i64 = 4096;
/// Times are rounded outwards to this, so that a block is seldom written.
const GRAIN: Duration = Duration::from_secs(60);

/// Notes the time of a new row.
pub(super) fn note(connection: &Connection, timeline: Timeline, number: i64, at: Timestamp) -> Result<()> {
    let grain = GRAIN.as_micros() as i64;
    let earliest = at.as_micros().div_euclid(grain) * grain;
    rows::execute(
        connection,
        "INSERT INTO time_blocks (timeline, block, earliest, latest) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)
         WHERE earliest > excluded.earliest OR latest < excluded.latest",
        params![timeline as i64, number / BLOCK, earliest, earliest + grain],
    )
    .map(drop)
}

/// The numbers between which all rows lie that are not before `since` and before `until`.
pub(super) fn numbers(
    connection: &Connection,
    timeline: Timeline,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
) -> Result<Range<i64>> {
    let mut range = 0..i64::MAX;
    if let Some(since) = since {
        let first: Option<i64> = rows::value(
            connection,
            "SELECT block FROM time_blocks WHERE timeline = ?1 AND latest >= ?2 ORDER BY block LIMIT 1",
            params![timeline as i64, since],
        )?;
        range.start = first.map_or(i64::MAX, |block| block * BLOCK);
    }
    if let Some(until) = until {
        let last: Option<i64> = rows::value(
            connection,
            "SELECT block FROM time_blocks WHERE timeline = ?1 AND earliest < ?2 ORDER BY block DESC LIMIT 1",
            params![timeline as i64, until],
        )?;
        range.end = last.map_or(0, |block| (block + 1) * BLOCK);
    }
    Ok(range)
}

/// Whether a time is not before `since` and before `until`.
pub(super) fn within(at: Timestamp, since: Option<Timestamp>, until: Option<Timestamp>) -> bool {
    since.is_none_or(|since| at >= since) && until.is_none_or(|until| at < until)
}
