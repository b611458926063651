//! What the snippets of all languages have in common.

use crate::domain::scheme::{Algorithm, Place, Scheme};

/// Writes a text as a string literal in double quotes that is valid in JavaScript, Python, Go, C#, Rust and PHP.
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

/// Returns the parts of a plain digest in their order: `key`, `message`, `key`.
pub fn order<'a>(place: Place, key: &'a str, message: &'a str) -> Vec<&'a str> {
    match place {
        Place::Before => vec![key, message],
        Place::After => vec![message, key],
        Place::Both => vec![key, message, key],
    }
}

/// Returns the name of the hash in lower case, as most libraries spell it.
pub fn hash(scheme: &Scheme) -> &'static str {
    scheme.algorithm.hash().as_str()
}

/// Returns the place of the key, if the algorithm is not an HMAC.
pub fn place(scheme: &Scheme) -> Option<Place> {
    match scheme.algorithm {
        Algorithm::Hmac(_) => None,
        Algorithm::Plain(_, place) => Some(place),
    }
}
