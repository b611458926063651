//! The order in which the fields of data were given, which a `v1` body does not preserve.
//!
//! The body has the known fields in a fixed order, missing ones as `null`, and then the others. Most data is given in
//! that order. For other data, the store also keeps the positions that the given fields have in the body, as runs: the
//! start and the length of each.

use super::EventData;
use crate::domain::{
    event::{EventType, fields},
    varint,
};

impl EventData {
    /// Returns the positions of the fields in the data of the event's `v1` body, or `None` if both have the same fields
    /// in the same order.
    pub fn order(&self, event_type: EventType) -> Option<Vec<u8>> {
        // The body of an unknown type has the data unchanged.
        event_type.subject()?;
        let known = fields::of(event_type);
        let marked = usize::from(self.deletion_mark(event_type).is_some());
        let (mut expected, mut unknown) = (0, known.len() + marked);
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (name, _) in self.object().iter() {
            let place = known_place(known, expected, name).unwrap_or_else(|| {
                if name == fields::IS_DELETED.name {
                    return known.len();
                }
                unknown += 1;
                unknown - 1
            });
            expected = place + 1;
            match runs.last_mut() {
                Some((first, length)) if *first + *length == place => *length += 1,
                _ => runs.push((place, 1)),
            }
        }
        (runs != [(0, unknown)]).then(|| {
            let mut order = Vec::with_capacity(2 * runs.len());
            for (first, length) in runs {
                varint::write(&mut order, first as u64);
                varint::write(&mut order, length as u64);
            }
            order
        })
    }

    /// Restores the given data from the data of its `v1` body. Returns `None` if the order does not fit this data.
    pub fn as_given(self, order: Option<&[u8]>) -> Option<EventData> {
        let Some(mut order) = order else { return Some(self) };
        let all = self.object().len();
        let mut places = Vec::new();
        while !order.is_empty() {
            let first = usize::try_from(varint::read(&mut order)?).ok()?;
            let end = first.checked_add(usize::try_from(varint::read(&mut order)?).ok()?)?;
            if end > all || places.len() + (end - first) > all {
                return None;
            }
            places.extend(first..end);
        }
        self.object().of_places(&places).map(EventData)
    }
}

/// Finds the position of a known field, which is most likely the expected one.
fn known_place(known: &[fields::Field], expected: usize, name: &str) -> Option<usize> {
    if known.get(expected).is_some_and(|field| field.name == name) {
        return Some(expected);
    }
    known.iter().position(|field| field.name == name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::{
        data::tests::{any_object, check},
        golden::{SEQUENCE, envelope},
        render,
    };
    use super::*;
    use crate::domain::version::Version;

    /// Restores the data from its body, as the store does.
    fn read_back(event_type: EventType, data: &EventData) -> String {
        let body = render(Version::V1, &envelope(event_type), SEQUENCE, data);
        let given = EventData::of_body(&body).unwrap().as_given(data.order(event_type).as_deref()).unwrap();
        given.object().as_str().to_owned()
    }

    #[test]
    fn data_in_the_order_of_the_wire_needs_none_and_other_data_a_few_bytes() {
        for event_type in EventType::KNOWN {
            assert_eq!(EventData::example(event_type).order(event_type), None);
        }
        let order = |data: Value| check(EventType::USER_DELETED, &data).unwrap().order(EventType::USER_DELETED);
        assert_eq!(order(json!({})), Some(vec![]));
        assert_eq!(order(json!({"userId": null, "userCardNumber": null})), Some(vec![1, 2]));
        assert_eq!(
            order(json!({"own": 1, "userId": null, "isDeleted": null, "more": 2})),
            Some(vec![13, 1, 1, 1, 12, 1, 14, 1])
        );
    }

    #[test]
    fn an_order_of_other_data_is_none() {
        let data = || EventData::example(EventType::USER_INSERTED);
        for order in [&[0_u8][..], &[0, 14], &[13, 1], &[0, 12, 0, 1], &[0xff; 30], &[1, 0xff, 0xff, 0xff, 0xff, 0x0f]]
        {
            assert_eq!(data().as_given(Some(order)), None, "{order:?}");
        }
        assert_eq!(data().as_given(Some(&[0, 12])), Some(data()));
    }

    #[test]
    fn of_an_unknown_type_all_is_as_it_came() {
        let event_type = "planning.published".parse().unwrap();
        for data in [json!({}), json!({"isDeleted": 1, "userId": [2], "x": {}})] {
            let data = check(event_type, &data).unwrap();
            assert_eq!(
                (data.order(event_type), read_back(event_type, &data)),
                (None, data.object().as_str().to_owned())
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_was_given_is_read_back_to_the_last_character(data in any_object()) {
            for event_type in EventType::KNOWN {
                let Ok(data) = check(event_type, &data) else { continue };
                prop_assert_eq!(read_back(event_type, &data), data.object().as_str());
            }
        }

        #[test]
        fn known_fields_in_any_order_are_read_back(
            names in proptest::sample::subsequence(
                fields::USER.iter().chain([&fields::IS_DELETED]).map(|field| field.name).chain(["own", "a\"b", "é"]).collect::<Vec<_>>(),
                0..=16,
            ).prop_shuffle(),
        ) {
            let data: Value = names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect::<serde_json::Map<_, _>>().into();
            for event_type in [EventType::USER_INSERTED, EventType::USER_DELETED] {
                let data = check(event_type, &data).unwrap();
                prop_assert_eq!(read_back(event_type, &data), data.object().as_str());
            }
        }
    }
}
