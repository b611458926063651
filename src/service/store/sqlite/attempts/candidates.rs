//! The numbers of the attempts that pass a query's filters, newest first. However many attempts there are, and however
//! few of them pass: the facets that pass are looked up, and their numbers merged.

use std::{
    collections::{BinaryHeap, VecDeque},
    ops::Range,
};

use rusqlite::{Connection, params};

use super::facet::{Facet, Types};
use crate::{
    domain::query::AttemptQuery,
    service::store::{
        Result,
        sqlite::{connection::rows, events::types},
    },
};

/// How many numbers are read at first; then four times as many each time, as it seems that more are wanted.
const FIRST_READ: usize = 4;
const LARGEST_READ: usize = 256;

/// A query's candidates, one after the other.
pub struct Candidates {
    streams: Vec<Stream>,
    /// The foremost number of each stream, and which stream that is.
    heads: BinaryHeap<(i64, usize)>,
}

/// The attempts of a query that lie in one order in one index.
struct Stream {
    source: Source,
    numbers: Range<i64>,
    ready: VecDeque<i64>,
    read_next: usize,
}

#[derive(Debug, Clone, Copy)]
enum Source {
    All,
    Facet(i64),
    WebhookFacet(i64, i64),
    Delivery(i64),
    Event(i64),
}

impl Candidates {
    /// The attempts with these numbers that pass the query's filters, those by time aside.
    pub fn new(connection: &Connection, query: &AttemptQuery, numbers: &Range<i64>) -> Result<Self> {
        let sources = if numbers.is_empty() { Vec::new() } else { sources(connection, query)? };
        let stream =
            |source| Stream { source, numbers: numbers.clone(), ready: VecDeque::new(), read_next: FIRST_READ };
        let mut streams: Vec<Stream> = sources.into_iter().map(stream).collect();
        let mut heads = BinaryHeap::with_capacity(streams.len());
        for (at, stream) in streams.iter_mut().enumerate() {
            heads.extend(stream.next(connection)?.map(|number| (number, at)));
        }
        Ok(Candidates { streams, heads })
    }

    /// The next number, smaller than all before.
    pub fn next(&mut self, connection: &Connection) -> Result<Option<i64>> {
        let Some((number, at)) = self.heads.pop() else { return Ok(None) };
        self.heads.extend(self.streams[at].next(connection)?.map(|number| (number, at)));
        Ok(Some(number))
    }
}

/// The streams that hold what passes, and some more: a delivery's or an event's attempts are few, and types that were met
/// late share their facets. The caller looks at each.
fn sources(connection: &Connection, query: &AttemptQuery) -> Result<Vec<Source>> {
    let AttemptQuery { webhook, event_id, delivery, status, code, event, kind, .. } = query;
    if let Some(delivery) = delivery {
        let number = rows::value(connection, "SELECT number FROM deliveries WHERE id = ?1", params![delivery])?;
        return Ok(number.map(Source::Delivery).into_iter().collect());
    }
    if let Some(event_id) = event_id {
        let number = rows::value(connection, "SELECT number FROM events WHERE id = ?1", params![event_id])?;
        return Ok(number.map(Source::Event).into_iter().collect());
    }
    let types = match event {
        None => None,
        Some(event) => match types::find(connection, *event)? {
            None => return Ok(Vec::new()),
            number => number.map(Types::of),
        },
    };
    let webhook: Option<Option<i64>> = match webhook {
        None => None,
        Some(id) => Some(rows::value(connection, "SELECT number FROM webhooks WHERE id = ?1", params![id])?),
    };
    match webhook {
        None if status.is_none() && code.is_none() && event.is_none() && kind.is_none() => Ok(vec![Source::All]),
        None => facets(connection, query, None, types, Source::Facet),
        Some(None) => Ok(Vec::new()),
        Some(Some(webhook)) => {
            facets(connection, query, Some(webhook), types, |facet| Source::WebhookFacet(webhook, facet))
        }
    }
}

/// A source for each facet that there is, and that passes: one look into the index a facet.
fn facets(
    connection: &Connection,
    query: &AttemptQuery,
    webhook: Option<i64>,
    types: Option<Types>,
    source: impl Fn(i64) -> Source,
) -> Result<Vec<Source>> {
    let sql = if webhook.is_some() { NEXT_FACET_OF_WEBHOOK } else { NEXT_FACET };
    let mut found = Vec::new();
    let range = types.map_or(0..i64::MAX, Types::facets);
    let mut next = range.start;
    while let Some(facet) = rows::value(connection, sql, params![webhook, next])?.filter(|it| range.contains(it)) {
        if Facet::unpack(facet).is_some_and(|facet| facet.passes(query)) {
            found.push(source(facet));
        }
        next = facet + 1;
    }
    Ok(found)
}

impl Stream {
    fn next(&mut self, connection: &Connection) -> Result<Option<i64>> {
        if self.ready.is_empty() && !self.numbers.is_empty() {
            self.ready = self.read(connection)?.into();
            // What was read is not read again; fewer than asked for means that there is no more.
            self.numbers.end = match self.ready.back() {
                Some(last) if self.ready.len() == self.read_next => *last,
                _ => self.numbers.start,
            };
            self.read_next = (self.read_next * 4).min(LARGEST_READ);
        }
        Ok(self.ready.pop_front())
    }

    fn read(&self, connection: &Connection) -> Result<Vec<i64>> {
        let (sql, one, other) = match self.source {
            Source::All => (ALL, None, None),
            Source::Facet(facet) => (OF_FACET, Some(facet), None),
            Source::WebhookFacet(webhook, facet) => (OF_WEBHOOK_AND_FACET, Some(webhook), Some(facet)),
            Source::Delivery(delivery) => (OF_DELIVERY, Some(delivery), None),
            Source::Event(event) => (OF_EVENT, Some(event), None),
        };
        let most = self.read_next as i64;
        rows::all(connection, sql, params![one, other, self.numbers.start, self.numbers.end, most], |row| row.get(0))
    }
}

const NEXT_FACET: &str = "SELECT facet FROM attempts WHERE ?1 IS NULL AND facet >= ?2 ORDER BY facet LIMIT 1";
const NEXT_FACET_OF_WEBHOOK: &str =
    "SELECT facet FROM attempts WHERE webhook = ?1 AND facet >= ?2 ORDER BY facet LIMIT 1";
const ALL: &str = "SELECT number FROM attempts
    WHERE ?1 IS NULL AND ?2 IS NULL AND number >= ?3 AND number < ?4 ORDER BY number DESC LIMIT ?5";
const OF_FACET: &str = "SELECT number FROM attempts
    WHERE facet = ?1 AND ?2 IS NULL AND number >= ?3 AND number < ?4 ORDER BY number DESC LIMIT ?5";
const OF_WEBHOOK_AND_FACET: &str = "SELECT number FROM attempts
    WHERE webhook = ?1 AND facet = ?2 AND number >= ?3 AND number < ?4 ORDER BY number DESC LIMIT ?5";
const OF_DELIVERY: &str = "SELECT number FROM attempts
    WHERE delivery = ?1 AND ?2 IS NULL AND number >= ?3 AND number < ?4 ORDER BY number DESC LIMIT ?5";
/// Sorts the event's attempts: some ten for each of its deliveries.
const OF_EVENT: &str = "SELECT a.number FROM deliveries d CROSS JOIN attempts a ON a.delivery = d.number
    WHERE d.event = ?1 AND ?2 IS NULL AND a.number >= ?3 AND a.number < ?4 ORDER BY a.number DESC LIMIT ?5";
