//! Frozen bodies: an event's own body, which is in its row, and other bodies, which have their own rows.

use rusqlite::{Connection, params};

use crate::{
    domain::{
        payload::{Draft, Envelope, EventData},
        time::Timestamp,
        version::Version,
    },
    service::store::{
        AcceptEvent, Body, Result, StoreError, body, content,
        sqlite::{connection::rows, writer::session::Session},
    },
};

/// The SQL for a delivery's stored body, if it is kept; `d` is the delivery and `e` its event.
macro_rules! stored_body {
    () => {
        "CASE WHEN d.body IS NULL THEN e.body ELSE (SELECT b.body FROM bodies b WHERE b.number = d.body) END"
    };
}
pub(crate) use stored_body;

/// The SQL for whether the body is kept.
macro_rules! body_is_kept {
    () => {
        "CASE WHEN d.body IS NULL THEN e.body IS NOT NULL
            ELSE EXISTS (SELECT 1 FROM bodies b WHERE b.number = d.body) END"
    };
}
pub(crate) use body_is_kept;

/// Makes bodies.
pub trait Rendering: Send + Sync {
    /// Makes an event's body in a version other than its own.
    fn draft(&self, version: Version, envelope: &Envelope, data: &EventData) -> Draft;
}

/// Makes bodies in the versions of the wire format.
pub struct Versions;

impl Rendering for Versions {
    fn draft(&self, version: Version, envelope: &Envelope, data: &EventData) -> Draft {
        Draft::of(version, envelope, data)
    }
}

/// An event that is ready to be stored: everything that does not need its number is computed before the writer runs.
pub struct PreparedEvent {
    pub event: AcceptEvent,
    /// The digest of its content.
    pub digest: i64,
    /// The order in which its fields were given.
    pub given: Option<Vec<u8>>,
    /// The event's own body, packed for its row.
    pub row: Vec<u8>,
    /// The event's own body.
    own: Draft,
    envelope: Envelope,
}

impl PreparedEvent {
    /// Prepares an event that is accepted now.
    pub fn of(event: AcceptEvent, now: Timestamp) -> PreparedEvent {
        let AcceptEvent { id, event_type, ref data, occurred_at, ref relayed } = event;
        let dispatched_at = relayed.as_ref().and_then(|relayed| relayed.dispatched_at).unwrap_or(now);
        let envelope = Envelope { id, event_type, occurred_at: occurred_at.unwrap_or(now), dispatched_at };
        let (own, given) = match relayed {
            Some(relayed) => (Draft::whole(relayed.body.clone()), None),
            None => (Draft::of(Version::V1, &envelope, data), data.order(event_type)),
        };
        PreparedEvent { digest: content::digest(&event), given, row: body::row(&own), own, envelope, event }
    }

    /// Makes its body in a version.
    pub fn render(&self, version: Version, rendering: &dyn Rendering) -> Rendered {
        match version {
            Version::V1 => Rendered { version, draft: self.own.clone(), row: None },
            other => {
                let draft = rendering.draft(other, &self.envelope, &self.event.data);
                let draft = match &self.event.relayed {
                    Some(relayed) => draft.numbered(relayed.sequence),
                    None => draft,
                };
                Rendered { version, row: Some(body::row(&draft)), draft }
            }
        }
    }
}

/// A body in a version, ready to be stored.
pub struct Rendered {
    pub version: Version,
    draft: Draft,
    /// The body packed for its row; none for the event's own body, which is in the event's row.
    row: Option<Vec<u8>>,
}

impl Rendered {
    /// Stores the body, unless it is the event's own, whose row is `own`.
    pub fn freeze(&self, session: &Session, event: i64, own: &[u8]) -> Result<Frozen> {
        let key = self.row.as_ref().map(|row| insert(&session.connection, event, self.version, row)).transpose()?;
        let (row, sequence) = (self.row.as_deref().unwrap_or(own), rows::unsigned(event));
        let body = Body::known(row.to_vec(), sequence, self.draft.clone().with_sequence(sequence).into());
        session.recent.note(event, key, &body);
        Ok(Frozen { key, body })
    }
}

impl Rendered {
    /// Stores the body in a row of its own that no later delivery takes for the event's, because the event came again
    /// with other content. `own` is the packed body of `v1`.
    pub fn freeze_apart(&self, session: &Session, event: i64, own: &[u8]) -> Result<Frozen> {
        let row = self.row.as_deref().unwrap_or(own);
        let sql = "INSERT INTO bodies (event, version, body) VALUES (?1, NULL, ?2)";
        let key = rows::insert(&session.connection, sql, params![event, row])?;
        let sequence = rows::unsigned(event);
        let body = Body::known(row.to_vec(), sequence, self.draft.clone().with_sequence(sequence).into());
        Ok(Frozen { key: Some(key), body })
    }
}

/// A stored body for deliveries.
pub struct Frozen {
    /// The number of its row; none for the event's own body.
    pub key: Option<i64>,
    pub body: Body,
}

/// Stores an event's packed body in a version other than its own, and returns the number of its row.
pub fn insert(connection: &Connection, event: i64, version: Version, row: &[u8]) -> Result<i64> {
    let sql = "INSERT INTO bodies (event, version, body) VALUES (?1, ?2, ?3)";
    rows::insert(connection, sql, params![event, version, row])
}

/// An event whose own body was read to make its body in another version.
pub struct Unrendered {
    /// The event's number.
    pub event: i64,
    pub version: Version,
    envelope: Envelope,
    /// The packed body of the event's row.
    row: Vec<u8>,
    /// Whether it came from a source, and its sequence there.
    is_relayed: bool,
    sequence: Option<i64>,
}

impl Unrendered {
    /// Reads what the event's body in this version is made of. None if nothing is to be made: it is the event's own
    /// body, it already exists, or the event's own body is no longer kept. Its dispatch time is the event's, as in the
    /// bodies of other versions.
    pub fn read(connection: &Connection, event: i64, version: Version, envelope: Envelope) -> Result<Option<Self>> {
        if version == Version::V1 || key(connection, event, version)?.is_some() {
            return Ok(None);
        }
        let sql = "SELECT body, source <> 0, sequence FROM events WHERE number = ?1 AND body IS NOT NULL";
        rows::first(connection, sql, [event], |row| {
            Ok(Unrendered {
                event,
                version,
                envelope,
                row: row.get(0)?,
                is_relayed: row.get(1)?,
                sequence: row.get(2)?,
            })
        })
    }

    /// Makes the body, packed for its row.
    pub fn rendered(&self, rendering: &dyn Rendering) -> Result<Vec<u8>> {
        let draft = rendering.draft(self.version, &self.envelope, &data(&self.row, rows::unsigned(self.event))?);
        let draft = if self.is_relayed { draft.numbered(self.sequence.map(rows::unsigned)) } else { draft };
        Ok(body::row(&draft))
    }
}

/// The row of an event's body in a version other than its own.
pub fn key(connection: &Connection, event: i64, version: Version) -> Result<Option<i64>> {
    let sql = "SELECT number FROM bodies WHERE event = ?1 AND version = ?2";
    rows::value(connection, sql, params![event, version])
}

/// Reads the data from an event's own packed body.
pub fn data(row: &[u8], sequence: u64) -> Result<EventData> {
    let body = body::read(row)?.with_sequence(sequence);
    EventData::of_body(&body).ok_or_else(|| StoreError::Internal("a stored body has no data".to_owned()))
}
