//! Converts the domain's values to columns: ids to bytes, times to microseconds, enumerations to their
//! small numbers.

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};

use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind},
        delivery::DeliveryStatus,
        health::{Standing, Warning},
        ids::{AttemptId, DeliveryId, EventId, RecoveryId, SourceId, StoredEventId, TokenId, WebhookId},
        recovery::{RecoveryStatus, RecoveryWhat},
        time::Timestamp,
        version::Version,
        webhook::DisabledReason,
    },
    service::store::rules::{
        codes::{Coded, coded},
        recover::RecoveryStage,
        source::ReceivedClass,
    },
};

/// Whether a webhook's waiting deliveries may be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueState {
    /// The webhook is disabled, so its deliveries are held.
    Held,
    /// The webhook is enabled.
    Open,
    /// The webhook is deleted, so its deliveries are being cancelled.
    Deleted,
}

macro_rules! stored_as_code {
    ($($type:ty),+) => {
        $(
            impl ToSql for $type {
                fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                    Ok(self.code().into())
                }
            }

            impl FromSql for $type {
                fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                    let code = value.as_i64()?;
                    Self::from_code(code).ok_or(FromSqlError::OutOfRange(code))
                }
            }
        )+
    };
}

coded!(QueueState { QueueState::Held = 0, QueueState::Open = 1, QueueState::Deleted = 2, });
stored_as_code!(
    QueueState,
    Standing,
    Warning,
    Version,
    AttemptKind,
    DeliveryStatus,
    RecoveryStatus,
    RecoveryWhat,
    ReceivedClass,
    RecoveryStage
);

macro_rules! stored_as_bytes {
    ($($type:ty),+) => {
        $(
            impl ToSql for $type {
                fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                    Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.as_bytes())))
                }
            }

            impl FromSql for $type {
                fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                    <[u8; 16]>::column_result(value).map(<$type>::from_bytes)
                }
            }
        )+
    };
}

stored_as_bytes!(DeliveryId, AttemptId, RecoveryId, TokenId);

impl ToSql for EventId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.stored() {
            StoredEventId::Bytes(bytes) => ValueRef::Blob(bytes),
            StoredEventId::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl FromSql for EventId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Text(_) => value.as_str()?.parse().map_err(FromSqlError::other),
            _ => <[u8; 16]>::column_result(value).map(EventId::from_bytes),
        }
    }
}

macro_rules! stored_as_text {
    ($type:ty, $write:expr, $read:expr) => {
        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from($write(self)))
            }
        }

        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let read: fn(&str) -> Option<Self> = $read;
                read(value.as_str()?).ok_or(FromSqlError::InvalidType)
            }
        }
    };
}

stored_as_text!(WebhookId, WebhookId::to_string, |text| text.parse().ok());
stored_as_text!(SourceId, SourceId::to_string, |text| text.parse().ok());
stored_as_text!(AttemptError, |error: &AttemptError| error.as_str(), |text| text.parse().ok());
stored_as_text!(DisabledReason, |reason: &DisabledReason| reason.as_str(), |text| text.parse().ok());

impl ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_micros().into())
    }
}

impl FromSql for Timestamp {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Timestamp::from_micros)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::Connection;

    use super::*;
    use crate::domain::ids::any_other_id;

    #[test]
    fn states_of_queues_are_read_back() {
        for state in [QueueState::Held, QueueState::Open, QueueState::Deleted] {
            assert_eq!(QueueState::from_code(state.code()), Some(state));
        }
    }

    fn stored_and_read(connection: &Connection, id: EventId) -> (EventId, String) {
        let row = "SELECT ?1, typeof(?1)";
        connection.query_row(row, [id], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    }

    proptest! {
        #[test]
        fn events_ids_are_read_back(other in any_other_id(), bytes: [u8; 16]) {
            let connection = Connection::open_in_memory().unwrap();
            prop_assert_eq!(stored_and_read(&connection, other), (other, "text".to_owned()));
            let own = EventId::from_bytes(bytes);
            prop_assert_eq!(stored_and_read(&connection, own), (own, "blob".to_owned()));
        }
    }
}
