//! Keeps the genuine requests of sources that are learning, and delivers them when the scheme is confirmed.

use rusqlite::params;
use serde_json::json;

use super::{
    received,
    relay::{PreparedRelay, relay_now},
    row::find,
};
use crate::{
    domain::scheme::SchemeChoice,
    domain::{
        audit::AuditAction,
        ids::SourceId,
        payload,
        scheme::Scheme,
        source::{Incoming, Outcome, ReceivedRequest, SourceScheme, SourceState},
        time::Timestamp,
    },
    service::store::{
        AcceptEvent, Change, KeepRequest, Kept, Receipt, RelayEvent, Relayed, Result, SourceRef, StoreError, content,
        packing::{Dictionary, pack, unpack},
        rules::source::{MOST_KEPT, StoredSource, confirmed},
        sqlite::{
            access::audit::{self, Target},
            connection::rows,
            events::{bodies::Versions, planning::Plan, subscriptions},
            writer::session::Session,
        },
    },
};

/// Keeps a request, and delivers what is kept if it confirms the scheme.
pub fn keep(session: &mut Session, keep: &KeepRequest, now: Timestamp) -> Result<Kept> {
    let KeepRequest { source: SourceRef { number, name: _ }, schemes, body, told: _ } = keep;
    let connection = &session.connection;
    let Some(source) = existing(session, *number)?.filter(|source| source.state() == SourceState::Learning) else {
        return Ok(Kept::NotLearning);
    };
    let sql = "SELECT digest, schemes, body FROM kept_requests WHERE source = ?1 ORDER BY number";
    let kept: Vec<(i64, String, Vec<u8>)> =
        rows::all(connection, sql, [number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let digest = content::of_bytes(body);
    if kept.iter().any(|(other, ..)| *other == digest) {
        note(session, keep, Outcome::Repeated, now)?;
        return Ok(Kept::Again);
    }
    let explained = kept.iter().map(|(_, schemes, body)| Ok((event(&unpack(body)?)?.id, rows::from_json(schemes)?)));
    let found = confirmed(&explained.collect::<Result<Vec<_>>>()?, event(body)?.id, schemes);
    if found.is_none() && kept.len() as i64 >= MOST_KEPT {
        return Ok(Kept::Full);
    }
    rows::execute(
        connection,
        "INSERT INTO kept_requests (source, digest, at, schemes, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![number, digest, now, rows::to_json(schemes)?, pack(body, Dictionary::Bodies)],
    )?;
    note(session, keep, Outcome::Kept, now)?;
    match found {
        None => Ok(Kept::Waiting),
        Some(found) => {
            pin(session, &source, found, now)?;
            Ok(Kept::Confirmed)
        }
    }
}

/// Reads a kept body, which was an envelope when it came.
fn event(body: &[u8]) -> Result<Incoming> {
    Incoming::read(body).map_err(|error| StoreError::Internal(format!("a kept request: {error}")))
}

fn existing(session: &Session, number: i64) -> Result<Option<StoredSource>> {
    let sql = "SELECT id FROM sources WHERE number = ?1 AND deleted_at IS NULL";
    let id: Option<SourceId> = rows::value(&session.connection, sql, [number])?;
    id.map(|id| find(&session.connection, &session.seals, id)).transpose()
}

fn note(session: &Session, keep: &KeepRequest, outcome: Outcome, now: Timestamp) -> Result<()> {
    let KeepRequest { source, schemes: _, body, told } = keep;
    let told = told.clone();
    let received = ReceivedRequest {
        event_id: told.id,
        event_type: told.event_type,
        sequence: told.sequence,
        ..ReceivedRequest::taken(now, outcome, body.len())
    };
    received::note(&session.connection, &Receipt { source: source.number, received }, None)
}

/// Gives the source the schemes that were found, and delivers what is kept.
fn pin(session: &mut Session, source: &StoredSource, found: Vec<Scheme>, now: Timestamp) -> Result<()> {
    let Some(simplest) = found.first().cloned() else { return Ok(()) };
    let after = StoredSource {
        scheme: SourceScheme::Known(SchemeChoice::Text(simplest)),
        found,
        revision: source.revision + 1,
        ..source.clone()
    };
    rows::execute(
        &session.connection,
        "UPDATE sources SET scheme = ?2, found = ?3, revision = ?4, updated_at = ?5 WHERE number = ?1",
        params![source.number, after.scheme.to_string(), rows::to_json(&after.found)?, after.revision, now],
    )?;
    let entry = (Some(json!({ "scheme": source.scheme })), Some(json!({ "scheme": after.scheme })));
    let target = Target::named(source.id, &source.name);
    audit::note(&session.connection, &Change::by_service(now), AuditAction::SourceLearnt, target, entry)?;
    deliver_kept(session, &after, now)
}

/// Makes events of the kept requests, in the order in which they came. There are at most a hundred, so this is part of
/// the transaction: no later event comes before them.
pub fn deliver_kept(session: &mut Session, source: &StoredSource, now: Timestamp) -> Result<()> {
    let sql = "SELECT body FROM kept_requests WHERE source = ?1 ORDER BY number";
    let kept: Vec<Vec<u8>> = rows::all(&session.connection, sql, [source.number], |row| row.get(0))?;
    if kept.is_empty() {
        return Ok(());
    }
    subscriptions::are_at(session, None, now)?;
    for packed in kept {
        let body = unpack(&packed)?;
        let relay = PreparedRelay::of(relayed(source, body)?, now)?;
        let known = session.subscriptions.clone().ok_or_else(|| StoreError::Internal("no webhooks".to_owned()))?;
        let plan = Plan::among(&relay.prepared, &known, &Versions);
        relay_now(session, &relay, &plan, now)?;
    }
    rows::execute(&session.connection, "DELETE FROM kept_requests WHERE source = ?1", [source.number]).map(drop)
}

/// The event of a kept body.
fn relayed(source: &StoredSource, body: Vec<u8>) -> Result<RelayEvent> {
    let incoming = event(&body)?;
    let departures = payload::departures(incoming.event_type, incoming.data.object());
    let Incoming { id, event_type, sequence, dispatched_at, occurred_at, data } = incoming;
    let source_ref = SourceRef { number: source.number, name: source.name.as_str().into() };
    let relayed = Some(Relayed { source: source_ref, body, sequence, dispatched_at });
    let event = AcceptEvent { id, event_type, data, occurred_at, relayed };
    Ok(RelayEvent { event, redeliver_changed: source.settings.redeliver_changed, departures, narrowed: None })
}
