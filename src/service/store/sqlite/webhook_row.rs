//! A webhook as it is stored, and what is shown of it.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::{
    health, lanes,
    rollups::{self, Counts},
    rows,
    sealing::Seals,
    subscriptions::global_version,
};
use crate::{
    domain::{
        event::EventFilter,
        health::{Health, disables_at},
        ids::WebhookId,
        secret::MASK,
        stats::error_rate,
        time::Timestamp,
        version::Version,
        webhook::{DisabledReason, Webhook, WebhookStatus},
    },
    service::store::{Result, StoreError},
};

/// What there is in the tables of a webhook that is not deleted, without its secrets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WebhookRow {
    pub number: i64,
    pub id: WebhookId,
    pub name: String,
    pub url: String,
    pub events: Vec<EventFilter>,
    pub headers: BTreeMap<String, String>,
    pub enabled: bool,
    pub disabled_reason: Option<DisabledReason>,
    pub pinned_version: Option<Version>,
    pub revision: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_attempt_at: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
    pub health: Health,
}

/// What [`read`] reads, of undeleted webhooks; conditions follow with `AND`.
macro_rules! select_webhooks {
    ($conditions:literal) => {
        concat!(
            "SELECT w.number, w.id, w.name, w.url, w.events, w.headers, w.enabled, w.disabled_reason,
                w.pinned_version, w.revision, w.created_at, w.updated_at, l.last_attempt_at, w.disabled_at, ",
            super::health::health_columns!(),
            " FROM webhooks w JOIN lanes l ON l.webhook = w.number WHERE w.deleted_at IS NULL ",
            $conditions
        )
    };
}
pub(super) use select_webhooks;

/// Reads a row of `select_webhooks`.
pub(super) fn read(row: &Row<'_>, seals: &Seals) -> rusqlite::Result<WebhookRow> {
    let id = row.get(1)?;
    Ok(WebhookRow {
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
        health: health::read(row, 14)?,
    })
}

fn json_column<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let json = row.get_ref(column)?.as_str()?;
    serde_json::from_str(json).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// A webhook that is not deleted. Fails with `NotFound`.
pub(super) fn find(connection: &Connection, seals: &Seals, id: WebhookId) -> Result<WebhookRow> {
    let found = rows::first(connection, select_webhooks!("AND w.id = ?1"), params![id], |row| read(row, seals))?;
    found.ok_or_else(|| not_found(id))
}

/// That there is no such webhook.
pub(super) fn not_found(id: WebhookId) -> StoreError {
    StoreError::NotFound { what: "webhook", id: id.to_string() }
}

/// The webhook as the API shows it, its headers masked.
pub(super) fn show(connection: &Connection, row: WebhookRow, now: Timestamp) -> Result<Webhook> {
    let counts = rollups::counts_in_24_h(connection, row.number, now)?;
    let waiting = lanes::waiting(connection, row.number)?;
    Ok(with_counts(row, global_version(connection)?, counts, waiting, now))
}

/// The webhook as the API shows it, given the global version, its counts over 24 h, and how much waits for it.
pub(super) fn with_counts(
    row: WebhookRow,
    global: Option<Version>,
    counts: Counts,
    waiting: u64,
    now: Timestamp,
) -> Webhook {
    let status = row.status();
    let WebhookRow {
        number: _,
        id,
        name,
        url,
        events,
        headers,
        enabled,
        disabled_reason,
        pinned_version,
        revision,
        created_at,
        updated_at,
        last_attempt_at,
        disabled_at,
        health,
    } = row;
    let failing_since = health.failing.as_ref().map(|failing| failing.since);
    let (version, version_source) = Version::resolve(pinned_version, global);
    Webhook {
        id,
        name,
        url,
        events,
        enabled,
        headers: headers.into_keys().map(|name| (name, MASK.to_owned())).collect(),
        pinned_version,
        version,
        version_source,
        status,
        error_rate: error_rate(counts.failed, counts.attempts),
        attempts24h: counts.attempts,
        failed24h: counts.failed,
        pending_deliveries: waiting,
        created_at,
        updated_at,
        last_attempt_at,
        disabled_reason,
        disabled_at,
        failing_since,
        failures_in_a_row: health.failures(),
        disables_at: failing_since.filter(|_| enabled).map(disables_at),
        held_until: health.held_until(now).filter(|_| enabled),
        breaker: health.breaker(),
        revision,
    }
}

impl WebhookRow {
    /// What state it is in.
    pub fn status(&self) -> WebhookStatus {
        match (self.enabled, &self.health.failing) {
            (false, _) => WebhookStatus::Disabled,
            (true, Some(_)) => WebhookStatus::Failing,
            (true, None) => WebhookStatus::Enabled,
        }
    }
}
