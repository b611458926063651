//! Reads what requests need of a webhook.

use std::sync::Arc;

use super::{row::json_column, secrets};
use crate::{
    domain::{ids::WebhookId, time::Timestamp},
    service::store::{
        Recipient, Result, StoreError,
        rules::webhook::WebhookSettings,
        sqlite::{connection::rows, writer::session::Session},
    },
};

/// Reads a webhook's id and recipient, as they are now, by its number.
pub fn recipient(session: &Session, webhook: i64, now: Timestamp) -> Result<(WebhookId, Arc<Recipient>)> {
    let (connection, seals) = (&session.connection, &session.seals);
    let found = rows::first(
        connection,
        "SELECT id, url, headers, secret, previous_secret, previous_expires_at, settings FROM webhooks WHERE number = ?1",
        [webhook],
        |row| {
            let id = row.get(0)?;
            let WebhookSettings { scheme, sources: _ } = json_column(row, 6)?;
            Ok((id, row.get(1)?, seals.read_headers(id, row, 2)?, secrets::read(row, 3, seals, id)?, scheme))
        },
    )?;
    let (id, url, headers, secrets, scheme) =
        found.ok_or_else(|| StoreError::Internal(format!("the webhook number {webhook} is missing")))?;
    Ok((id, Arc::new(Recipient { url, headers, scheme: scheme.unwrap_or_default(), secrets: secrets.live_at(now) })))
}
