//! Caches which enabled webhooks want which events in which version, because every event needs it.

use std::sync::Arc;

use super::subscribers::{Subscriber, Subscriptions};
use crate::{
    domain::{time::Timestamp, version::Version},
    service::store::{
        Result,
        rules::webhook::Wants,
        sqlite::{
            connection::rows,
            webhooks::{
                global_version::global_version,
                recipient::recipient,
                row::{json_column, sources},
            },
            writer::session::Session,
        },
    },
};

/// Whether the webhooks are still those of this generation. Other processes change them, too, so the check is part of
/// the transaction. The current webhooks are shown after the commit.
pub fn are_at(session: &mut Session, generation: Option<i64>, now: Timestamp) -> Result<bool> {
    let current = current(session)?;
    if session.subscriptions.as_ref().is_none_or(|known| known.generation != current) {
        let subscribers = read(session, now)?;
        session.subscriptions = Some(Arc::new(Subscriptions { generation: current, subscribers }));
    }
    Ok(generation == Some(current))
}

/// What is remembered of the webhooks, if it is still true.
pub fn remembered(session: &Session) -> Result<Option<Arc<Subscriptions>>> {
    let current = current(session)?;
    Ok(session.subscriptions.as_ref().filter(|known| known.generation == current).cloned())
}

fn current(session: &Session) -> Result<i64> {
    let sql = "SELECT value FROM sequences WHERE name = 'subscriptions'";
    Ok(rows::value(&session.connection, sql, [])?.unwrap_or(0))
}

fn read(session: &Session, now: Timestamp) -> Result<Vec<Arc<Subscriber>>> {
    let connection = &session.connection;
    let global = global_version(connection)?;
    let found = rows::all(
        connection,
        "SELECT number, pinned_version, events, settings FROM webhooks WHERE enabled AND deleted_at IS NULL ORDER BY number",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, Wants { events: json_column(row, 2)?, sources: sources(row, 3)? })),
    )?;
    found
        .into_iter()
        .map(|(webhook, pinned, wants)| {
            let (id, recipient) = recipient(session, webhook, now)?;
            let (version, _) = Version::resolve(pinned, global);
            Ok(Arc::new(Subscriber { webhook, id, recipient, version, wants }))
        })
        .collect()
}
