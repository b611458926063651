//! Parses the names of event types.

use std::str::FromStr;

use super::{
    event_type::EventType,
    interned::{MOST_NAMES, interned},
    table,
};
use crate::domain::text::serde_as_text;

/// The longest name, in characters.
pub const LONGEST_TYPE: usize = 100;

/// The text cannot be the name of an event type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAType {
    /// It has another form.
    #[error(
        "\"{0}\" cannot be the name of an event type: a name has 1 to {LONGEST_TYPE} ASCII characters, and no blank, comma or *"
    )]
    Form(String),
    /// This process has seen too many names: somebody makes them up.
    #[error("there are too many different types of events ({MOST_NAMES}): \"{0}\" is one more")]
    TooMany(String),
}

impl FromStr for EventType {
    type Err = NotAType;

    fn from_str(text: &str) -> Result<Self, NotAType> {
        if let Some(known) = table::known(text) {
            return Ok(known.event_type);
        }
        let fits = (1..=LONGEST_TYPE).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',' && byte != b'*');
        if !fits {
            return Err(NotAType::Form(shortened(text)));
        }
        interned(text).map(EventType).ok_or_else(|| NotAType::TooMany(text.to_owned()))
    }
}

/// Cuts a text to the length that an error repeats.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TYPE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

serde_as_text!(EventType);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for event_type in EventType::KNOWN {
            assert_eq!(event_type.as_str().parse(), Ok(event_type));
        }
        for name in ["nobodys.published", "x", "a\"b\\c", &"x".repeat(100)] {
            let event_type: EventType = name.parse().unwrap();
            assert_eq!((event_type.as_str(), event_type.known().is_none()), (name, true));
            assert_eq!(
                serde_json::from_str::<EventType>(&serde_json::to_string(&event_type).unwrap()).unwrap(),
                event_type
            );
        }
        for none in ["", "a b", "a,b", "a*", "\u{e4}.b", "a\tb", "a\u{7f}", &"x".repeat(101)] {
            assert!(none.parse::<EventType>().is_err(), "{none}");
        }
        let long = "x".repeat(10_000).parse::<EventType>().unwrap_err().to_string();
        assert!(long.len() < 300, "{long}");
    }
}
