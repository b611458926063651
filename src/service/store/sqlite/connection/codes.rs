//! Converts the domain's values to columns: ids to bytes, times to microseconds, enumerations to the small numbers
//! below, whose meaning must never change.

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
    service::store::rules::{recover::RecoveryStage, source::ReceivedClass},
};

/// A value that is stored as a small number.
pub trait Coded: Sized {
    /// The value's number.
    fn code(self) -> i64;
    /// The value with this number.
    fn from_code(code: i64) -> Option<Self>;
}

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

macro_rules! coded {
    ($type:ty { $($variant:path = $code:literal,)+ }) => {
        impl Coded for $type {
            fn code(self) -> i64 {
                match self { $($variant => $code,)+ }
            }

            fn from_code(code: i64) -> Option<Self> {
                match code { $($code => Some($variant),)+ _ => None }
            }
        }

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
    };
}

coded!(QueueState { QueueState::Held = 0, QueueState::Open = 1, QueueState::Deleted = 2, });
coded!(Standing { Standing::Proven = 0, Standing::New = 1, Standing::Failing = 2, });
coded!(Warning { Warning::HalfTime = 1, Warning::NearTheEnd = 2, });
coded!(Version { Version::V1 = 1, Version::V2 = 2, });
coded!(AttemptKind {
    AttemptKind::Event = 1,
    AttemptKind::Retry = 2,
    AttemptKind::Manual = 3,
    AttemptKind::Recover = 4,
    AttemptKind::Test = 5,
});
coded!(DeliveryStatus {
    DeliveryStatus::Pending = 0,
    DeliveryStatus::Succeeded = 1,
    DeliveryStatus::Exhausted = 2,
    DeliveryStatus::Cancelled = 3,
});

coded!(RecoveryStatus {
    RecoveryStatus::Running = 0,
    RecoveryStatus::Finished = 1,
    RecoveryStatus::Cancelled = 2,
});
coded!(RecoveryWhat { RecoveryWhat::Failed = 1, RecoveryWhat::Missed = 2, RecoveryWhat::Both = 3, });
coded!(ReceivedClass { ReceivedClass::Taken = 0, ReceivedClass::Changed = 1, ReceivedClass::Refused = 2, });
coded!(RecoveryStage { RecoveryStage::Failed = 0, RecoveryStage::Missed = 1, RecoveryStage::Done = 2, });

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

    fn check<T: Coded + Copy + PartialEq + std::fmt::Debug>(all: &[T]) {
        for value in all {
            assert_eq!(T::from_code(value.code()), Some(*value));
        }
    }

    #[test]
    fn codes_are_read_back() {
        check(AttemptKind::ALL);
        check(DeliveryStatus::ALL);
        check(&Standing::ALL);
        check(&[Warning::HalfTime, Warning::NearTheEnd]);
        check(&Version::ALL);
        check(RecoveryStatus::ALL);
        check(RecoveryWhat::ALL);
        check(&[RecoveryStage::Failed, RecoveryStage::Missed, RecoveryStage::Done]);
        check(&[QueueState::Held, QueueState::Open, QueueState::Deleted]);
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
