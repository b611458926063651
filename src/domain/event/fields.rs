//! The table of `data`'s known fields, in the order `v1` sends them.
//!
//! TimeMoto Cloud was observed to send every field of `attendance.*`, in this order and with these types, and
//! `isDeleted` in deletions. Of `user.*`, only the `user…` names and `emailAddress` were observed; this project chose
//! their order and added `clientId`, department and location. A `test` has the fields of a clocking, so that it looks
//! like a real event.

use super::{event_type::EventType, kind::Kind, subject::Subject};

impl Subject {
    /// The known fields of its data, in the order of `v1`, without [`IS_DELETED`].
    pub fn fields(self) -> &'static [Field] {
        match self {
            Subject::Attendance => ATTENDANCE,
            Subject::User => USER,
        }
    }
}

/// A field of `data` whose type is known.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in `v1` and in the API.
    pub name: &'static str,
    /// The type of its values.
    pub kind: Kind,
    /// Whether `null` is a usual value. Every field accepts `null`, and a missing field is sent as `null`.
    pub nullable: bool,
    /// Whether TimeMoto was observed to send it for this type of event.
    pub observed: bool,
    /// What the field means, for authors of receivers.
    pub meaning: &'static str,
}

const fn observed(name: &'static str, kind: Kind, meaning: &'static str) -> Field {
    Field { name, kind, nullable: false, observed: true, meaning }
}

const fn ours(name: &'static str, kind: Kind, meaning: &'static str) -> Field {
    Field { observed: false, ..observed(name, kind, meaning) }
}

impl Field {
    const fn or_null(self) -> Field {
        Field { nullable: true, ..self }
    }
}

/// The fields of a clocking, as observed.
pub const ATTENDANCE: &[Field] = &[
    observed("clockingType", Kind::Direction, "the direction of the clocking"),
    observed("deviceSerialNumber", Kind::Text, "the terminal's serial number, 15 digits; may be empty"),
    observed("clientId", Kind::Uuid, "the customer's account"),
    observed("userId", Kind::Uuid, "the person who clocked"),
    observed("userCardNumber", Kind::Text, "the person's card, 7 or 8 digits; often empty"),
    observed("userFirstName", Kind::Text, "first name"),
    observed("userLastName", Kind::Text, "last name"),
    observed("userFullName", Kind::Text, "full name"),
    observed("userEmployeeNumber", Kind::Text, "the customer's own number; some put an e-mail address here").or_null(),
    observed("departmentId", Kind::Uuid, "the person's department").or_null(),
    observed("departmentName", Kind::Text, "the department's name").or_null(),
    observed("locationId", Kind::Uuid, "the location"),
    observed("locationName", Kind::Text, "the location's name"),
    observed("projectId", Kind::Uuid, "the project worked on").or_null(),
    observed("projectName", Kind::Text, "the project's name").or_null(),
    observed("projectCode", Kind::Text, "the project's code").or_null(),
    observed("timeZone", Kind::TimeZone, "the zone of `timeLogged` and `timeLoggedRounded`"),
    observed("timeLogged", Kind::LocalTime, "when the person clocked, in `timeZone`"),
    observed("timeLoggedRounded", Kind::LocalTime, "the same, rounded down to the minute"),
    observed("timeInserted", Kind::UtcTime, "when the record was stored: an update changes it, a deletion repeats it"),
    observed("clockingActionTypeId", Kind::Integer, "0 work start, 1 work end, 2 break start, 3 break end"),
    observed("verificationModeId", Kind::Integer, "how the person identified at the terminal"),
    observed(
        "recordHash",
        Kind::Integer64,
        "a hash of the record: an update changes it, a deletion repeats it; beyond 2^53, a double changes it",
    ),
    observed("recordIgnored", Kind::Boolean, "whether the clocking is left out of the accounting"),
    observed("clockingPairId", Kind::Text, "the same for an `In` and its `Out`"),
    observed("clockingSequenceId", Kind::Text, "the same for all clockings of a person's day"),
    observed("planningId", Kind::Integer, "the planned shift"),
    observed("absenceTypeId", Kind::Uuid, "the type of absence").or_null(),
    observed("absenceTypeName", Kind::Text, "its name").or_null(),
    observed("color", Kind::Text, "the colour it is shown in").or_null(),
    observed("comment", Kind::Text, "a remark").or_null(),
    observed("payPeriodId", Kind::Uuid, "the pay period"),
    observed("payPeriodName", Kind::Text, "the pay period's name: the number of its week"),
];

/// The fields of a person.
pub const USER: &[Field] = &[
    ours("clientId", Kind::Uuid, "the customer's account"),
    observed("userId", Kind::Uuid, "the person"),
    observed("userCardNumber", Kind::Text, "the person's card, 7 or 8 digits; often empty").or_null(),
    observed("userFirstName", Kind::Text, "first name"),
    observed("userLastName", Kind::Text, "last name"),
    observed("userFullName", Kind::Text, "full name"),
    observed("userEmployeeNumber", Kind::Text, "the customer's own number; some put an e-mail address here").or_null(),
    observed("emailAddress", Kind::Text, "the person's e-mail address").or_null(),
    ours("departmentId", Kind::Uuid, "the person's department").or_null(),
    ours("departmentName", Kind::Text, "the department's name").or_null(),
    ours("locationId", Kind::Uuid, "the person's location").or_null(),
    ours("locationName", Kind::Text, "the location's name").or_null(),
];

/// The mark of a deletion, which follows the other known fields. It is sent as given; if it is not given, a `….deleted`
/// event has `true` and other events omit it.
pub const IS_DELETED: Field =
    observed("isDeleted", Kind::Boolean, "`true` in a deletion; left out elsewhere unless the sender gave it");

/// Returns the known fields of a type of event in the order of `v1`, without [`IS_DELETED`]. An unknown type has none.
pub fn of(event_type: EventType) -> &'static [Field] {
    event_type.subject().map_or(&[], Subject::fields)
}

/// The known fields of a type of event, in the order of `v1`.
pub fn all(event_type: EventType) -> impl Iterator<Item = &'static Field> {
    of(event_type).iter().chain(event_type.subject().map(|_| &IS_DELETED))
}

/// The known field of this name of a type of event.
pub fn known(event_type: EventType, name: &str) -> Option<&'static Field> {
    all(event_type).find(|field| field.name == name)
}

/// Returns the type of the field with this name. A name has the same type in every event.
pub fn kind_of(name: &str) -> Option<Kind> {
    [ATTENDANCE, USER, &[IS_DELETED]].into_iter().flatten().find(|field| field.name == name).map(|field| field.kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn a_name_has_one_type_everywhere_and_stands_once_in_a_table() {
        let mut kinds = HashMap::new();
        for table in [ATTENDANCE, USER] {
            let names: std::collections::HashSet<_> = table.iter().map(|field| field.name).collect();
            assert_eq!(names.len(), table.len());
            for field in table {
                assert_eq!(*kinds.entry(field.name).or_insert(field.kind), field.kind, "{}", field.name);
            }
        }
    }

    #[test]
    fn the_order_is_the_observed_one() {
        let names: Vec<_> = ATTENDANCE.iter().map(|field| field.name).collect();
        let observed = "clockingType deviceSerialNumber clientId userId userCardNumber userFirstName userLastName \
            userFullName userEmployeeNumber departmentId departmentName locationId locationName projectId projectName \
            projectCode timeZone timeLogged timeLoggedRounded timeInserted clockingActionTypeId verificationModeId \
            recordHash recordIgnored clockingPairId clockingSequenceId planningId absenceTypeId absenceTypeName color \
            comment payPeriodId payPeriodName";
        assert_eq!(names.join(" "), observed);
    }
}
