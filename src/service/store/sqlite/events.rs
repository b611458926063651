//! Taking events in, and reading them.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use rusqlite::{Connection, Row, params};

use super::{
    born,
    deliveries::{self, NewDelivery},
    lanes, rows,
    session::Session,
    subscribers::Subscriber,
    subscriptions,
    timeline::{self, Timeline},
    types,
};
use crate::{
    domain::{
        attempt::AttemptKind,
        ids::{DeliveryId, EventId},
        page::{Cursor, Page, PageRequest},
        payload::{Envelope, EventData, render},
        query::EventQuery,
        record::{AcceptedEvent, Event, PlannedDelivery},
        time::Timestamp,
        version::Version,
    },
    service::store::{AcceptEvent, Result, StoreError, rules::page::within},
};

/// How many rows a page looks at most before it answers with what it has.
pub(super) const MOST_LOOKED_AT: usize = 10_000;

/// Stores an event and a delivery for each enabled webhook that wants it.
pub(super) fn accept(session: &mut Session, event: &AcceptEvent, now: Timestamp) -> Result<AcceptedEvent> {
    let Some(number) = insert(session, event, now)? else { return answer_again(&session.connection, event) };
    session.disk_room.take_for_event(&session.connection)?;
    let subscribers = subscriptions::subscribers(session, event.event_type, now)?;
    let mut bodies = BTreeMap::new();
    for version in subscribers.iter().map(|subscriber| subscriber.version).collect::<BTreeSet<_>>() {
        bodies.insert(version, freeze_body(&session.connection, event, number, version, now)?);
    }
    let mut planned = Vec::with_capacity(subscribers.len());
    for subscriber in subscribers {
        let Subscriber { webhook, id: webhook_id, version, .. } = *subscriber;
        let new = NewDelivery {
            event: number,
            event_type: event.event_type,
            webhook,
            version,
            kind: AttemptKind::Event,
            created_at: now,
        };
        let id = match bodies.get(&version).map(|body| born::claimed(session, event.id, new, &subscriber, body)) {
            Some(Ok(Some(id))) => id,
            Some(Err(error)) => return Err(error),
            _ => wait(session, new)?,
        };
        planned.push(PlannedDelivery { id, webhook_id, version });
    }
    session.tally.accepted(event.event_type, planned.len());
    Ok(AcceptedEvent { id: event.id, deliveries: planned, warnings: Vec::new() })
}

/// What an event that is there already was answered with.
fn answer_again(connection: &Connection, event: &AcceptEvent) -> Result<AcceptedEvent> {
    let seen =
        rows::first(connection, "SELECT number, content_hash FROM events WHERE id = ?1", params![event.id], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?))
        })?;
    match seen {
        Some((number, content_hash)) if content_hash == event.content_hash => {
            let deliveries = deliveries::planned(connection, number)?;
            Ok(AcceptedEvent { id: event.id, deliveries, warnings: Vec::new() })
        }
        _ => Err(StoreError::EventIdReused(event.id)),
    }
}

/// Stores a delivery that waits to be claimed.
fn wait(session: &mut Session, new: NewDelivery) -> Result<DeliveryId> {
    let (_, id) = deliveries::insert(session, new, None)?;
    lanes::arrived(&session.connection, new.webhook, new.created_at)?;
    session.work_arrived = true;
    Ok(id)
}

/// Stores an event with its data; its number. None, and nothing stored, when its id is there already.
pub(super) fn insert(session: &Session, event: &AcceptEvent, now: Timestamp) -> Result<Option<i64>> {
    let connection = &session.connection;
    let AcceptEvent { id, event_type, data, occurred_at, content_hash } = event;
    let inserted = rows::execute(
        connection,
        "INSERT INTO events (id, type, occurred_at, accepted_at, content_hash) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
        params![id, session.types.number(connection, *event_type)?, occurred_at, now, content_hash],
    )?;
    if inserted == 0 {
        return Ok(None);
    }
    let number = connection.last_insert_rowid();
    rows::execute(
        connection,
        "INSERT INTO event_data (event, data) VALUES (?1, ?2)",
        params![number, data.object().as_str()],
    )?;
    session.pending.row(Timeline::Events, number, now);
    Ok(Some(number))
}

/// Renders and stores the body of an event in a version; the body.
pub(super) fn freeze_body(
    connection: &Connection,
    event: &AcceptEvent,
    number: i64,
    version: Version,
    now: Timestamp,
) -> Result<Bytes> {
    let envelope = Envelope {
        id: event.id,
        event_type: event.event_type,
        sequence: rows::unsigned(number),
        occurred_at: event.occurred_at,
        dispatched_at: now,
    };
    let body = render(version, &envelope, &event.data);
    rows::execute(
        connection,
        "INSERT INTO bodies (slot, body) VALUES (?1 * 16 + ?2, ?3)",
        params![number, version, body],
    )?;
    Ok(Bytes::from(body))
}

/// One event with its data and its deliveries.
pub(super) fn get(connection: &Connection, id: EventId) -> Result<Option<Event>> {
    let found = rows::first(
        connection,
        "SELECT e.number, e.id, t.name, e.occurred_at, e.accepted_at FROM events e
            JOIN event_types t ON t.number = e.type WHERE e.id = ?1",
        params![id],
        read,
    )?;
    let Some((number, event)) = found else { return Ok(None) };
    let data: Option<String> = rows::value(connection, "SELECT data FROM event_data WHERE event = ?1", [number])?;
    let data = data.map(|json| rows::from_json::<EventData>(&json)).transpose()?;
    let deliveries = deliveries::of_event(connection, number)?;
    Ok(Some(Event { data, deliveries: Some(deliveries), ..event }))
}

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, Event)> {
    let number = row.get(0)?;
    let event = Event {
        id: row.get(1)?,
        event_type: row.get(2)?,
        sequence: rows::unsigned(number),
        occurred_at: row.get(3)?,
        accepted_at: row.get(4)?,
        data: None,
        deliveries: None,
    };
    Ok((number, event))
}

const ALL: &str = "SELECT e.number, e.id, t.name, e.occurred_at, e.accepted_at
    FROM events e CROSS JOIN event_types t ON t.number = e.type
    WHERE ?1 IS NULL AND e.number < ?2 AND e.number >= ?3 ORDER BY e.number DESC";
const OF_TYPE: &str = "SELECT e.number, e.id, t.name, e.occurred_at, e.accepted_at
    FROM events e CROSS JOIN event_types t ON t.number = e.type
    WHERE e.type = ?1 AND e.number < ?2 AND e.number >= ?3 ORDER BY e.number DESC";

/// A page of events, newest first, without data.
pub(super) fn page(connection: &Connection, query: &EventQuery, page: &PageRequest) -> Result<Page<Event>> {
    let EventQuery { event_type, since, until, limit: _, cursor: _ } = query;
    let numbers = timeline::numbers(connection, Timeline::Events, *since, *until)?;
    let below = page.cursor.as_ref().map_or(i64::MAX, |cursor| cursor.after).min(numbers.end);
    let sql = if event_type.is_some() { OF_TYPE } else { ALL };
    let event_type = match event_type {
        None => None,
        Some(event_type) => match types::find(connection, *event_type)? {
            None => return Ok(Page::whole(Vec::new())),
            number => number,
        },
    };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![event_type, below, numbers.start])?;
    let mut data: Vec<Event> = Vec::new();
    let (mut looked_at, mut last) = (0, 0);
    while let Some(row) = rows.next()? {
        if data.len() == page.limit.get() || looked_at == MOST_LOOKED_AT {
            return Ok(Page { data, next: Some(Cursor::after(last)) });
        }
        let (number, event) = read(row)?;
        (looked_at, last) = (looked_at + 1, number);
        if within(event.accepted_at, *since, *until) {
            data.push(event);
        }
    }
    Ok(Page::whole(data))
}
