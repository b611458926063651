//! What the snippets of all languages have in common.

use super::super::scheme::{Algorithm, Place, Scheme};

/// A text as a string literal in double quotes, which JavaScript, Python, Go, C#, Rust and PHP read alike.
pub fn quoted(text: &str) -> String {
    let mut literal = "\"".to_owned();
    for character in text.chars() {
        match character {
            '"' => literal += "\\\"",
            '\\' => literal += "\\\\",
            '\n' => literal += "\\n",
            '\r' => literal += "\\r",
            '\t' => literal += "\\t",
            other => literal.push(other),
        }
    }
    literal + "\""
}

/// The parts that a plain digest is made of, in their order: `key`, `message`, `key`.
pub fn order<'a>(place: Place, key: &'a str, message: &'a str) -> Vec<&'a str> {
    match place {
        Place::Before => vec![key, message],
        Place::After => vec![message, key],
        Place::Both => vec![key, message, key],
    }
}

/// The hash by its name in lower case, which is what most libraries call it.
pub fn hash(scheme: &Scheme) -> &'static str {
    scheme.algorithm.hash().as_str()
}

/// The place of the key, where it is no HMAC.
pub fn place(scheme: &Scheme) -> Option<Place> {
    match scheme.algorithm {
        Algorithm::Hmac(_) => None,
        Algorithm::Plain(_, place) => Some(place),
    }
}
