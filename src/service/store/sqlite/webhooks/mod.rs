//! Stores, changes and deletes webhooks. What a change means is decided in `rules::webhook`.

pub mod global_version;
pub mod health;
pub mod list;
pub mod recipient;
pub mod row;
pub mod secrets;

use rusqlite::{Connection, params};
use serde_json::json;

use super::{
    access::audit::{self, Target},
    connection::{codes::QueueState, encryption::Seals, rows},
    deliveries::webhook_queues,
    writer::session::Session,
};
use crate::{
    domain::{
        audit::AuditAction,
        ids::WebhookId,
        time::Timestamp,
        webhook::{DisabledReason, NewWebhook, Webhook, WebhookPatch},
    },
    service::store::{
        AddWebhook, Change, Result, StoreError,
        rules::webhook::{Consequences, StoredWebhook, WebhookSettings, consequences},
    },
};

use row::{find, show, show_counted};

/// Reads one webhook.
pub fn get(connection: &Connection, seals: &Seals, id: WebhookId, now: Timestamp) -> Result<Option<Webhook>> {
    match find(connection, seals, id) {
        Ok(row) => show_counted(connection, row, now).map(Some),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Stores a webhook.
pub fn add(session: &mut Session, add: AddWebhook, change: &Change) -> Result<Webhook> {
    let now = change.now;
    let connection = &session.connection;
    let AddWebhook { id, new, secret } = add;
    let NewWebhook { name, url, events, enabled, headers, scheme, sources, pinned_version, secret: _ } = new;
    check_name_is_free(connection, &name)?;
    check_sources(connection, sources.as_deref())?;
    let reason = (!enabled).then_some(DisabledReason::Manual);
    let number = rows::insert(
        connection,
        "INSERT INTO webhooks (id, name, url, events, headers, enabled, disabled_reason, pinned_version, secret,
            revision, created_at, updated_at, disabled_at, settings)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?10, CASE WHEN ?6 THEN NULL ELSE ?10 END, ?11)",
        params![
            id,
            name,
            url,
            rows::to_json(&events)?,
            session.seals.headers(id, &headers)?,
            enabled,
            reason,
            pinned_version,
            session.seals.secret(id, &secret)?,
            now,
            rows::to_json(&WebhookSettings { scheme, sources })?
        ],
    )?;
    webhook_queues::open(connection, number, if enabled { QueueState::Open } else { QueueState::Held })?;
    let row = find(connection, &session.seals, id)?;
    audit::note_webhook(connection, change, None, Some(&row))?;
    show(connection, row, 0, now)
}

/// Checks that the sources which a webhook is to hear exist.
fn check_sources(connection: &Connection, names: Option<&[String]>) -> Result<()> {
    for name in names.unwrap_or_default() {
        let sql = "SELECT 1 FROM sources WHERE name = ?1 AND deleted_at IS NULL";
        if rows::value::<i64>(connection, sql, [name])?.is_none() {
            return Err(StoreError::UnknownSource(name.clone()));
        }
    }
    Ok(())
}

fn check_name_is_free(connection: &Connection, name: &str) -> Result<()> {
    let taken = rows::value(connection, "SELECT id FROM webhooks WHERE name = ?1 AND deleted_at IS NULL", [name])?;
    taken.map_or(Ok(()), |id| Err(StoreError::NameTaken { id }))
}

/// Counts a webhook's waiting deliveries; 0 if it does not exist.
pub fn waiting(connection: &Connection, id: WebhookId) -> Result<u64> {
    let number = rows::value(connection, "SELECT number FROM webhooks WHERE id = ?1", params![id])?;
    number.map_or(Ok(0), |number| webhook_queues::waiting(connection, number))
}

/// Changes a webhook; a patch without a change keeps its revision. The answer has the number of `waiting` deliveries
/// that a reader has counted.
pub fn update(
    session: &mut Session,
    id: WebhookId,
    patch: WebhookPatch,
    expected_revision: Option<i64>,
    waiting: u64,
    change: &Change,
) -> Result<Webhook> {
    let now = change.now;
    let before = find(&session.connection, &session.seals, id)?;
    check_revision(&before, expected_revision)?;
    let after = before.clone().patched(patch);
    if after != before {
        if after.name != before.name {
            check_name_is_free(&session.connection, &after.name)?;
        }
        if after.settings.sources != before.settings.sources {
            check_sources(&session.connection, after.settings.sources.as_deref())?;
        }
        write(session, &after, now)?;
        audit::note_webhook(&session.connection, change, Some(&before), Some(&after))?;
        follow(session, after.number, consequences(&before, &after), now)?;
    }
    show(&session.connection, find(&session.connection, &session.seals, id)?, waiting, now)
}

fn follow(session: &mut Session, webhook: i64, consequences: Consequences, now: Timestamp) -> Result<()> {
    let Consequences { fresh_start, reopens, closes } = consequences;
    if fresh_start {
        health::reset(&session.connection, webhook)?;
        session.work_arrived = true;
    }
    if reopens {
        webhook_queues::reopen(&session.connection, webhook, now)?;
    }
    if closes {
        webhook_queues::set_state(&session.connection, webhook, QueueState::Held)?;
    }
    Ok(())
}

fn check_revision(row: &StoredWebhook, expected: Option<i64>) -> Result<()> {
    match expected {
        Some(expected) if expected != row.revision => Err(StoreError::RevisionMismatch { current: row.revision }),
        _ => Ok(()),
    }
}

/// Writes a changed row, without a previous secret whose overlap has ended.
fn write(session: &Session, row: &StoredWebhook, now: Timestamp) -> Result<()> {
    rows::execute(
        &session.connection,
        "UPDATE webhooks SET name = ?2, url = ?3, events = ?4, headers = ?5, enabled = ?6, disabled_reason = ?7,
            pinned_version = ?8, revision = revision + 1, updated_at = ?9,
            disabled_at = CASE WHEN ?6 THEN NULL WHEN enabled THEN ?9 ELSE disabled_at END,
            previous_secret = CASE WHEN previous_expires_at > ?9 THEN previous_secret END,
            previous_expires_at = CASE WHEN previous_expires_at > ?9 THEN previous_expires_at END,
            settings = ?10
         WHERE number = ?1",
        params![
            row.number,
            row.name,
            row.url,
            rows::to_json(&row.events)?,
            session.seals.headers(row.id, &row.headers)?,
            row.enabled,
            row.disabled_reason,
            row.pinned_version,
            now,
            rows::to_json(&row.settings)?
        ],
    )
    .map(drop)
}

/// Disables a webhook for a reason of the service, unless it is already disabled or deleted.
pub fn disable(connection: &Connection, webhook: i64, reason: DisabledReason, now: Timestamp) -> Result<()> {
    let disabled = rows::execute(
        connection,
        "UPDATE webhooks SET enabled = FALSE, disabled_reason = ?2, revision = revision + 1, updated_at = ?3,
            disabled_at = ?3
         WHERE number = ?1 AND enabled AND deleted_at IS NULL",
        params![webhook, reason, now],
    )?;
    if disabled == 0 {
        return Ok(());
    }
    note_disabled(connection, webhook, reason, now)?;
    webhook_queues::set_state(connection, webhook, QueueState::Held)
}

fn note_disabled(connection: &Connection, webhook: i64, reason: DisabledReason, now: Timestamp) -> Result<()> {
    let sql = "SELECT id, name FROM webhooks WHERE number = ?1";
    let found = rows::first(connection, sql, [webhook], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some((id, name)): Option<(WebhookId, String)> = found else { return Ok(()) };
    let before = json!({ "enabled": true, "disabledReason": null });
    let after = json!({ "enabled": false, "disabledReason": reason });
    let target = Target::named(id, &name);
    audit::note(connection, &Change::by_service(now), AuditAction::WebhookDisable, target, (Some(before), Some(after)))
}

/// Deletes a webhook at once, with its secrets and headers. [`cancel_some`] must cancel its pending deliveries, which
/// count as cancelled until then.
pub fn delete(session: &mut Session, id: WebhookId, expected_revision: Option<i64>, change: &Change) -> Result<()> {
    let now = change.now;
    let connection = &session.connection;
    let row = find(connection, &session.seals, id)?;
    check_revision(&row, expected_revision)?;
    rows::execute(
        connection,
        "UPDATE webhooks SET deleted_at = ?2, updated_at = ?2, revision = revision + 1, headers = '{}', secret = x'',
            previous_secret = NULL, previous_expires_at = NULL
         WHERE number = ?1",
        params![row.number, now],
    )?;
    audit::note_webhook(connection, change, Some(&row), None)?;
    webhook_queues::set_state(connection, row.number, QueueState::Deleted)
}

/// Cancels some of a deleted webhook's pending deliveries. Returns whether there may be more.
pub fn cancel_some(session: &mut Session, id: WebhookId, now: Timestamp) -> Result<bool> {
    let deleted = "SELECT number FROM webhooks WHERE id = ?1 AND deleted_at IS NOT NULL";
    match rows::value(&session.connection, deleted, params![id])? {
        Some(webhook) => webhook_queues::cancel_some(&session.connection, webhook, now),
        None => Err(row::not_found(id)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use rusqlite::trace::{TraceEvent, TraceEventCodes};

    use super::*;
    use crate::{
        domain::{event::EventType, patch::Patch, version::Version},
        service::store::{
            IdempotencyKey, Location, Store,
            sqlite::{
                SqliteStore,
                events::slow::{accept, add, now},
            },
        },
    };

    #[tokio::test]
    async fn a_change_does_not_let_the_writer_count_what_waits() {
        /// The statements that the writer has run.
        static WRITTEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let written = || std::mem::take(&mut *WRITTEN.lock().unwrap_or_else(PoisonError::into_inner));
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::plain(Location::File(folder.path().join("hooks.db"))).unwrap();
        let id = add(&store, "Payroll", "*", Version::V1).await;
        for _ in 0..3 {
            accept(&store, EventType::USER_DELETED).await.unwrap();
        }
        let note = |event: TraceEvent<'_>| {
            if let TraceEvent::Stmt(statement, _) = event {
                WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).push(statement.sql().into_owned());
            }
        };
        let watch = move |session: &mut Session| {
            session.connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note))?;
            Ok(())
        };
        store.write(watch).await.unwrap();
        let once = || Some(IdempotencyKey { key: "k".to_owned(), fingerprint: [1; 32] });
        let patch = |name: &str| WebhookPatch {
            name: Patch::Value(name.to_owned()),
            url: Patch::Value("https://receiver.example.com/moved".to_owned()),
            ..WebhookPatch::default()
        };
        let changed = store.update_webhook(id, patch("Moved"), None, Change::at(now(), once())).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.pending_deliveries), ("Moved", 3));
        let statements = written();
        assert!(statements.iter().any(|sql| sql.starts_with("UPDATE webhooks SET name")), "{statements:?}");
        let of_work: Vec<_> = statements.iter().filter(|sql| sql.contains("work")).collect();
        assert!(of_work.is_empty(), "{of_work:?}");

        accept(&store, EventType::USER_DELETED).await.unwrap();
        let again = store.update_webhook(id, patch("Moved"), None, Change::at(now(), once())).await.unwrap();
        assert_eq!(again, changed, "a repeated request has the first answer");
        let same = store.update_webhook(id, patch("Moved"), None, Change::at(now(), None)).await.unwrap();
        assert_eq!((same.revision, same.pending_deliveries), (changed.revision, 4));
    }
}
