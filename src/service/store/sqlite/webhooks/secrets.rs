//! Reads, replaces and revokes the secrets of a webhook.

use rusqlite::{Connection, Row, params, types::FromSqlError};

use super::row;
use crate::{
    domain::{
        audit::AuditAction,
        ids::WebhookId,
        secret::{PreviousSecret, Secret, Secrets},
        time::Timestamp,
    },
    service::store::{
        Change, Result, StoreError,
        sqlite::{
            access::audit::{self, Target},
            connection::{encryption::Seals, rows},
            writer::session::Session,
        },
    },
};

/// Reads a webhook's live secrets.
pub fn get(connection: &Connection, seals: &Seals, id: WebhookId, now: Timestamp) -> Result<Option<Secrets>> {
    let found = rows::first(
        connection,
        "SELECT secret, previous_secret, previous_expires_at FROM webhooks WHERE id = ?1 AND deleted_at IS NULL",
        params![id],
        |row| read(row, 0, seals, id),
    )?;
    Ok(found.map(|secrets| secrets.live_at(now)))
}

/// Reads `secret, previous_secret, previous_expires_at` of a webhook; the first is column `first`.
pub fn read(row: &Row<'_>, first: usize, seals: &Seals, owner: WebhookId) -> rusqlite::Result<Secrets> {
    let secret = seals.read_secret(owner, row, first)?.ok_or(FromSqlError::InvalidType)?;
    let previous = seals.read_secret(owner, row, first + 1)?.zip(row.get(first + 2)?);
    Ok(Secrets { secret, previous: previous.map(|(secret, expires_at)| PreviousSecret { secret, expires_at }) })
}

/// Reads the live secrets for a person, which the audit log notes.
pub fn show(session: &mut Session, id: WebhookId, change: &Change) -> Result<Option<Secrets>> {
    let found = get(&session.connection, &session.seals, id, change.now)?;
    if found.is_some() {
        note(&session.connection, id, change, AuditAction::SecretRead)?;
    }
    Ok(found)
}

fn note(connection: &Connection, id: WebhookId, change: &Change, action: AuditAction) -> Result<()> {
    let name: Option<String> = rows::value(connection, "SELECT name FROM webhooks WHERE id = ?1", params![id])?;
    let target = Target { id: id.to_string(), name: name.as_deref() };
    audit::note(connection, change, action, target, (None, None))
}

/// Replaces the secret; the current one stays valid until `overlap_ends`.
pub fn rotate(
    session: &mut Session,
    id: WebhookId,
    secret: &Secret,
    overlap_ends: Timestamp,
    change: &Change,
) -> Result<()> {
    let now = change.now;
    if let Some(PreviousSecret { expires_at: until, .. }) =
        get(&session.connection, &session.seals, id, now)?.and_then(|it| it.previous)
    {
        return Err(StoreError::RotationUnderWay { id, until });
    }
    let changed = rows::execute(
        &session.connection,
        "UPDATE webhooks SET secret = ?2, previous_secret = CASE WHEN ?3 > ?4 THEN secret END,
            previous_expires_at = CASE WHEN ?3 > ?4 THEN ?3 END, revision = revision + 1, updated_at = ?4
         WHERE id = ?1 AND deleted_at IS NULL",
        params![id, session.seals.secret(id, secret)?, overlap_ends, now],
    )?;
    if changed == 0 {
        return Err(row::not_found(id));
    }
    note(&session.connection, id, change, AuditAction::SecretRotate)
}

/// Ends the overlap of a rotation.
pub fn revoke_previous(session: &mut Session, id: WebhookId, change: &Change) -> Result<()> {
    let now = change.now;
    let row = row::find(&session.connection, &session.seals, id)?;
    let changed = rows::execute(
        &session.connection,
        "UPDATE webhooks SET previous_secret = NULL, previous_expires_at = NULL, revision = revision + 1,
            updated_at = ?2
         WHERE number = ?1 AND previous_expires_at > ?2",
        params![row.number, now],
    )?;
    if changed == 0 {
        return Err(StoreError::NotFound { what: "previous secret of the webhook", id: id.to_string() });
    }
    note(&session.connection, id, change, AuditAction::SecretRevoke)
}
