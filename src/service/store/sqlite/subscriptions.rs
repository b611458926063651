//! Which enabled webhooks want which events, in which version: kept in memory, as every event asks for it.

use std::sync::Arc;

use super::{
    rows,
    session::Session,
    settings::global_version,
    subscribers::{Subscriber, Subscriptions},
    taking,
};
use crate::{
    domain::{event::EventType, time::Timestamp, version::Version},
    service::store::Result,
};

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
