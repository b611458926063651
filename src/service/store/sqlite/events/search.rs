//! Reads events and looks at their data: finds those that concern a person, and gives them whole.
//!
//! There is no index of people: it would hold their data a second time, and would have to be forgotten with it. So a
//! search unpacks every body, a bounded number for a page, and each page tells how many that were.

use rusqlite::{Connection, params};

use super::{Bounds, PackedEvent, columns, deliveries, read};
use crate::{
    domain::{
        event_page::{EventPage, LookedAt},
        page::{Cursor, PageRequest},
        payload::Person,
        query::EventQuery,
        record::Event,
    },
    service::store::{Result, rules::page::within},
};

/// The most rows that a page looks at. Even an unoptimised build looks at so many in 0.16 s (`docs/benchmarks.md`): a
/// search of a long history keeps no reader from others for long, and is far from a client's time limit. The 10,000
/// rows of a list without data would take that build 0.8 s.
pub const MOST_LOOKED_AT: usize = 2_000;

/// How many bytes of data a page unpacks before it answers with what it has. Events have a few hundred bytes, but may
/// have 256 KiB.
const MOST_UNPACKED: usize = 16 << 20;

/// How many bytes a page gives before it ends: its data, and its deliveries at about [`DELIVERY`] each.
const MOST_GIVEN: usize = 4 << 20;
const DELIVERY: usize = 400;

const ALL: &str = concat!(
    "SELECT ",
    columns!(),
    ", e.body, e.given FROM events e CROSS JOIN event_types t ON t.number = e.type
     WHERE ?1 IS NULL AND e.number < ?2 AND e.number >= ?3 ORDER BY e.number DESC"
);
const OF_TYPE: &str = concat!(
    "SELECT ",
    columns!(),
    ", e.body, e.given FROM events e CROSS JOIN event_types t ON t.number = e.type
     WHERE e.type = ?1 AND e.number < ?2 AND e.number >= ?3 ORDER BY e.number DESC"
);

/// Reads a page of events, newest first, with what was looked at.
pub fn page(connection: &Connection, query: &EventQuery, page: &PageRequest) -> Result<EventPage> {
    let person = query.user.as_deref().and_then(Person::of);
    let mut found = Found::default();
    let Some(bounds) = Bounds::of(connection, query, page)? else { return Ok(found.until(None)) };
    let mut statement = connection.prepare_cached(if bounds.event_type.is_some() { OF_TYPE } else { ALL })?;
    let mut rows = statement.query(params![bounds.event_type, bounds.numbers.end, bounds.numbers.start])?;
    let mut last = 0;
    while let Some(row) = rows.next()? {
        if found.is_full(page.limit.get()) {
            return Ok(found.until(Some(Cursor::after(last))));
        }
        let (number, event) = read(row)?;
        last = number;
        found.rows += 1;
        if !within(event.accepted_at, query.since, query.until) {
            continue;
        }
        let body: Option<Vec<u8>> = row.get(8)?;
        let packed = body.map(|body| Ok::<_, rusqlite::Error>((body, row.get(9)?))).transpose()?;
        let event = found.look(PackedEvent { event, number, packed });
        let is_wanted = |person: &Person| event.data.as_ref().is_some_and(|data| person.is_in(data));
        if person.as_ref().is_none_or(is_wanted) {
            found.give(connection, event, number, query.data == Some(true))?;
        }
    }
    Ok(found.until(None))
}

/// What a page has so far.
#[derive(Default)]
struct Found {
    data: Vec<Event>,
    looked_at: LookedAt,
    /// The number of rows, also of those outside of the window.
    rows: usize,
    /// The bytes that were unpacked, and those that are given.
    unpacked: usize,
    given: usize,
}

impl Found {
    fn is_full(&self, limit: usize) -> bool {
        let has_much = self.unpacked >= MOST_UNPACKED || self.given >= MOST_GIVEN;
        self.data.len() == limit || self.rows == MOST_LOOKED_AT || has_much
    }

    /// Unpacks an event. One body that is damaged must not end a search of all others: it is counted.
    fn look(&mut self, packed: PackedEvent) -> Event {
        let bare = packed.event.clone();
        let mut looked_at = LookedAt::one(bare.accepted_at);
        looked_at.without_data = u64::from(packed.packed.is_none());
        let event = packed.unpacked().unwrap_or_else(|_| {
            looked_at.damaged = 1;
            bare
        });
        self.looked_at = self.looked_at.and(looked_at);
        self.unpacked += size(&event);
        event
    }

    /// Adds an event to the page, whole or without its data.
    fn give(&mut self, connection: &Connection, event: Event, number: i64, whole: bool) -> Result<()> {
        if !whole {
            self.data.push(Event { data: None, ..event });
            return Ok(());
        }
        let deliveries = deliveries::of_event(connection, number)?;
        self.given += size(&event) + deliveries.len() * DELIVERY;
        self.data.push(Event { deliveries: Some(deliveries), ..event });
        Ok(())
    }

    fn until(self, next: Option<Cursor>) -> EventPage {
        EventPage { data: self.data, next, looked_at: Some(self.looked_at) }
    }
}

/// The size of an event's data as JSON.
fn size(event: &Event) -> usize {
    event.data.as_ref().map_or(0, |data| data.object().as_str().len())
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::{
            event::EventType,
            ids::EventId,
            page::PageRequest,
            payload::EventData,
            query::EventQuery,
            random::{Random, SystemRandom},
            time::Timestamp,
        },
        service::store::{
            AcceptEvent, Change, Location, Store,
            sqlite::{SqliteStore, connection::rows},
        },
    };

    #[tokio::test]
    async fn a_damaged_body_is_counted_and_ends_no_search() {
        let store = SqliteStore::plain(Location::Memory).unwrap();
        let now = Timestamp::from_seconds(1_795_000_000);
        let random: &dyn Random = &SystemRandom;
        for _ in 0..3 {
            let (id, event_type) = (EventId::new(now, random.bytes()), EventType::USER_UPDATED);
            let data = EventData::example(event_type);
            let event = AcceptEvent { id, event_type, data, occurred_at: None, relayed: None };
            store.accept_event(event, Change::at(now, None)).await.unwrap();
        }
        let damage = "UPDATE events SET body = x'00ff00ff' WHERE number = 2";
        store.write(move |session| rows::execute(&session.connection, damage, [])).await.unwrap();
        let name = EventData::example(EventType::USER_UPDATED).object().to_value()["userFullName"].clone();
        for user in [Some(name.as_str().unwrap().to_owned()), None] {
            let query = EventQuery { user: user.clone(), data: Some(true), ..EventQuery::default() };
            let found = store.search_events(query, PageRequest::default()).await.unwrap();
            let looked_at = found.looked_at.unwrap();
            assert_eq!((looked_at.events, looked_at.without_data, looked_at.damaged), (3, 0, 1));
            assert_eq!(found.data.len(), if user.is_some() { 2 } else { 3 });
            assert_eq!(found.data.iter().filter(|event| event.data.is_some()).count(), 2);
        }
    }
}
