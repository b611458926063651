//! Keeps the genuine requests of sources that are learning, and delivers them when the scheme is confirmed.

use rusqlite::params;
use serde_json::json;

use super::{
    kept_plan::{KeptPlan, KeptStep, Unplanned, event},
    received,
    relay::relay_now,
    row::find,
};
use crate::{
    domain::scheme::SchemeChoice,
    domain::{
        audit::AuditAction,
        ids::SourceId,
        scheme::Scheme,
        source::{Outcome, ReceivedRequest, SourceScheme, SourceState},
        time::Timestamp,
    },
    service::store::{
        Change, KeepRequest, Kept, Receipt, Result, SourceRef, content,
        packing::{Dictionary, pack, unpack},
        rules::source::{MOST_KEPT, StoredSource, confirmed},
        sqlite::{
            access::audit::{self, Target},
            connection::rows,
            writer::session::Session,
        },
    },
};

/// A request that is ready to be kept.
pub struct PreparedKeep {
    keep: KeepRequest,
    /// The digest of its body.
    digest: i64,
    /// Its body, packed for its row.
    packed: Vec<u8>,
}

impl PreparedKeep {
    /// Prepares a request.
    pub fn of(keep: KeepRequest) -> Self {
        let (digest, packed) = (content::of_bytes(&keep.body), pack(&keep.body, Dictionary::Bodies));
        PreparedKeep { keep, digest, packed }
    }
}

/// Keeps a request, and delivers what is kept if it confirms the scheme. Nothing is done if that is not planned yet.
pub fn keep(session: &mut Session, keep: &PreparedKeep, plan: &KeptPlan, now: Timestamp) -> Result<KeptStep<Kept>> {
    let PreparedKeep { keep, digest, packed } = keep;
    let KeepRequest { source: SourceRef { number, name: _ }, schemes, body, told: _ } = keep;
    let connection = &session.connection;
    let Some(source) = existing(session, *number)?.filter(|source| source.state() == SourceState::Learning) else {
        return Ok(KeptStep::Done(Kept::NotLearning));
    };
    let sql = "SELECT digest, schemes, body FROM kept_requests WHERE source = ?1 ORDER BY number";
    let kept: Vec<(i64, String, Vec<u8>)> =
        rows::all(connection, sql, [number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if kept.iter().any(|(other, ..)| other == digest) {
        note(session, keep, Outcome::Repeated, now)?;
        return Ok(KeptStep::Done(Kept::Again));
    }
    let explained = kept.iter().map(|(_, schemes, body)| Ok((event(&unpack(body)?)?.id, rows::from_json(schemes)?)));
    let found = confirmed(&explained.collect::<Result<Vec<_>>>()?, event(body)?.id, schemes);
    if found.is_none() && kept.len() as i64 >= MOST_KEPT {
        return Ok(KeptStep::Done(Kept::Full));
    }
    if found.is_some() {
        let requests = kept.into_iter().map(|(digest, _, body)| (digest, body)).chain([(*digest, packed.clone())]);
        let requests = Unplanned { source: source.clone(), requests: requests.collect() };
        if let Some(unplanned) = not_covered(session, requests, plan, now)? {
            return Ok(KeptStep::PlanFirst(Box::new(unplanned)));
        }
    }
    rows::execute(
        &session.connection,
        "INSERT INTO kept_requests (source, digest, at, schemes, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![number, digest, now, rows::to_json(schemes)?, packed],
    )?;
    note(session, keep, Outcome::Kept, now)?;
    match found {
        None => Ok(KeptStep::Done(Kept::Waiting)),
        Some(found) => {
            pin(session, &source, found, plan, now)?;
            Ok(KeptStep::Done(Kept::Confirmed))
        }
    }
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
fn pin(
    session: &mut Session,
    source: &StoredSource,
    found: Vec<Scheme>,
    plan: &KeptPlan,
    now: Timestamp,
) -> Result<()> {
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
    deliver_kept(session, &after, plan, now)
}

/// The kept requests of a source, if they are to become events and are not planned yet.
pub fn unplanned(
    session: &mut Session,
    source: &StoredSource,
    plan: &KeptPlan,
    now: Timestamp,
) -> Result<Option<Unplanned>> {
    let sql = "SELECT digest, body FROM kept_requests WHERE source = ?1 ORDER BY number";
    let requests: Vec<(i64, Vec<u8>)> =
        rows::all(&session.connection, sql, [source.number], |row| Ok((row.get(0)?, row.get(1)?)))?;
    not_covered(session, Unplanned { source: source.clone(), requests }, plan, now)
}

fn not_covered(
    session: &mut Session,
    requests: Unplanned,
    plan: &KeptPlan,
    now: Timestamp,
) -> Result<Option<Unplanned>> {
    let is_planned = requests.requests.is_empty() || plan.covers(session, &requests, now)?;
    Ok((!is_planned).then_some(requests))
}

/// Makes events of the kept requests as planned, in the order in which they came. There are at most a hundred, so this
/// is part of the transaction: no later event comes before them.
pub fn deliver_kept(session: &mut Session, source: &StoredSource, plan: &KeptPlan, now: Timestamp) -> Result<()> {
    let sql = "SELECT digest FROM kept_requests WHERE source = ?1 ORDER BY number";
    let kept: Vec<i64> = rows::all(&session.connection, sql, [source.number], |row| row.get(0))?;
    for digest in kept {
        let (relay, plan) = plan.event(digest)?;
        relay_now(session, relay, plan, now)?;
    }
    rows::execute(&session.connection, "DELETE FROM kept_requests WHERE source = ?1", [source.number]).map(drop)
}
