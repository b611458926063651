//! What a scheme signs: the raw body, a part of it, or a pattern such as `{id}.{raw}`.

use std::{fmt, str::FromStr};

use super::{
    escape::{escaped, unescaped},
    parts::JsonForm,
};
use crate::domain::text::named;

named!(
    /// A field of the body that a message may name.
    BodyField, "a field of the body", {
        /// The event's id.
        Id = "id",
        /// The event's type.
        Event = "event",
        /// The event's sequence number.
        Sequence = "sequence",
        /// When it was dispatched.
        DispatchedAt = "dispatchedAt",
    }
);

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// The raw body.
    Raw,
    /// The `data` of the body, as it is written there.
    Data,
    /// The URL that the request was sent to.
    Url,
    /// The path and the query of the URL.
    Path,
    /// The re-serialized body.
    Json(JsonForm),
    /// The value of a field of the body.
    Field(BodyField),
    /// The value of a header.
    Header(String),
    /// A literal text.
    Text(String),
}

impl Piece {
    /// Whether the piece covers the body or its `data`.
    fn is_body(&self) -> bool {
        matches!(self, Piece::Raw | Piece::Data | Piece::Json(_))
    }

    fn parse(name: &str) -> Result<Self, String> {
        let unknown = || {
            format!(
                "\"{name}\" is no part of a message; there are raw, data, url, path, json:…, id, event, sequence, dispatchedAt and header:…"
            )
        };
        match name {
            "raw" => Ok(Piece::Raw),
            "data" => Ok(Piece::Data),
            "url" => Ok(Piece::Url),
            "path" => Ok(Piece::Path),
            _ => match name.split_once(':') {
                Some(("json", form)) => form.parse().map(Piece::Json),
                Some(("header", header)) => header_name(header).map(Piece::Header),
                _ => name.parse().map(Piece::Field).map_err(|_| unknown()),
            },
        }
    }

    /// Returns its name, or the escaped text.
    fn name(&self) -> String {
        match self {
            Piece::Raw => "raw".to_owned(),
            Piece::Data => "data".to_owned(),
            Piece::Url => "url".to_owned(),
            Piece::Path => "path".to_owned(),
            Piece::Json(form) => format!("json:{form}"),
            Piece::Field(field) => field.to_string(),
            Piece::Header(header) => format!("header:{header}"),
            Piece::Text(text) => escaped(text, true),
        }
    }
}

/// Checks that the text is a header's name.
///
/// # Errors
/// Fails if it is not.
pub fn header_name(text: &str) -> Result<String, String> {
    match http::HeaderName::from_bytes(text.as_bytes()) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("\"{text}\" is no name of a header")),
    }
}

/// The signed message: one or several pieces in a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Message(Vec<Piece>);

impl Message {
    /// A message of these pieces.
    pub fn of(pieces: Vec<Piece>) -> Self {
        Message(pieces)
    }

    /// The raw body.
    pub fn raw() -> Self {
        Message(vec![Piece::Raw])
    }

    /// Its pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The headers that it names.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Header(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Returns the named header that carries the time of the request, if any.
    pub fn timestamp_header(&self) -> Option<&str> {
        self.headers().find(|name| tells_time(name))
    }

    /// Whether a change of the body breaks the signature.
    pub fn covers_body(&self) -> bool {
        self.0.iter().any(Piece::is_body)
    }
}

/// Whether a header of this name tells when a request was sent: one of its words does. `X-Update-Id` does not, and neither
/// does `Timemoto-Signature`.
pub fn tells_time(name: &str) -> bool {
    const ENDS: [&str; 3] = ["timestamp", "time", "date"];
    const OTHERS: [&str; 4] = ["lifetime", "runtime", "update", "uptime"];
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split(|character: char| !character.is_ascii_alphanumeric());
    !tells_id(name) && words.any(|word| ENDS.iter().any(|end| word.ends_with(end)) && !OTHERS.contains(&word))
}

/// Whether a header of this name carries the event's id.
pub fn tells_id(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("id")
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [piece @ (Piece::Raw | Piece::Data | Piece::Url | Piece::Path | Piece::Json(_))] = self.0.as_slice() {
            return f.write_str(&piece.name());
        }
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(_) => f.write_str(&piece.name()),
            _ => write!(f, "{{{}}}", piece.name()),
        })
    }
}

impl FromStr for Message {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.contains('{') {
            return match Piece::parse(text)? {
                Piece::Field(_) | Piece::Header(_) => {
                    Err(format!("\"{text}\" is a part of a pattern: write {{{text}}}"))
                }
                piece => Ok(Message(vec![piece])),
            };
        }
        let (mut pieces, mut literal, mut rest) = (Vec::new(), String::new(), text.chars());
        while let Some(character) = rest.next() {
            match character {
                '\\' => literal.push(unescaped(&mut rest)?),
                '}' => return Err("a } closes nothing; \\x7d is one".to_owned()),
                '{' => {
                    push_text(&mut pieces, &mut literal);
                    let (name, behind) =
                        rest.as_str().split_once('}').ok_or_else(|| "a { is not closed; \\x7b is one".to_owned())?;
                    pieces.push(Piece::parse(name)?);
                    rest = behind.chars();
                }
                other => literal.push(other),
            }
        }
        push_text(&mut pieces, &mut literal);
        Ok(Message(pieces))
    }
}

fn push_text(pieces: &mut Vec<Piece>, literal: &mut String) {
    if !literal.is_empty() {
        pieces.push(Piece::Text(std::mem::take(literal)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_header_tells_is_known_by_its_words() {
        for name in
            ["X-Timestamp", "webhook-timestamp", "X-Slack-Request-Timestamp", "Date", "X-Sent-Time", "x_requesttime"]
        {
            assert!(tells_time(name), "{name}");
        }
        for name in ["Timemoto-Signature", "X-Update-Id", "X-Last-Update", "X-Runtime", "X-Signature", "webhook-id"] {
            assert!(!tells_time(name), "{name}");
        }
        assert!(tells_id("svix-id") && tells_id("X-Request-ID") && !tells_id("X-Identity"));
    }
}
