//! Finds a time in a list that is ordered by number. Times rise with the numbers, but not strictly: attempts are
//! numbered by their end, and clocks are set back. So each block of numbers, and each block of blocks, has the range of
//! its rows' times; the caller still checks every row.

use std::{collections::BTreeMap, ops::Range, time::Duration};

use rusqlite::{Connection, params};

use super::{connection::rows, retention::budget::Budget};
use crate::{domain::time::Timestamp, service::store::Result};

/// A list with its own numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timeline {
    /// Attempts by the time of their start.
    Attempts = 1,
    /// Events by the time of their acceptance.
    Events = 2,
}

/// The size of a block: this many numbers, or blocks of the level below.
const BLOCK: i64 = 64;
/// The highest level, whose blocks have 262,144 numbers.
const LEVELS: i64 = 3;
/// The grain to which times are rounded outwards, so that a busy service writes a block once for many commits.
const GRAIN: Duration = Duration::from_millis(10);

/// The range of a block's times, rounded outwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TimeRange {
    earliest: i64,
    latest: i64,
}

impl TimeRange {
    fn of(at: Timestamp) -> Self {
        let grain = GRAIN.as_micros() as i64;
        let earliest = at.as_micros().div_euclid(grain) * grain;
        TimeRange { earliest, latest: earliest + grain }
    }

    fn with(self, other: TimeRange) -> Self {
        TimeRange { earliest: self.earliest.min(other.earliest), latest: self.latest.max(other.latest) }
    }
}

/// The newest block of each list with its range in the table, so that most rows need no look-up.
#[derive(Debug, Default)]
pub(super) struct Newest(BTreeMap<Timeline, (i64, TimeRange)>);

/// The ranges of new rows that are not in the table yet.
#[derive(Debug, Default)]
pub(super) struct Widened(BTreeMap<(Timeline, i64), TimeRange>);

impl Widened {
    /// Adds the time of a new row.
    pub fn note(&mut self, timeline: Timeline, number: i64, at: Timestamp) {
        self.widen(timeline, number / BLOCK, TimeRange::of(at));
    }

    fn widen(&mut self, timeline: Timeline, block: i64, span: TimeRange) {
        self.0.entry((timeline, block)).and_modify(|known| *known = known.with(span)).or_insert(span);
    }

    /// Adds other ranges.
    pub fn merge(&mut self, other: Widened) {
        for ((timeline, block), span) in other.0 {
            self.widen(timeline, block, span);
        }
    }

    /// Writes each block once, from the lowest level up to where blocks are already wide enough.
    pub fn store(mut self, connection: &Connection, newest: &mut Newest) -> Result<()> {
        self.0.retain(|(timeline, block), span| match newest.0.get_mut(timeline).filter(|(known, _)| known == block) {
            Some((_, known)) if known.with(*span) == *known => false,
            Some((_, known)) => {
                *known = known.with(*span);
                true
            }
            None => {
                newest.0.insert(*timeline, (*block, *span));
                true
            }
        });
        for level in 1..=LEVELS {
            let mut above = Widened::default();
            for ((timeline, block), TimeRange { earliest, latest }) in self.0 {
                let params = params![timeline as i64, level, block, earliest, latest];
                if rows::execute(connection, WIDEN, params)? > 0 {
                    above.widen(timeline, block / BLOCK, TimeRange { earliest, latest });
                }
            }
            self = above;
        }
        Ok(())
    }
}

const WIDEN: &str = "INSERT INTO time_blocks (timeline, level, block, earliest, latest) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT DO UPDATE SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)
    WHERE earliest > excluded.earliest OR latest < excluded.latest";

/// The range of numbers that contains all rows from `since` up to, but without, `until`.
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

/// The numbers of the first or last block that a statement finds, searched from the highest level down. None if it
/// finds nothing.
fn find(connection: &Connection, sql: &str, timeline: Timeline, at: Timestamp) -> Result<Option<Range<i64>>> {
    let mut blocks = 0..i64::MAX;
    let mut found = None;
    for level in (1..=LEVELS).rev() {
        let params = params![timeline as i64, level, blocks.start, blocks.end, at];
        // A block whose sub-blocks were deleted with their rows still has its range, so its numbers are a valid bound.
        let Some(block) = rows::value::<i64>(connection, sql, params)? else { break };
        blocks = block * BLOCK..(block + 1) * BLOCK;
        let numbers = BLOCK.pow(u32::try_from(level).unwrap_or(1));
        found = Some(block * numbers..(block + 1) * numbers);
    }
    Ok(found)
}

/// Deletes the blocks before `first`, the first number that may have a row. Each level keeps one more, so that a time
/// just before a block's edge is found on all levels.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::store::{Location, sqlite::connection::open_writer};

    #[test]
    fn bounds_are_near_and_never_leave_out_a_row() {
        let connection = open_writer(&Location::Memory, None).unwrap();
        // There are two rows a second; some began a minute before the others, and once the clock is set back.
        let at = |number: i64| {
            let late = if number % 97 == 0 { 60 } else { 0 };
            let set_back = if number > 20_000 { 3600 } else { 0 };
            Timestamp::from_micros(number * 500_000).minus(Duration::from_secs(late + set_back))
        };
        let mut newest = Newest::default();
        let numbers_made = 1..30_000;
        let numbers_made_at_once: Vec<i64> = numbers_made.clone().collect();
        for together in numbers_made_at_once.chunks(7) {
            let mut widened = Widened::default();
            together.iter().for_each(|number| widened.note(Timeline::Events, *number, at(*number)));
            widened.store(&connection, &mut newest).unwrap();
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
