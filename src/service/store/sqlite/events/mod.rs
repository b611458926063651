//! Stores accepted events with their deliveries, and reads them. Checks of an event's content belong in `domain` and
//! `http`.

pub mod bodies;
pub mod claimed_on_insert;
pub mod find;
pub mod planning;
pub mod recent;
pub mod search;
#[cfg(test)]
pub mod slow;
pub mod subscribers;
pub mod subscriptions;
pub mod types;

use std::{collections::BTreeMap, ops::Range};

use rusqlite::{Connection, Row, params};

use super::{
    connection::rows,
    deliveries::{self, NewDelivery, webhook_queues},
    timeline::{self, Timeline},
    writer::{idempotency, session::Session},
};
use crate::{
    domain::{
        attempt::AttemptKind,
        ids::DeliveryId,
        page::{Cursor, Page, PageRequest},
        query::EventQuery,
        record::{AcceptedEvent, Event, PlannedDelivery},
        time::Timestamp,
        version::Version,
    },
    service::store::{AcceptEvent, Change, EventKey, Result, StoreError, rules::page::within},
};

use bodies::{Frozen, PreparedEvent};
use find::find;
use planning::Plan;
use subscribers::Subscriber;

/// The columns that [`read`] reads: eight.
macro_rules! columns {
    () => {
        "e.number, e.id, t.name, coalesce(e.occurred_at, e.accepted_at), e.accepted_at, e.source, e.sequence,
        (SELECT s.name FROM sources s WHERE s.number = e.source)"
    };
}

use columns;

/// The most rows that a page reads before it answers with what it has.
pub const MOST_LOOKED_AT: usize = 10_000;

/// Accepts an event as planned, once for its idempotency key. None, with nothing done, if the webhooks have changed
/// since the plan.
pub fn accept_as_planned(
    session: &mut Session,
    prepared: &PreparedEvent,
    plan: &Plan,
    change: &Change,
) -> Result<Option<AcceptedEvent>> {
    if !subscriptions::are_at(session, plan.generation, change.now)? {
        return Ok(None);
    }
    idempotency::guarded(session, change, |session| accept(session, prepared, plan, change.now)).map(Some)
}

/// Stores an event and its planned deliveries, or answers as the first time.
fn accept(session: &mut Session, prepared: &PreparedEvent, plan: &Plan, now: Timestamp) -> Result<AcceptedEvent> {
    match accept_new(session, prepared, plan, now)? {
        Some(deliveries) => Ok(AcceptedEvent { id: prepared.event.id, deliveries, warnings: Vec::new() }),
        None => answer_again(&session.connection, prepared),
    }
}

/// Stores an event and its planned deliveries, one for each enabled webhook that wants it. None, with nothing stored, if
/// its id already exists.
pub fn accept_new(
    session: &mut Session,
    prepared: &PreparedEvent,
    plan: &Plan,
    now: Timestamp,
) -> Result<Option<Vec<PlannedDelivery>>> {
    let Some(number) = insert(session, prepared, now)? else { return Ok(None) };
    session.event_space.take_for_event(&session.connection)?;
    let mut bodies = BTreeMap::new();
    for rendered in &plan.bodies {
        bodies.insert(rendered.version, rendered.freeze(session, number, &prepared.row)?);
    }
    let planned = deliver(session, number, prepared, plan, &bodies, now)?;
    session.tally.accepted(prepared.event.event_type, planned.len());
    Ok(Some(planned))
}

/// Stores deliveries of an event with bodies of their own, because it came again with other content.
pub fn deliver_changed(
    session: &mut Session,
    number: i64,
    prepared: &PreparedEvent,
    plan: &Plan,
    now: Timestamp,
) -> Result<Vec<PlannedDelivery>> {
    let mut bodies = BTreeMap::new();
    for rendered in &plan.bodies {
        bodies.insert(rendered.version, rendered.freeze_apart(session, number, &prepared.row)?);
    }
    deliver(session, number, prepared, plan, &bodies, now)
}

/// Stores the planned deliveries of an event.
fn deliver(
    session: &mut Session,
    number: i64,
    prepared: &PreparedEvent,
    plan: &Plan,
    bodies: &BTreeMap<Version, Frozen>,
    now: Timestamp,
) -> Result<Vec<PlannedDelivery>> {
    let event = &prepared.event;
    let mut planned = Vec::with_capacity(plan.subscribers.len());
    for subscriber in &plan.subscribers {
        let Subscriber { webhook, id: webhook_id, version, .. } = **subscriber;
        let frozen = bodies.get(&version);
        let new = NewDelivery {
            event: number,
            event_type: event.event_type,
            webhook,
            version: Some(version),
            body: frozen.and_then(|frozen| frozen.key),
            kind: AttemptKind::Event,
            created_at: now,
        };
        let id = match frozen.map(|frozen| claimed_on_insert::claimed(session, event.id, new, subscriber, &frozen.body))
        {
            Some(Ok(Some(id))) => id,
            Some(Err(error)) => return Err(error),
            _ => wait(session, new)?,
        };
        planned.push(PlannedDelivery { id, webhook_id, version: Some(version) });
    }
    Ok(planned)
}

/// Repeats the answer for an event that is already stored.
fn answer_again(connection: &Connection, prepared: &PreparedEvent) -> Result<AcceptedEvent> {
    let (id, source) = (prepared.event.id, prepared.event.source_number());
    let sql = "SELECT number, digest FROM events WHERE id = ?1 AND source = ?2";
    let seen = rows::first(connection, sql, params![id, source], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
    match seen {
        Some((number, digest)) if digest == prepared.digest => {
            let deliveries = deliveries::planned(connection, number)?;
            Ok(AcceptedEvent { id, deliveries, warnings: Vec::new() })
        }
        _ => Err(StoreError::EventIdReused(id.into())),
    }
}

/// Stores a delivery that waits to be claimed.
fn wait(session: &mut Session, new: NewDelivery) -> Result<DeliveryId> {
    let (_, id) = deliveries::insert(session, new, None)?;
    webhook_queues::arrived(&session.connection, new.webhook, new.created_at)?;
    session.work_arrived = true;
    Ok(id)
}

/// Stores an event with its own body and returns its number. None, with nothing stored, if its id already exists.
pub fn insert(session: &Session, prepared: &PreparedEvent, now: Timestamp) -> Result<Option<i64>> {
    let connection = &session.connection;
    let AcceptEvent { id, event_type, data: _, occurred_at, relayed } = &prepared.event;
    let inserted = rows::execute(
        connection,
        "INSERT INTO events (id, source, type, occurred_at, accepted_at, digest, body, given, sequence, dispatched_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
        params![
            id,
            prepared.event.source_number(),
            session.types.number(connection, *event_type)?,
            occurred_at,
            now,
            prepared.digest,
            prepared.row,
            prepared.given,
            relayed.as_ref().and_then(|relayed| relayed.sequence).map(rows::signed),
            relayed.as_ref().and_then(|relayed| relayed.dispatched_at)
        ],
    )?;
    if inserted == 0 {
        return Ok(None);
    }
    let number = connection.last_insert_rowid();
    session.pending.row(Timeline::Events, number, now);
    Ok(Some(number))
}

/// An event whose data is still packed.
pub struct PackedEvent {
    event: Event,
    number: i64,
    /// The packed body of its row, and the order in which its fields were given.
    packed: Option<(Vec<u8>, Option<Vec<u8>>)>,
}

impl PackedEvent {
    /// The event with its data.
    pub fn unpacked(self) -> Result<Event> {
        let PackedEvent { event, number, packed } = self;
        let Some((row, given)) = packed else { return Ok(event) };
        let data = bodies::data(&row, rows::unsigned(number))?.as_given(given.as_deref());
        let data = data.ok_or_else(|| StoreError::Internal(format!("the data of event {} is damaged", event.id)))?;
        Ok(Event { data: Some(data), ..event })
    }
}

/// Reads one event with its deliveries. Fails with `AmbiguousId`.
pub fn get(connection: &Connection, key: &EventKey) -> Result<Option<PackedEvent>> {
    let Some(number) = find(connection, key)? else { return Ok(None) };
    let found = rows::first(
        connection,
        concat!(
            "SELECT ",
            columns!(),
            ", e.body, e.given FROM events e JOIN event_types t ON t.number = e.type
             WHERE e.number = ?1"
        ),
        [number],
        |row| Ok((read(row)?, row.get::<_, Option<Vec<u8>>>(8)?, row.get(9)?)),
    )?;
    let Some(((number, event), body, given)) = found else { return Ok(None) };
    let deliveries = Some(deliveries::of_event(connection, number)?);
    let packed = body.map(|body| (body, given));
    Ok(Some(PackedEvent { event: Event { deliveries, ..event }, number, packed }))
}

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, Event)> {
    let number = row.get(0)?;
    let is_own = row.get::<_, i64>(5)? == 0;
    let event = Event {
        source: row.get(7)?,
        id: row.get(1)?,
        event_type: row.get(2)?,
        sequence: if is_own { Some(rows::unsigned(number)) } else { row.get::<_, Option<i64>>(6)?.map(rows::unsigned) },
        occurred_at: row.get(3)?,
        accepted_at: row.get(4)?,
        data: None,
        deliveries: None,
    };
    Ok((number, event))
}

const ALL: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM events e CROSS JOIN event_types t ON t.number = e.type
     WHERE ?1 IS NULL AND e.number < ?2 AND e.number >= ?3 ORDER BY e.number DESC"
);
const OF_TYPE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM events e CROSS JOIN event_types t ON t.number = e.type
     WHERE e.type = ?1 AND e.number < ?2 AND e.number >= ?3 ORDER BY e.number DESC"
);

/// The rows that may be on a page.
struct Bounds {
    event_type: Option<i64>,
    numbers: Range<i64>,
}

impl Bounds {
    /// None if there was never an event of the type.
    fn of(connection: &Connection, query: &EventQuery, page: &PageRequest) -> Result<Option<Self>> {
        let mut numbers = timeline::numbers(connection, Timeline::Events, query.since, query.until)?;
        numbers.end = page.cursor.as_ref().map_or(i64::MAX, |cursor| cursor.after).min(numbers.end);
        let event_type = match query.event_type {
            None => None,
            Some(event_type) => match types::find(connection, event_type)? {
                None => return Ok(None),
                number => number,
            },
        };
        Ok(Some(Bounds { event_type, numbers }))
    }
}

/// Reads a page of events, newest first, without data.
pub fn page(connection: &Connection, query: &EventQuery, page: &PageRequest) -> Result<Page<Event>> {
    let EventQuery { event_type: _, user: _, data: _, since, until, limit: _, cursor: _ } = query;
    let Some(bounds) = Bounds::of(connection, query, page)? else { return Ok(Page::whole(Vec::new())) };
    let mut statement = connection.prepare_cached(if bounds.event_type.is_some() { OF_TYPE } else { ALL })?;
    let mut rows = statement.query(params![bounds.event_type, bounds.numbers.end, bounds.numbers.start])?;
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
