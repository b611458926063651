//! Makes a database with a long history quickly: the service delivers a few real events, and their rows are copied with
//! other ids and times, spread over a month, as real deliveries would leave them.

mod blocks;
mod counters;
mod template;

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, types::Value};
use serde_json::json;
use tm_hooks::domain::{
    event::EventType,
    ids::{AttemptId, DeliveryId, EventId, StoredEventId},
    payload::EventData,
    time::Timestamp,
};

use crate::{
    client::Client,
    receiver::{FLAKY, Receiver},
    service::{Service, database},
};
use blocks::Blocks;
use counters::Counters;
use template::Template;

/// The length of the history.
pub const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long requests, answers and bodies are kept.
const BODIES_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);
/// The age of the newest entry, so that its retries are not in the future.
const END: Duration = Duration::from_secs(60);
/// The number of webhooks.
const WEBHOOKS: usize = 20;
/// The number of webhooks that get an event.
const DELIVERIES_AN_EVENT: usize = 4;
/// One of this many deliveries fails first.
const ONE_FAILS_OF: u64 = 10;
/// How long an attempt waits before it starts.
const WAITED: Duration = Duration::from_millis(2);
/// How long an attempt takes.
const TOOK: Duration = Duration::from_millis(3);
/// How long it is until the second attempt.
const RETRY_AFTER: Duration = Duration::from_millis(5500);
/// The longest time for the real deliveries, with one retry each.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes a database with this many attempts in this folder.
pub fn fill(folder: &Path, attempts: u64) -> Result<()> {
    fs::create_dir_all(folder)?;
    deliver_some(folder)?;
    let connection = Connection::open(database(folder))?;
    // Durability is not needed: an interrupted run starts again.
    for pragma in ["journal_mode = DELETE", "journal_mode = OFF", "synchronous = OFF", "cache_size = -262144"] {
        connection.execute_batch(&format!("PRAGMA {pragma}"))?;
    }
    let mut history = History::read(&connection)?;
    connection.execute_batch("BEGIN")?;
    history.forget_the_real()?;
    history.write(attempts)?;
    connection.execute_batch("COMMIT")?;
    Ok(())
}

/// Lets the service deliver an event of each type to every webhook; the last webhook fails first.
fn deliver_some(folder: &Path) -> Result<()> {
    let receiver = Receiver::start()?;
    let service = Service::start(folder)?;
    for number in 1..WEBHOOKS {
        service.add_webhook(&format!("Receiver {number}"), &receiver.url(number))?;
    }
    service.add_webhook("Flaky receiver", &receiver.url(FLAKY as usize))?;
    let mut client = Client::connect(service.address())?;
    let types = EventType::KNOWN.into_iter().filter(|event_type| *event_type != EventType::TEST);
    let mut expected = 0;
    for event_type in types {
        let data = EventData::example(event_type);
        let body = json!({"type": event_type.to_string(), "data": data}).to_string();
        let (status, answer) = client.post("/v1/events", &body)?;
        ensure!(status == 202, "an event was answered with {status}: {answer}");
        expected += WEBHOOKS + 1;
    }
    receiver.take(expected, PATIENCE)?;
    drop(client);
    service.stop().map(drop)
}

/// The rows of one attempt.
struct AttemptRows {
    attempt: Template,
    exchange: Value,
}

/// The rows of a delivery with all of its attempts.
struct DeliveryRows {
    delivery: Template,
    attempts: Vec<AttemptRows>,
}

/// The rows of an event of one type.
struct EventRows {
    code: i64,
    event: Template,
    body: Value,
    succeeded_at_once: DeliveryRows,
    failed_first: DeliveryRows,
}

/// The history that is being written.
struct History<'a> {
    connection: &'a Connection,
    webhooks: Vec<i64>,
    events: Vec<EventRows>,
    counters: Counters<'a>,
    event_times: Blocks<'a>,
    attempt_times: Blocks<'a>,
    written: Written,
}

/// The numbers of written rows.
#[derive(Debug, Clone, Copy, Default)]
struct Written {
    events: u64,
    deliveries: u64,
    attempts: u64,
}

impl<'a> History<'a> {
    /// Reads the rows to copy.
    fn read(connection: &'a Connection) -> Result<Self> {
        let webhooks = column(connection, "SELECT number FROM webhooks ORDER BY number")?;
        let (Some(steady), Some(flaky)) = (webhooks.first(), webhooks.last()) else {
            anyhow::bail!("there are no webhooks");
        };
        let types = column(connection, "SELECT DISTINCT type FROM events")?;
        let read = |code: &i64| EventRows::read(connection, *code, *steady, *flaky);
        Ok(History {
            connection,
            events: types.iter().map(read).collect::<Result<_>>()?,
            counters: Counters::read(connection, *steady, *flaky)?,
            event_times: Blocks::of_events(connection),
            attempt_times: Blocks::of_attempts(connection),
            written: Written::default(),
            webhooks,
        })
    }

    /// Deletes the real deliveries, which are newer than the copies.
    fn forget_the_real(&self) -> Result<()> {
        for table in ["events", "bodies", "deliveries", "attempts", "time_blocks"] {
            self.connection.execute(&format!("DELETE FROM {table}"), [])?;
        }
        self.counters.forget()
    }

    fn write(&mut self, attempts: u64) -> Result<()> {
        let now = Timestamp::from_micros(std::time::UNIX_EPOCH.elapsed()?.as_micros() as i64);
        let span = (MONTH - END).as_micros() as u64;
        while self.written.attempts < attempts {
            let since_begin = Duration::from_micros(
                (u128::from(span) * u128::from(self.written.attempts) / u128::from(attempts)) as u64,
            );
            self.write_event(now.minus(MONTH).plus(since_begin), now)?;
        }
        self.event_times.finish()?;
        self.attempt_times.finish()?;
        self.counters.finish()?;
        let claims = Value::from(self.written.attempts as i64);
        self.connection.execute("UPDATE sequences SET value = ?1 WHERE name = 'claim'", [claims])?;
        Ok(())
    }

    fn write_event(&mut self, at: Timestamp, now: Timestamp) -> Result<()> {
        let mut events = std::mem::take(&mut self.events);
        let index = (self.written.events % events.len() as u64) as usize;
        let written = self.write_rows(&mut events[index], at, now.since(at) < BODIES_KEPT);
        self.events = events;
        written
    }

    fn write_rows(&mut self, rows: &mut EventRows, at: Timestamp, with_bodies: bool) -> Result<()> {
        self.written.events += 1;
        let number = self.written.events as i64;
        let id = EventId::new(at, random(number as u64));
        rows.event.set("number", number)?;
        let id = match id.stored() {
            StoredEventId::Bytes(bytes) => Value::Blob(bytes.to_vec()),
            StoredEventId::Text(text) => Value::Text(text.to_owned()),
        };
        rows.event.set("id", id)?;
        rows.event.set("accepted_at", at.as_micros())?;
        rows.event.set("body", if with_bodies { rows.body.clone() } else { Value::Null })?;
        rows.event.insert(self.connection)?;
        self.event_times.note(number, at)?;
        for place in 0..DELIVERIES_AN_EVENT {
            let webhook = self.webhooks[(number as usize + place * 5) % self.webhooks.len()];
            self.written.deliveries += 1;
            let fails = self.written.deliveries.is_multiple_of(ONE_FAILS_OF);
            let delivery = if fails { &mut rows.failed_first } else { &mut rows.succeeded_at_once };
            self.write_delivery(delivery, &Copied { event: number, code: rows.code, webhook, at, with_bodies })?;
        }
        Ok(())
    }

    fn write_delivery(&mut self, rows: &mut DeliveryRows, copied: &Copied) -> Result<()> {
        let Copied { event, code, webhook, at, with_bodies } = *copied;
        let number = self.written.deliveries as i64;
        let id = DeliveryId::new(at, random(number as u64));
        let last = RETRY_AFTER * (rows.attempts.len() as u32 - 1);
        rows.delivery.set("number", number)?;
        rows.delivery.set("id", id.as_bytes().to_vec())?;
        rows.delivery.set("event", event)?;
        rows.delivery.set("webhook", webhook)?;
        rows.delivery.set("created_at", at.as_micros())?;
        rows.delivery.set("finished_at", at.plus(last + WAITED + TOOK).as_micros())?;
        rows.delivery.insert(self.connection)?;
        let failures = rows.attempts.len() - 1;
        for (index, attempt) in rows.attempts.iter_mut().enumerate() {
            let started_at = at.plus(RETRY_AFTER * index as u32 + WAITED);
            self.counters.count(started_at.plus(TOOK), webhook, code, index < failures)?;
            self.write_attempt(attempt, number, webhook, started_at, with_bodies)?;
        }
        Ok(())
    }

    fn write_attempt(
        &mut self,
        rows: &mut AttemptRows,
        delivery: i64,
        webhook: i64,
        started_at: Timestamp,
        with_bodies: bool,
    ) -> Result<()> {
        self.written.attempts += 1;
        let number = self.written.attempts as i64;
        let id = AttemptId::new(started_at, random(number as u64));
        rows.attempt.set("number", number)?;
        rows.attempt.set("id", id.as_bytes().to_vec())?;
        rows.attempt.set("delivery", delivery)?;
        rows.attempt.set("webhook", webhook)?;
        rows.attempt.set("claim", number)?;
        rows.attempt.set("started_at", started_at.as_micros())?;
        rows.attempt.set("finished_at", started_at.plus(TOOK).as_micros())?;
        rows.attempt.set("exchange", if with_bodies { rows.exchange.clone() } else { Value::Null })?;
        rows.attempt.insert(self.connection)?;
        self.attempt_times.note(number, started_at)?;
        Ok(())
    }
}

/// The values of a copied delivery that differ from its template.
#[derive(Debug, Clone, Copy)]
struct Copied {
    event: i64,
    /// The code of the event's type.
    code: i64,
    webhook: i64,
    at: Timestamp,
    with_bodies: bool,
}

impl EventRows {
    fn read(connection: &Connection, code: i64, steady: i64, flaky: i64) -> Result<Self> {
        let event = Template::read(connection, "events", &format!("type = {code}"))?;
        let number = event.integer("number")?;
        let of = |webhook: i64, attempts| {
            DeliveryRows::read(connection, &format!("event = {number} AND webhook = {webhook}"), attempts)
        };
        Ok(EventRows {
            code,
            succeeded_at_once: of(steady, 1)?,
            failed_first: of(flaky, 2)?,
            body: event.value("body")?,
            event,
        })
    }
}

impl DeliveryRows {
    fn read(connection: &Connection, filter: &str, attempts: usize) -> Result<Self> {
        let delivery = Template::read(connection, "deliveries", filter)?;
        let of_delivery = format!("delivery = {}", delivery.integer("number")?);
        let sql = format!("SELECT number FROM attempts WHERE {of_delivery} ORDER BY number");
        let numbers = column(connection, &sql)?;
        ensure!(numbers.len() == attempts, "a real delivery was tried {} times, not {attempts}", numbers.len());
        let read = |number: &i64| -> Result<AttemptRows> {
            let attempt = Template::read(connection, "attempts", &format!("number = {number}"))?;
            Ok(AttemptRows { exchange: attempt.value("exchange")?, attempt })
        };
        Ok(DeliveryRows { delivery, attempts: numbers.iter().map(read).collect::<Result<_>>()? })
    }
}

/// Returns the numbers that a statement selects.
fn column(connection: &Connection, sql: &str) -> Result<Vec<i64>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>();
    rows.with_context(|| format!("reading {sql}"))
}

/// Returns bytes that differ for every number and look random (splitmix64).
fn random(number: u64) -> [u8; 10] {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes());
    bytes
}
