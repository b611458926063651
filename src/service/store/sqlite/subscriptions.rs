//! Which enabled webhooks want which events, in which version: kept in memory, as every event asks for it.

use std::sync::Arc;

use rusqlite::Connection;
use serde_json::json;

use super::{
    audit::{self, Target},
    rows,
    session::Session,
    taking,
};
use crate::{
    domain::{
        audit::AuditAction,
        event::{EventFilter, EventType},
        ids::WebhookId,
        time::Timestamp,
        version::Version,
    },
    service::store::{Change, Recipient, Result},
};

/// What an event needs to know of a webhook that may want it.
#[derive(Debug, Clone)]
pub(super) struct Subscriber {
    /// The webhook's number.
    pub webhook: i64,
    pub id: WebhookId,
    /// Where and how it is reached; its secrets are those that were live when it was read.
    pub recipient: Arc<Recipient>,
    /// The version in force.
    pub version: Version,
    events: Vec<EventFilter>,
}

/// All enabled webhooks, as they were at a generation.
pub(super) struct Subscriptions {
    generation: i64,
    subscribers: Vec<Arc<Subscriber>>,
}

/// The webhooks that get an event of this type now. Other processes change them too, so the generation is compared
/// within the transaction.
pub(super) fn subscribers(
    session: &mut Session,
    event_type: EventType,
    now: Timestamp,
) -> Result<Vec<Arc<Subscriber>>> {
    let connection = &session.connection;
    let generation =
        rows::value(connection, "SELECT value FROM sequences WHERE name = 'subscriptions'", [])?.unwrap_or(0);
    let known = match session.subscriptions.take().filter(|known| known.generation == generation) {
        Some(known) => known,
        None => Subscriptions { generation, subscribers: read(session, now)? },
    };
    let wants = |subscriber: &&Arc<Subscriber>| subscriber.events.iter().any(|filter| filter.matches(event_type));
    let found = known.subscribers.iter().filter(wants).cloned().collect();
    session.subscriptions = Some(known);
    Ok(found)
}

fn read(session: &Session, now: Timestamp) -> Result<Vec<Arc<Subscriber>>> {
    let connection = &session.connection;
    let global = global_version(connection)?;
    let found = rows::all(
        connection,
        "SELECT number, pinned_version, events FROM webhooks WHERE enabled AND deleted_at IS NULL ORDER BY number",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)),
    )?;
    found
        .into_iter()
        .map(|(webhook, pinned, events)| {
            let (id, recipient) = taking::recipient(session, webhook, now)?;
            let (version, _) = Version::resolve(pinned, global);
            Ok(Arc::new(Subscriber { webhook, id, recipient, version, events: rows::from_json(&events)? }))
        })
        .collect()
}

/// The global version; none when it is not set.
pub(super) fn global_version(connection: &Connection) -> Result<Option<Version>> {
    Ok(rows::value(connection, "SELECT global_version FROM settings", [])?.flatten())
}

/// Sets or clears the global version.
pub(super) fn set_global_version(session: &mut Session, version: Option<Version>, change: &Change) -> Result<()> {
    let connection = &session.connection;
    let shown = |version: Option<Version>| Some(json!({ "globalVersion": version }));
    let before = global_version(connection)?;
    rows::execute(connection, "UPDATE settings SET global_version = ?1", [version])?;
    if before == version {
        return Ok(());
    }
    let values = (shown(before), shown(version));
    audit::note(connection, change, AuditAction::SettingsUpdate, Target::of("settings"), values)
}
