//! The secrets of a webhook.

use rusqlite::{Connection, Row, params};

use super::{rows, session::Session, webhook_row};
use crate::{
    domain::{
        ids::WebhookId,
        secret::{PreviousSecret, Secret, Secrets},
        time::Timestamp,
    },
    service::store::{Result, StoreError},
};

/// A webhook's live secrets.
pub(super) fn get(connection: &Connection, id: WebhookId, now: Timestamp) -> Result<Option<Secrets>> {
    let found = rows::first(
        connection,
        "SELECT secret, previous_secret, previous_expires_at FROM webhooks WHERE id = ?1 AND deleted_at IS NULL",
        params![id],
        |row| read(row, 0),
    )?;
    Ok(found.map(|secrets| secrets.live_at(now)))
}

/// Reads `secret, previous_secret, previous_expires_at`, the first of them in column `first`.
pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Secrets> {
    let (previous, expires_at): (Option<Secret>, Option<Timestamp>) = (row.get(first + 1)?, row.get(first + 2)?);
    let previous = previous.zip(expires_at).map(|(secret, expires_at)| PreviousSecret { secret, expires_at });
    Ok(Secrets { secret: row.get(first)?, previous })
}

/// Replaces the secret; the one in force before stays valid until `overlap_ends`.
pub(super) fn rotate(
    session: &mut Session,
    id: WebhookId,
    secret: &Secret,
    overlap_ends: Timestamp,
    now: Timestamp,
) -> Result<()> {
    let changed = rows::execute(
        &session.connection,
        "UPDATE webhooks SET secret = ?2, previous_secret = CASE WHEN ?3 > ?4 THEN secret END,
            previous_expires_at = CASE WHEN ?3 > ?4 THEN ?3 END, revision = revision + 1, updated_at = ?4
         WHERE id = ?1 AND deleted_at IS NULL",
        params![id, secret, overlap_ends, now],
    )?;
    if changed == 0 { Err(webhook_row::not_found(id)) } else { Ok(()) }
}

/// Ends the overlap of a rotation.
pub(super) fn revoke_previous(session: &mut Session, id: WebhookId, now: Timestamp) -> Result<()> {
    let row = webhook_row::find(&session.connection, id)?;
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
    Ok(())
}
