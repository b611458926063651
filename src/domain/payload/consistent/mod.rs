//! Events that are made here do not contradict themselves: what follows from a field follows, unless it is given itself.
//!
//! Whoever sets the direction of an example gets its action, too; whoever sets a time gets it rounded, stored and in the
//! right day's sequence. Each event has a time of its own, and with it a record's hash and a pair of its own. What was
//! given stays as it was given: [`contradictions()`] says what does not fit in it.

mod contradictions;
mod direction;
mod keys;
mod making;
mod occasion;
mod people;
mod times;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

pub use contradictions::contradictions;
pub(super) use keys::sequence;
#[cfg(feature = "service")]
pub(super) use keys::{Sequence, sequence_in};
use making::Making;
pub use occasion::Occasion;

use crate::domain::{
    event::{EventType, Subject},
    time::Timestamp,
};

/// Lets the fields of an event's data follow from those that were given, and from the time. Gives when the event has
/// happened. Of a type that is not known nothing follows.
pub fn follow(
    event_type: EventType,
    fields: &mut Map<String, Value>,
    given: &BTreeSet<String>,
    occasion: &Occasion,
) -> Timestamp {
    let making = &mut Making::of(fields, given);
    match event_type.subject() {
        None => occasion.at,
        Some(Subject::User) => {
            people::names(making);
            people::email_address(making);
            people::belongings(making);
            occasion.at
        }
        Some(Subject::Attendance) => {
            people::names(making);
            people::belongings(making);
            keys::owners(making);
            direction::follow(making);
            let times::Times { day, happened } = times::follow(making, event_type, occasion);
            keys::pay_period(making, day);
            keys::ids(making, day, occasion.number);
            keys::hash(making);
            happened
        }
    }
}
