//! Stores sources and what comes from them. Which requests are genuine is decided in `service::ingress`.

pub mod kept_plan;
pub mod learning;
pub mod received;
pub mod relay;
pub mod row;
pub mod told;

use rusqlite::{Connection, params};

use super::{
    access::audit::{self, Target},
    connection::{encryption::Seals, rows},
    writer::session::Session,
};
use crate::{
    domain::{
        audit::AuditAction,
        ids::SourceId,
        page::{Page, PageRequest},
        source::{NewSource, Source, SourcePatch, SourceState},
        time::Timestamp,
    },
    service::store::{
        AddSource, Change, Result, StoreError,
        rules::{
            page::cut,
            source::{SourceSettings, StoredSource, audited, noted},
        },
    },
};

use kept_plan::{KeptPlan, Unplanned};
use row::{find, select_sources, show};

/// Reads one source with its details.
pub fn get(connection: &Connection, seals: &Seals, id: SourceId, now: Timestamp) -> Result<Option<Source>> {
    match find(connection, seals, id) {
        Ok(row) => {
            let number = row.number;
            let (sequences, departures) = (told::sequences(connection, number)?, told::departures(connection, number)?);
            Ok(Some(Source { sequences, departures: Some(departures), ..show(connection, row, now)? }))
        }
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads a page of sources, newest first.
pub fn page(
    connection: &Connection,
    seals: &Seals,
    name: Option<&str>,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Page<Source>> {
    let below = page.cursor.as_ref().map_or(i64::MAX, |cursor| cursor.after);
    let sql = select_sources!("AND number < ?1 AND (?2 IS NULL OR name = ?2) ORDER BY number DESC LIMIT ?3");
    let params = params![below, name, page.limit.get() as i64 + 1];
    let found = rows::all(connection, sql, params, |row| row::read(row, seals))?;
    let Page { data, next } = cut(found, page.limit.get(), |row| row.number);
    let data = data.into_iter().map(|row| show(connection, row, now)).collect::<Result<_>>()?;
    Ok(Page { data, next })
}

/// Reads all sources and their generation, unless it is `known`.
pub fn since(connection: &Connection, seals: &Seals, known: Option<i64>) -> Result<Option<(i64, Vec<StoredSource>)>> {
    let generation = rows::value(connection, "SELECT value FROM sequences WHERE name = 'sources'", [])?.unwrap_or(0);
    if known == Some(generation) {
        return Ok(None);
    }
    let all = rows::all(connection, select_sources!(""), [], |row| row::read(row, seals))?;
    Ok(Some((generation, all)))
}

/// Stores a source.
pub fn add(session: &mut Session, add: AddSource, change: &Change) -> Result<Source> {
    let (connection, now) = (&session.connection, change.now);
    let AddSource { id, new } = add;
    let NewSource { name, secret, scheme, enabled, expect_within_seconds, expect_days, time_zone, redeliver_changed } =
        new;
    let sql = "SELECT id FROM sources WHERE name = ?1 AND deleted_at IS NULL";
    if let Some(other) = rows::value(connection, sql, [&name])? {
        return Err(StoreError::SourceNameTaken(other));
    }
    let settings = SourceSettings { expect_within_seconds, expect_days, time_zone, redeliver_changed };
    rows::execute(
        connection,
        "INSERT INTO sources (id, name, enabled, scheme, found, secret, settings, revision, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, '[]', ?5, ?6, 1, ?7, ?7)",
        params![
            id,
            name,
            enabled,
            scheme.to_string(),
            secret.map(|secret| session.seals.sender_secret(id, &secret)).transpose()?,
            rows::to_json(&settings)?,
            now
        ],
    )?;
    let row = find(connection, &session.seals, id)?;
    let entry = (None, Some(noted(&row)));
    audit::note(connection, change, AuditAction::SourceAdd, Target::named(id, &row.name), entry)?;
    show(connection, row, now)
}

/// The kept requests that this patch makes events of, if they are not planned yet. What is wrong with the patch is left
/// to [`update`].
pub fn unplanned(
    session: &mut Session,
    id: SourceId,
    patch: &SourcePatch,
    plan: &KeptPlan,
    now: Timestamp,
) -> Result<Option<Unplanned>> {
    let before = match find(&session.connection, &session.seals, id) {
        Err(StoreError::NotFound { .. }) => return Ok(None),
        found => found?,
    };
    let after = before.clone().patched(patch.clone());
    if before.state() == SourceState::Learning && after.state() == SourceState::Ready {
        return learning::unplanned(session, &after, plan, now);
    }
    Ok(None)
}

/// Changes a source; a patch without a change keeps its revision. Kept requests become events as planned.
pub fn update(
    session: &mut Session,
    id: SourceId,
    patch: SourcePatch,
    expected_revision: Option<i64>,
    plan: &KeptPlan,
    change: &Change,
) -> Result<Source> {
    let before = find(&session.connection, &session.seals, id)?;
    check_revision(&before, expected_revision)?;
    let after = before.clone().patched(patch);
    if after != before {
        write(session, &after, change.now)?;
        let (action, was, is) = audited(&before, &after);
        audit::note(&session.connection, change, action, Target::named(id, &after.name), (was, is))?;
        if before.state() == SourceState::Learning && after.state() == SourceState::Ready {
            learning::deliver_kept(session, &after, plan, change.now)?;
        }
    }
    let row = find(&session.connection, &session.seals, id)?;
    show(&session.connection, row, change.now)
}

fn check_revision(row: &StoredSource, expected: Option<i64>) -> Result<()> {
    match expected {
        Some(expected) if expected != row.revision => Err(StoreError::RevisionMismatch { current: row.revision }),
        _ => Ok(()),
    }
}

/// Writes a changed row.
fn write(session: &Session, row: &StoredSource, now: Timestamp) -> Result<()> {
    let StoredSource { number, id, enabled, scheme, found, secret, settings, .. } = row;
    rows::execute(
        &session.connection,
        "UPDATE sources SET enabled = ?2, scheme = ?3, found = ?4, secret = ?5, settings = ?6, revision = revision + 1,
            updated_at = ?7
         WHERE number = ?1",
        params![
            number,
            enabled,
            scheme.to_string(),
            rows::to_json(found)?,
            secret.as_ref().map(|secret| session.seals.sender_secret(*id, secret)).transpose()?,
            rows::to_json(settings)?,
            now
        ],
    )
    .map(drop)
}

/// Deletes a source with everything that came to it but its events.
pub fn delete(session: &mut Session, id: SourceId, expected_revision: Option<i64>, change: &Change) -> Result<()> {
    let connection = &session.connection;
    let row = find(connection, &session.seals, id)?;
    check_revision(&row, expected_revision)?;
    rows::execute(
        connection,
        "UPDATE sources SET deleted_at = ?2, updated_at = ?2, revision = revision + 1, enabled = FALSE, secret = NULL
         WHERE number = ?1",
        params![row.number, change.now],
    )?;
    for sql in [
        "DELETE FROM received WHERE source = ?1",
        "DELETE FROM refusals WHERE source = ?1",
        "DELETE FROM kept_requests WHERE source = ?1",
        "DELETE FROM departures WHERE source = ?1",
    ] {
        rows::execute(connection, sql, [row.number])?;
    }
    audit::note(connection, change, AuditAction::SourceDelete, Target::named(id, &row.name), (Some(noted(&row)), None))
}
