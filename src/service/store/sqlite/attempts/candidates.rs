//! Finds the numbers of the attempts that may match a query, newest first. It looks up the matching facets and merges
//! their numbers, so it stays fast however many attempts there are and however few of them match.

use std::{
    collections::{BinaryHeap, VecDeque},
    ops::Range,
};

use rusqlite::{Connection, params};

use crate::{
    domain::query::AttemptQuery,
    service::store::{
        Result,
        rules::facet::{Facet, Types},
        sqlite::{connection::rows, events::types},
    },
};

/// How many numbers are read first; each further read is four times as large, up to `LARGEST_READ`.
const FIRST_READ: usize = 4;
/// The largest read, in numbers.
const LARGEST_READ: usize = 256;

/// A query's candidates in order.
pub struct Candidates {
    streams: Vec<Stream>,
    /// The next number of each stream with the stream's position.
    heads: BinaryHeap<(i64, usize)>,
}

/// Candidates that one index has in order.
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
    /// The candidates with these numbers that match the query's filters except those by time.
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

    /// The next number, which is smaller than all before it.
    pub fn next(&mut self, connection: &Connection) -> Result<Option<i64>> {
        let Some((number, at)) = self.heads.pop() else { return Ok(None) };
        self.heads.extend(self.streams[at].next(connection)?.map(|number| (number, at)));
        Ok(Some(number))
    }
}

/// The streams that contain all matches and some other attempts: a delivery or an event has few attempts, and late
/// types share their facets. The caller must check each attempt.
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

/// A source for each existing facet that matches, at the cost of one index look-up each.
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
            // The next read continues after the last number; fewer numbers than requested mean that there are no more.
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
/// This statement sorts the event's attempts, about ten for each of its deliveries.
const OF_EVENT: &str = "SELECT a.number FROM deliveries d CROSS JOIN attempts a ON a.delivery = d.number
    WHERE d.event = ?1 AND ?2 IS NULL AND a.number >= ?3 AND a.number < ?4 ORDER BY a.number DESC LIMIT ?5";
