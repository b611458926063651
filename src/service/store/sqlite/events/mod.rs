//! Stores accepted events with their deliveries, and reads them. Checks of an event's content belong in `domain` and
//! `http`.

pub mod bodies;
pub mod claimed_on_insert;
pub mod planning;
pub mod recent;
pub mod subscribers;
pub mod subscriptions;
pub mod types;

use std::collections::BTreeMap;

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
        ids::{DeliveryId, EventId},
        page::{Cursor, Page, PageRequest},
        query::EventQuery,
        record::{AcceptedEvent, Event, PlannedDelivery},
        time::Timestamp,
    },
    service::store::{AcceptEvent, Change, Result, StoreError, rules::page::within},
};

use bodies::Prepared;
use planning::Plan;
use subscribers::Subscriber;

/// The columns that [`read`] reads.
macro_rules! columns {
    () => {
        "e.number, e.id, t.name, coalesce(e.occurred_at, e.accepted_at), e.accepted_at"
    };
}

/// The most rows that a page reads before it answers with what it has.
pub const MOST_LOOKED_AT: usize = 10_000;

/// Accepts an event as planned, once for its idempotency key. None, with nothing done, if the webhooks have changed
/// since the plan.
pub fn accept_as_planned(
    session: &mut Session,
    prepared: &Prepared,
    plan: &Plan,
    change: &Change,
) -> Result<Option<AcceptedEvent>> {
    if !subscriptions::are_at(session, plan.generation, change.now)? {
        return Ok(None);
    }
    idempotency::guarded(session, change, |session| accept(session, prepared, plan, change.now)).map(Some)
}

/// Stores an event and its planned deliveries, one for each enabled webhook that wants it.
pub fn accept(session: &mut Session, prepared: &Prepared, plan: &Plan, now: Timestamp) -> Result<AcceptedEvent> {
    let event = &prepared.event;
    let Some(number) = insert(session, prepared, now)? else {
        return answer_again(&session.connection, prepared);
    };
    session.disk_room.take_for_event(&session.connection)?;
    let mut bodies = BTreeMap::new();
    for rendered in &plan.bodies {
        bodies.insert(rendered.version, rendered.freeze(session, number, &prepared.row)?);
    }
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
    session.tally.accepted(event.event_type, planned.len());
    Ok(AcceptedEvent { id: event.id, deliveries: planned, warnings: Vec::new() })
}

/// Repeats the answer for an event that is already stored.
fn answer_again(connection: &Connection, prepared: &Prepared) -> Result<AcceptedEvent> {
    let AcceptEvent { id, source, .. } = prepared.event;
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
pub fn insert(session: &Session, prepared: &Prepared, now: Timestamp) -> Result<Option<i64>> {
    let connection = &session.connection;
    let AcceptEvent { id, source, event_type, data: _, occurred_at } = &prepared.event;
    let inserted = rows::execute(
        connection,
        "INSERT INTO events (id, source, type, occurred_at, accepted_at, digest, body, given)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        params![
            id,
            source,
            session.types.number(connection, *event_type)?,
            occurred_at,
            now,
            prepared.digest,
            prepared.row,
            prepared.given
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
    /// The packed body of its row, and the order in which its fields were given.
    packed: Option<(Vec<u8>, Option<Vec<u8>>)>,
}

impl PackedEvent {
    /// The event with its data.
    pub fn unpacked(self) -> Result<Event> {
        let PackedEvent { event, packed } = self;
        let Some((row, given)) = packed else { return Ok(event) };
        let data = bodies::data(&row, event.sequence)?.as_given(given.as_deref());
        let data = data.ok_or_else(|| StoreError::Internal(format!("the data of event {} is damaged", event.id)))?;
        Ok(Event { data: Some(data), ..event })
    }
}

/// Reads one event with its deliveries. If several sources use the id, the event without a source comes first.
pub fn get(connection: &Connection, id: EventId) -> Result<Option<PackedEvent>> {
    let found = rows::first(
        connection,
        concat!(
            "SELECT ",
            columns!(),
            ", e.body, e.given FROM events e JOIN event_types t ON t.number = e.type
             WHERE e.id = ?1 ORDER BY e.source LIMIT 1"
        ),
        params![id],
        |row| Ok((read(row)?, row.get::<_, Option<Vec<u8>>>(5)?, row.get(6)?)),
    )?;
    let Some(((number, event), body, given)) = found else { return Ok(None) };
    let deliveries = Some(deliveries::of_event(connection, number)?);
    let packed = body.map(|body| (body, given));
    Ok(Some(PackedEvent { event: Event { deliveries, ..event }, packed }))
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

/// Reads a page of events, newest first, without data.
pub fn page(connection: &Connection, query: &EventQuery, page: &PageRequest) -> Result<Page<Event>> {
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
