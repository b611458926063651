//! What follows from a person's name, and from what belongs together: an id and its name.

use serde_json::Value;

use super::making::Making;

const NAMES: [&str; 3] = ["userFirstName", "userLastName", "userFullName"];

/// A person's full name follows from the parts, and the parts from the full name: its last word is the last name.
pub(super) fn names(making: &mut Making<'_>) {
    let [first, last, full] = NAMES.map(|name| making.text(name).map(str::to_owned));
    let (Some(first), Some(last), Some(full)) = (first, last, full) else { return };
    match NAMES.map(|name| making.is_given(name)) {
        [false, false, false] => {}
        [_, _, false] => {
            let empty = [making.value(NAMES[0]), making.value(NAMES[1])];
            making.put(NAMES[2], text_or(full_name(&first, &last), &empty));
        }
        given => {
            let empty = [making.value(NAMES[2])];
            let (first, last) = parts(&full, given[0].then_some(&first), given[1].then_some(&last));
            making.put(NAMES[0], text_or(first, &empty));
            making.put(NAMES[1], text_or(last, &empty));
        }
    }
}

/// A full name as TimeMoto writes it.
pub(super) fn full_name(first: &str, last: &str) -> String {
    [first, last].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// First and last name of a full one, of which one may be known.
fn parts(full: &str, first: Option<&String>, last: Option<&String>) -> (String, String) {
    let known_first = first.and_then(|first| full.strip_prefix(first.as_str())).map(|rest| ("", rest));
    let known_last = last.and_then(|last| full.strip_suffix(last.as_str())).map(|rest| (rest, ""));
    let (first, last) = known_first.or(known_last).or_else(|| full.rsplit_once(' ')).unwrap_or((full, ""));
    (first.trim().to_owned(), last.trim().to_owned())
}

/// A text; where it is empty, the empty value that it follows from: `null` stays `null`.
fn text_or(text: String, empty: &[Value]) -> Value {
    if text.is_empty() && empty.iter().all(Value::is_null) { Value::Null } else { text.into() }
}

/// The example's addresses are made of the names, and so are those of others.
pub(super) fn email_address(making: &mut Making<'_>) {
    if !making.is_any_given(&NAMES) {
        return;
    }
    let word = |name: &str| -> String {
        let lower = making.text(name).unwrap_or_default().to_lowercase();
        lower.chars().filter(char::is_ascii_alphanumeric).collect()
    };
    let words: Vec<String> = NAMES[..2].iter().map(|name| word(name)).filter(|word| !word.is_empty()).collect();
    let address = if words.is_empty() { Value::Null } else { format!("{}@example.com", words.join(".")).into() };
    making.put("emailAddress", address);
}

/// Fields that say something together, or none of them does: an id, the name, and what else belongs to them.
pub(super) struct Together {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    more: &'static [&'static str],
    /// An invented id and name, for the one of the two that is missing.
    invented: [&'static str; 2],
}

const fn together(id: &'static str, name: &'static str, invented: [&'static str; 2]) -> Together {
    Together { id, name, more: &[], invented }
}

pub(super) const TOGETHER: [Together; 5] = [
    together("departmentId", "departmentName", ["8a3f6e1c-b7d2-4905-a4c8-52e19f0b7d64", "Warehouse"]),
    together("locationId", "locationName", ["c94d1f07-23b8-4e6a-8f51-0a6d9e72b4c3", "Harbour Street"]),
    Together {
        more: &["projectCode"],
        ..together("projectId", "projectName", ["e17b52d9-4c80-4a36-b9f1-6d3c08a75e2b", "26344 - Spring Catalogue"])
    },
    together("absenceTypeId", "absenceTypeName", ["64c0a7f2-91d8-4b3e-a5f6-2e8d70b19c45", "Holiday"]),
    together("payPeriodId", "payPeriodName", ["2f96c8b4-0e5a-47d1-83bc-f1a7d2405c98", "48"]),
];

/// Where the id or the name was taken away, the others go too; where one was given, the other comes.
pub(super) fn belongings(making: &mut Making<'_>) {
    for Together { id, name, more, invented } in TOGETHER {
        let emptied = [id, name].into_iter().any(|field| making.is_given(field) && !making.says(field));
        if emptied {
            [id, name].iter().chain(more).for_each(|field| making.put(field, Value::Null));
        } else if making.is_any_given(&[id, name]) {
            for (field, invented) in [id, name].into_iter().zip(invented) {
                if !making.says(field) {
                    making.put(field, invented);
                }
            }
        }
    }
}
