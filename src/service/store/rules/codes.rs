//! The small numbers that stand for enumerations in rows, the same in every database. Their meaning must never change.

use super::{recover::RecoveryStage, source::ReceivedClass};
use crate::domain::{
    attempt::AttemptKind,
    delivery::DeliveryStatus,
    health::{Standing, Warning},
    recovery::{RecoveryStatus, RecoveryWhat},
    version::Version,
};

/// A value that is stored as a small number.
pub trait Coded: Sized {
    /// The value's number.
    fn code(self) -> i64;
    /// The value with this number.
    fn from_code(code: i64) -> Option<Self>;
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
    };
}
pub(in crate::service::store) use coded;

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

#[cfg(test)]
mod tests {
    use super::*;

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
    }
}
