//! Stores what a genuine request brought: a new event, one that came before, or a test.

use rusqlite::params;

use super::{received, told};
use crate::{
    domain::{
        event::EventType,
        scheme::Scheme,
        source::{Outcome, ReceivedRequest, RequestAsCame},
        time::Timestamp,
    },
    service::store::{
        Receipt, RelayEvent, Result, StoreError,
        sqlite::{
            connection::rows,
            events::{self, bodies::PreparedEvent, planning::Plan, subscriptions},
            writer::session::Session,
        },
    },
};

/// A genuine event that is ready to be stored.
pub struct PreparedRelay {
    pub prepared: PreparedEvent,
    pub redeliver_changed: bool,
    pub departures: Vec<crate::domain::problem::FieldError>,
    pub narrowed: Option<Vec<Scheme>>,
    /// The body as it is kept if it has changed the event, packed.
    body: Vec<u8>,
}

impl PreparedRelay {
    /// Prepares an event that is accepted now.
    pub fn of(relay: RelayEvent, now: Timestamp) -> Result<Self> {
        let RelayEvent { event, redeliver_changed, departures, narrowed } = relay;
        let body = event.relayed.as_ref().map(|relayed| relayed.body.as_slice()).unwrap_or_default();
        let body = received::packed(&RequestAsCame::of_body(body))?;
        Ok(PreparedRelay { prepared: PreparedEvent::of(event, now), redeliver_changed, departures, narrowed, body })
    }

    fn source(&self) -> i64 {
        self.prepared.event.source_number()
    }
}

/// Relays an event as planned. None, with nothing done, if the webhooks have changed since the plan.
pub fn relay_as_planned(
    session: &mut Session,
    relay: &PreparedRelay,
    plan: &Plan,
    now: Timestamp,
) -> Result<Option<Outcome>> {
    if !subscriptions::are_at(session, plan.generation, now)? {
        return Ok(None);
    }
    if let Some(narrowed) = &relay.narrowed {
        narrow(session, relay.source(), narrowed)?;
    }
    relay_now(session, relay, plan, now).map(Some)
}

/// Stores an event and notes that it came.
pub fn relay_now(session: &mut Session, relay: &PreparedRelay, plan: &Plan, now: Timestamp) -> Result<Outcome> {
    let outcome = take(session, relay, plan, now)?;
    let event = &relay.prepared.event;
    if matches!(outcome, Outcome::Accepted | Outcome::Changed) {
        told::note_departures(&session.connection, relay.source(), event.event_type.as_str(), &relay.departures, now)?;
    }
    let size = event.relayed.as_ref().map_or(0, |relayed| relayed.body.len());
    let received = ReceivedRequest {
        event_id: Some(event.id.to_string()),
        event_type: Some(event.event_type.to_string()),
        sequence: event.relayed.as_ref().and_then(|relayed| relayed.sequence),
        ..ReceivedRequest::taken(now, outcome, size)
    };
    let request = (outcome == Outcome::Changed).then_some(relay.body.as_slice());
    received::note(&session.connection, &Receipt { source: relay.source(), received }, request)?;
    Ok(outcome)
}

fn take(session: &mut Session, relay: &PreparedRelay, plan: &Plan, now: Timestamp) -> Result<Outcome> {
    let prepared = &relay.prepared;
    if prepared.event.event_type == EventType::TEST {
        return Ok(Outcome::Test);
    }
    if events::accept_new(session, prepared, plan, now)?.is_some() {
        return Ok(Outcome::Accepted);
    }
    let sql = "SELECT number, digest FROM events WHERE id = ?1 AND source = ?2";
    let key = params![prepared.event.id, relay.source()];
    let before = rows::first(&session.connection, sql, key, |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
    let (number, digest) = before.ok_or_else(|| StoreError::Internal("a repeated event is missing".to_owned()))?;
    if digest == prepared.digest {
        return Ok(Outcome::Repeated);
    }
    let sql = "INSERT OR IGNORE INTO event_changes (event, digest) VALUES (?1, ?2)";
    if rows::execute(&session.connection, sql, params![number, prepared.digest])? == 0 {
        return Ok(Outcome::Repeated);
    }
    if relay.redeliver_changed {
        events::deliver_changed(session, number, prepared, plan, now)?;
    }
    Ok(Outcome::Changed)
}

/// Leaves the schemes that a request has told apart, as far as others have left them.
fn narrow(session: &Session, source: i64, narrowed: &[Scheme]) -> Result<()> {
    let sql = "SELECT found FROM sources WHERE number = ?1";
    let Some(found): Option<String> = rows::value(&session.connection, sql, [source])? else { return Ok(()) };
    let found: Vec<Scheme> = rows::from_json(&found)?;
    let left: Vec<&Scheme> = found.iter().filter(|scheme| narrowed.contains(scheme)).collect();
    let Some(simplest) = left.first().filter(|_| left.len() < found.len()) else { return Ok(()) };
    let sql = "UPDATE sources SET found = ?2, scheme = ?3 WHERE number = ?1";
    rows::execute(&session.connection, sql, params![source, rows::to_json(&left)?, simplest.to_string()]).map(drop)
}
