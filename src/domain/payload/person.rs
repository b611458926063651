//! Whether the data of an event concerns a person.
//!
//! A person is asked for by any text that stands for them: the id, the whole name, a number or an address. One match
//! too many is seen by whoever reads the answer and one too few is not, so texts are compared loosely: composed and
//! decomposed letters are the same, capital and small letters too, and blanks count once. The four letters i of Turkish
//! are one letter, because programs that do not know the language write İnci as Inci or inci.

use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::{
    EventData,
    consistent::{Sequence, sequence_in},
};
use crate::domain::json::JsonRef;

/// The longest text that a person is asked for by, in characters.
pub const LONGEST_PERSON: usize = 300;

/// The fields that hold a text which stands for a person by itself.
const TEXTS: [&str; 5] = ["userId", "userFullName", "userEmployeeNumber", "userCardNumber", "emailAddress"];

/// A person, by a text that stands for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    text: String,
    id: Option<Uuid>,
}

impl Person {
    /// Makes a person of an id, a whole name, a card's or an employee's number, or an e-mail address. None if the text
    /// is blank or longer than [`LONGEST_PERSON`].
    pub fn of(text: &str) -> Option<Self> {
        let is_too_long = text.chars().nth(LONGEST_PERSON).is_some();
        let folded = folded(text);
        (!folded.is_empty() && !is_too_long).then(|| Person { text: folded, id: Uuid::try_parse(text.trim()).ok() })
    }

    /// Whether this data concerns the person, whatever its type of event: a field for people has the text, first and
    /// last name do together, or the id of a clocking's day or pair names the person. Nothing else counts: neither
    /// other fields, nor those in a nested object.
    pub fn is_in(&self, data: &EventData) -> bool {
        TEXTS.iter().any(|name| texts(data, name).any(|text| self.is(&text)))
            || self.is_named_in_parts(data)
            || self.id.is_some_and(|id| is_in_keys(id, data))
    }

    fn is(&self, text: &str) -> bool {
        folded(text) == self.text || self.id.is_some_and(|id| Uuid::try_parse(text.trim()) == Ok(id))
    }

    fn is_named_in_parts(&self, data: &EventData) -> bool {
        // A source's events may repeat a field, and a part may be missing.
        let parts = |name| {
            let mut all: Vec<String> = texts(data, name).collect();
            all.extend(all.is_empty().then(String::new));
            all
        };
        let (first, last) = (parts("userFirstName"), parts("userLastName"));
        first.iter().any(|first| last.iter().any(|last| folded(&format!("{first} {last}")) == self.text))
    }
}

/// Whether the id of the day's sequence or of the pair has this person's id inside.
fn is_in_keys(id: Uuid, data: &EventData) -> bool {
    let is_of =
        |sequence: &str| Sequence::read(sequence).is_some_and(|sequence| Uuid::try_parse(&sequence.user) == Ok(id));
    texts(data, "clockingSequenceId").any(|text| is_of(&text))
        || texts(data, "clockingPairId").any(|text| sequence_in(&text).is_some_and(is_of))
}

/// The texts of a field; that of a number is how it is written.
fn texts(data: &EventData, name: &str) -> impl Iterator<Item = String> {
    data.object().all(name).filter_map(|value| match value {
        JsonRef::String(_) => value.as_str().map(Into::into),
        JsonRef::Number(number) => Some(number.to_owned()),
        _ => None,
    })
}

/// The form in which texts are compared.
fn folded(text: &str) -> String {
    let letters = if text.is_ascii() { text.to_ascii_lowercase() } else { caseless(text) };
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Small letters in normal form C. Capital letters come in between, because some letters have no small counterpart of
/// their own: ß is SS, and ς is Σ.
fn caseless(text: &str) -> String {
    let small = text.nfc().flat_map(char::to_lowercase);
    let capital: String = small.flat_map(char::to_uppercase).nfc().collect();
    let mut caseless = String::with_capacity(capital.len());
    for letter in capital.chars() {
        match letter {
            'İ' => caseless.push('i'),
            letter => caseless.extend(letter.to_lowercase()),
        }
    }
    caseless.nfc().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ID: &str = "7d3f9b52-41c8-4e06-9a7b-2f5c81d0e634";
    const OTHER: &str = "b1a0c9d8-e7f6-4a5b-8c3d-2e1f0a9b8c7d";

    fn concerns(person: &str, data: Value) -> bool {
        let data: EventData = serde_json::from_str(&data.to_string()).unwrap();
        Person::of(person).unwrap().is_in(&data)
    }

    #[test]
    fn each_text_that_stands_for_a_person_finds_them() {
        let data = json!({
            "userId": ID, "userFullName": "Kim Ø", "userEmployeeNumber": "kim@example.com", "userCardNumber": "0012345",
            "emailAddress": "kim.o@example.com"
        });
        for person in [ID, &ID.to_uppercase(), "kim ø", " KIM  Ø ", "Kim@Example.com", "0012345", "kim.o@example.com"]
        {
            assert!(concerns(person, data.clone()), "{person}");
        }
        for other in [OTHER, "Kim", "Ø", "Ø Kim", "Kim O", "12345", "00012345", "example.com", &ID[..35], "%", "Kim _"]
        {
            assert!(!concerns(other, data.clone()), "{other}");
        }
    }

    #[test]
    fn names_are_compared_by_letters_and_not_by_bytes() {
        let pairs = [
            ("Zoe\u{301}", "ZOÉ"),
            ("李 小明", "李\u{3000}小明"),
            ("Strauß", "STRAUSS"),
            ("STRAUẞ", "strauß"),
            ("İnci Işık", "inci ışık"),
            ("I\u{307}nci", "INCI"),
            ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
            ("ŁUKASZ", "łukasz"),
            ("ﬁ", "FI"),
            ("José\u{a0}Ñ", "jose\u{301} n\u{303}"),
        ];
        for (one, other) in pairs {
            assert!(concerns(one, json!({"userFullName": other})), "{one} is {other}");
            assert!(concerns(other, json!({"userFullName": one})), "{other} is {one}");
        }
        for (one, other) in [("José", "Jose"), ("Łukasz", "Lukasz"), ("Müller", "Mueller"), ("李小明", "李 小明")]
        {
            assert!(!concerns(one, json!({"userFullName": other})), "{one} is not {other}");
        }
    }

    #[test]
    fn first_and_last_name_count_together() {
        let data = json!({"userFirstName": "Ana ", "userLastName": "de  la Cruz"});
        assert!(concerns("ana de la cruz", data.clone()));
        for part in ["Ana", "de la Cruz", "de la Cruz Ana"] {
            assert!(!concerns(part, data.clone()), "{part}");
        }
        assert!(concerns("Ana", json!({"userFirstName": "Ana", "userLastName": null})));
        assert!(concerns("Cruz", json!({"userLastName": "Cruz"})));
    }

    #[test]
    fn a_number_is_its_text_and_nothing_else_is_a_text() {
        let data: EventData =
            serde_json::from_str(r#"{"userCardNumber":12345678901234567890123,"userId":7.0}"#).unwrap();
        for (person, is_in) in [("12345678901234567890123", true), ("7.0", true), ("7", false)] {
            assert_eq!(Person::of(person).unwrap().is_in(&data), is_in, "{person}");
        }
        for (person, value) in
            [("null", Value::Null), ("true", json!(true)), ("7", json!(["7"])), ("7", json!({"a": "7"}))]
        {
            assert!(!concerns(person, json!({"userId": value, "userFullName": value})), "{person}");
        }
        assert!(concerns("null", json!({"userFullName": "Null"})));
    }

    #[test]
    fn the_ids_of_clockings_name_their_person() {
        let day = format!("Sequences_{OTHER}_{ID}_2026_11_23");
        let pair = format!("Pairs_{day}_{OTHER}");
        for data in [json!({"clockingSequenceId": day}), json!({"clockingPairId": pair})] {
            assert!(concerns(ID, data.clone()) && concerns(&ID.to_uppercase(), data.clone()));
            assert!(!concerns(OTHER, data), "neither the account nor the pair is the person");
        }
        assert!(!concerns(ID, json!({"clockingPairId": format!("Pairs_{ID}")})));
    }

    #[test]
    fn other_fields_do_not_count() {
        for field in ["comment", "clientId", "departmentName", "userfullname", "user", "userFullName2"] {
            assert!(!concerns("Kim", json!({field: "Kim", "more": {"userFullName": "Kim"}})), "{field}");
        }
    }

    #[test]
    fn every_one_of_a_repeated_field_counts_however_its_name_is_written() {
        let repeated = r#"{"userFullName":"Kim","userFullName":"Ana","userFirstName":"Li","userFirstName":"Bo",
            "userCardNumber":"1","user\u0043ardNumber":"2","userLastName":"X"}"#;
        let data: EventData = serde_json::from_str(repeated).unwrap();
        for person in ["Kim", "Ana", "Li X", "Bo X", "1", "2"] {
            assert!(Person::of(person).unwrap().is_in(&data), "{person}");
        }
    }

    #[test]
    fn nobody_is_asked_for_by_blanks_or_by_a_novel() {
        for text in ["", " ", "\u{a0}\t"] {
            assert_eq!(Person::of(text), None);
        }
        assert!(Person::of(&"ß".repeat(LONGEST_PERSON)).is_some());
        assert_eq!(Person::of(&"x".repeat(LONGEST_PERSON + 1)), None);
    }
}
