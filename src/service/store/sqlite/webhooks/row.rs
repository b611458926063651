//! Reads the row of a webhook.

use rusqlite::{Connection, Row, params};

use super::{global_version, health};
use crate::{
    domain::{ids::WebhookId, time::Timestamp, webhook::Webhook},
    service::store::{
        Result, StoreError,
        rules::webhook::{Facts, StoredWebhook, WebhookSettings},
        sqlite::{
            connection::{encryption::Seals, rows},
            counts::rollups::{self, Counts},
            deliveries::webhook_queues,
        },
    },
};

/// The query that [`read`] reads, for webhooks that are not deleted; conditions follow with `AND`.
macro_rules! select_webhooks {
    ($conditions:literal) => {
        concat!(
            "SELECT w.number, w.id, w.name, w.url, w.events, w.headers, w.enabled, w.disabled_reason,
                w.pinned_version, w.revision, w.created_at, w.updated_at, q.last_attempt_at, w.disabled_at,
                w.settings, ",
            crate::service::store::sqlite::webhooks::health::health_columns!(),
            " FROM webhooks w JOIN webhook_queues q ON q.webhook = w.number WHERE w.deleted_at IS NULL ",
            $conditions
        )
    };
}
pub(crate) use select_webhooks;

/// Reads a row of `select_webhooks`.
pub fn read(row: &Row<'_>, seals: &Seals) -> rusqlite::Result<StoredWebhook> {
    let id = row.get(1)?;
    Ok(StoredWebhook {
        number: row.get(0)?,
        id,
        name: row.get(2)?,
        url: row.get(3)?,
        events: json_column(row, 4)?,
        headers: seals.read_headers(id, row, 5)?,
        enabled: row.get(6)?,
        disabled_reason: row.get(7)?,
        pinned_version: row.get(8)?,
        revision: row.get(9)?,
        created_at: row.get(10)?,
        updated_at: row.get(11)?,
        last_attempt_at: row.get(12)?,
        disabled_at: row.get(13)?,
        settings: json_column(row, 14)?,
        health: health::read(row, 15)?,
    })
}

/// Reads what lies as JSON in a column.
pub fn json_column<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let json = row.get_ref(column)?.as_str()?;
    serde_json::from_str(json).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// Reads the names of the sources that a webhook hears from its settings in a column.
pub fn sources(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Vec<String>>> {
    json_column(row, column).map(|WebhookSettings { sources, scheme: _ }| sources)
}

/// Reads a webhook that is not deleted. Fails with `NotFound`.
pub fn find(connection: &Connection, seals: &Seals, id: WebhookId) -> Result<StoredWebhook> {
    let found = rows::first(connection, select_webhooks!("AND w.id = ?1"), params![id], |row| read(row, seals))?;
    found.ok_or_else(|| not_found(id))
}

/// The error for an unknown webhook.
pub fn not_found(id: WebhookId) -> StoreError {
    StoreError::NotFound { what: "webhook", id: id.to_string() }
}

/// The webhook as the API shows it, with the number of its waiting deliveries.
pub fn show(connection: &Connection, row: StoredWebhook, waiting: u64, now: Timestamp) -> Result<Webhook> {
    let Counts { attempts, failed } = rollups::counts_in_24_h(connection, row.number, now)?;
    Ok(row.shown(Facts { global: global_version::global_version(connection)?, attempts, failed, waiting, now }))
}

/// The webhook as the API shows it. It counts what waits, so it is not for the thread that writes: a million deliveries
/// take some 55 ms.
pub fn show_counted(connection: &Connection, row: StoredWebhook, now: Timestamp) -> Result<Webhook> {
    let waiting = webhook_queues::waiting(connection, row.number)?;
    show(connection, row, waiting, now)
}
