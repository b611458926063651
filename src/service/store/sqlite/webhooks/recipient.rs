//! What requests need of a webhook, as it is now.

use std::sync::Arc;

use super::secrets;
use crate::{
    domain::{ids::WebhookId, time::Timestamp},
    service::store::{
        Recipient, Result, StoreError,
        sqlite::{connection::rows, writer::session::Session},
    },
};

/// A webhook and what requests need of it, as it is now, by its number.
pub fn recipient(session: &Session, webhook: i64, now: Timestamp) -> Result<(WebhookId, Arc<Recipient>)> {
    let (connection, seals) = (&session.connection, &session.seals);
    let found = rows::first(
        connection,
        "SELECT id, url, headers, secret, previous_secret, previous_expires_at FROM webhooks WHERE number = ?1",
        [webhook],
        |row| {
            let id = row.get(0)?;
            Ok((id, row.get(1)?, seals.read_headers(id, row, 2)?, secrets::read(row, 3, seals, id)?))
        },
    )?;
    let (id, url, headers, secrets) =
        found.ok_or_else(|| StoreError::Internal(format!("the webhook number {webhook} is missing")))?;
    Ok((id, Arc::new(Recipient { url, headers, secrets: secrets.live_at(now) })))
}
