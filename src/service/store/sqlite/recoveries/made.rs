//! The bodies that a step of a recovery needs beside the events' own: they are made before the writer's turn.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::{
    domain::version::Version,
    service::store::{
        Result, StoreError,
        sqlite::events::bodies::{self, Rendering, Unrendered},
    },
};

/// Bodies by their event's number and their version, packed for their rows.
pub struct Made(HashMap<(i64, Version), Vec<u8>>);

impl Made {
    /// Makes the bodies of a plan.
    pub fn of(plan: &[Unrendered], rendering: &dyn Rendering) -> Result<Self> {
        let made = plan.iter().map(|it| Ok(((it.event, it.version), it.rendered(rendering)?)));
        made.collect::<Result<_>>().map(Made)
    }

    /// Whether an event's body in this version is neither here nor stored.
    pub fn lacks(&self, connection: &Connection, event: i64, version: Version) -> Result<bool> {
        Ok(version != Version::V1
            && !self.0.contains_key(&(event, version))
            && bodies::key(connection, event, version)?.is_none())
    }

    /// The row of an event's body in this version, which is written if it does not exist; none for the event's own.
    pub fn stored(&self, connection: &Connection, event: i64, version: Version) -> Result<Option<i64>> {
        if version == Version::V1 {
            return Ok(None);
        }
        if let Some(key) = bodies::key(connection, event, version)? {
            return Ok(Some(key));
        }
        let made = self.0.get(&(event, version));
        let row = made.ok_or_else(|| StoreError::Internal("a body of a recovery was not made".to_owned()))?;
        bodies::insert(connection, event, version, row).map(Some)
    }
}
