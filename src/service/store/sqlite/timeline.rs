//! Where a time begins in a list that is ordered by number. Times rise with the numbers, but not strictly: attempts
//! are numbered by their end, and clocks are set back. So for each block of numbers, and for blocks of blocks, it is
//! kept between which times its rows lie; every row is looked at besides.

use std::{cell::Cell, ops::Range, time::Duration};

use rusqlite::{Connection, params};

use super::{retention::Budget, rows};
use crate::{domain::time::Timestamp, service::store::Result};

/// A list with numbers of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Timeline {
    /// Attempts, by the time they began.
    Attempts = 1,
    /// Events, by the time they were taken in.
    Events = 2,
}

/// A block has that many numbers, or blocks of the level below.
const BLOCK: i64 = 64;
/// The highest level: its blocks have 262,144 numbers.
const LEVELS: i64 = 3;
/// Times are rounded outwards to this: a busy service writes a block once for many rows.
const GRAIN: Duration = Duration::from_millis(10);

/// The newest block of each list, as wide as it is known to be: most rows need no look into the table.
#[derive(Debug, Default)]
pub(super) struct Newest([Cell<Option<Known>>; 2]);

#[derive(Debug, Clone, Copy)]
struct Known {
    block: i64,
    earliest: i64,
    latest: i64,
}

impl Newest {
    fn of(&self, timeline: Timeline) -> &Cell<Option<Known>> {
        match timeline {
            Timeline::Attempts => &self.0[0],
            Timeline::Events => &self.0[1],
        }
    }
}

/// Notes the time of a new row.
pub(super) fn note(
    connection: &Connection,
    newest: &Newest,
    timeline: Timeline,
    number: i64,
    at: Timestamp,
) -> Result<()> {
    let grain = GRAIN.as_micros() as i64;
    let earliest = at.as_micros().div_euclid(grain) * grain;
    let latest = earliest + grain;
    let known = newest.of(timeline).get().filter(|known| known.block == number / BLOCK);
    if known.is_some_and(|known| known.earliest <= earliest && latest <= known.latest) {
        return Ok(());
    }
    let wider = known.unwrap_or(Known { block: number / BLOCK, earliest, latest });
    let wider = Known { earliest: wider.earliest.min(earliest), latest: wider.latest.max(latest), ..wider };
    newest.of(timeline).set(Some(wider));
    let mut block = number;
    for level in 1..=LEVELS {
        block /= BLOCK;
        let widened = rows::execute(
            connection,
            "INSERT INTO time_blocks (timeline, level, block, earliest, latest) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET earliest = min(earliest, excluded.earliest),
                latest = max(latest, excluded.latest)
             WHERE earliest > excluded.earliest OR latest < excluded.latest",
            params![timeline as i64, level, block, earliest, latest],
        )?;
        if widened == 0 {
            // Then those above are wide enough too.
            break;
        }
    }
    Ok(())
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
        range.start = find(connection, FIRST_BLOCK_SINCE, timeline, since)?.map_or(i64::MAX, |numbers| numbers.start);
    }
    if let Some(until) = until {
        range.end = find(connection, LAST_BLOCK_UNTIL, timeline, until)?.map_or(0, |numbers| numbers.end);
    }
    Ok(range)
}

const FIRST_BLOCK_SINCE: &str = "SELECT block FROM time_blocks
    WHERE timeline = ?1 AND level = ?2 AND block >= ?3 AND block < ?4 AND latest >= ?5 ORDER BY block LIMIT 1";
const LAST_BLOCK_UNTIL: &str = "SELECT block FROM time_blocks
    WHERE timeline = ?1 AND level = ?2 AND block >= ?3 AND block < ?4 AND earliest < ?5 ORDER BY block DESC LIMIT 1";

/// The numbers of the outermost block that a statement finds, from the highest level down. None when it finds nothing.
fn find(connection: &Connection, sql: &str, timeline: Timeline, at: Timestamp) -> Result<Option<Range<i64>>> {
    let mut blocks = 0..i64::MAX;
    let mut found = None;
    for level in (1..=LEVELS).rev() {
        let params = params![timeline as i64, level, blocks.start, blocks.end, at];
        // A block whose own blocks are gone with their rows still says when those were: its numbers are wide enough.
        let Some(block) = rows::value::<i64>(connection, sql, params)? else { break };
        blocks = block * BLOCK..(block + 1) * BLOCK;
        let numbers = BLOCK.pow(u32::try_from(level).unwrap_or(1));
        found = Some(block * numbers..(block + 1) * numbers);
    }
    Ok(found)
}

/// Forgets blocks whose rows are gone: those before `first`, the first number that may have a row. One more is kept at
/// each level, so that what is just before a block's edge is found on every level.
pub(super) fn forget(connection: &Connection, timeline: Timeline, first: i64, budget: &mut Budget) -> Result<()> {
    let mut block = first;
    for level in 1..=LEVELS {
        block /= BLOCK;
        budget.remove(connection, FORGET, params![timeline as i64, level, block - 1, budget.left() as i64])?;
    }
    Ok(())
}

const FORGET: &str = "DELETE FROM time_blocks WHERE timeline = ?1 AND level = ?2 AND block IN (
    SELECT block FROM time_blocks WHERE timeline = ?1 AND level = ?2 AND block < ?3 ORDER BY block LIMIT ?4)";

/// Whether a time is not before `since` and before `until`.
pub(super) fn within(at: Timestamp, since: Option<Timestamp>, until: Option<Timestamp>) -> bool {
    since.is_none_or(|since| at >= since) && until.is_none_or(|until| at < until)
}

#[cfg(test)]
mod tests {
    use super::{super::connection::open_writer, *};
    use crate::service::store::Location;

    #[test]
    fn bounds_are_near_and_never_leave_out_a_row() {
        let connection = open_writer(&Location::Memory, None).unwrap();
        // Two rows a second; now and then one that began a minute before the others, and once the clock is set back.
        let at = |number: i64| {
            let late = if number % 97 == 0 { 60 } else { 0 };
            let set_back = if number > 20_000 { 3600 } else { 0 };
            Timestamp::from_micros(number * 500_000).minus(Duration::from_secs(late + set_back))
        };
        let newest = Newest::default();
        let numbers_made = 1..30_000;
        for number in numbers_made.clone() {
            note(&connection, &newest, Timeline::Events, number, at(number)).unwrap();
        }
        for second in (0..16_000).step_by(331) {
            let moment = Timestamp::from_seconds(second);
            let since = numbers(&connection, Timeline::Events, Some(moment), None).unwrap();
            let until = numbers(&connection, Timeline::Events, None, Some(moment)).unwrap();
            let first = numbers_made.clone().find(|number| at(*number) >= moment);
            let last = numbers_made.clone().rfind(|number| at(*number) < moment);
            match first {
                Some(first) => assert!(since.start <= first && first - since.start <= BLOCK, "{second}: {since:?}"),
                None => assert!(since.start > 30_000 - BLOCK, "{second}: {since:?}"),
            }
            match last {
                Some(last) => assert!(until.end > last && until.end - last <= BLOCK, "{second}: {until:?}"),
                None => assert!(until.end <= BLOCK, "{second}: {until:?}"),
            }
        }
        let other = numbers(&connection, Timeline::Attempts, Some(at(1)), Some(at(100))).unwrap();
        assert!(other.is_empty(), "each list has its own");
    }
}
