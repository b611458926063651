//! Lists the messages that a sender may have signed.

use super::super::request::Request;
use crate::domain::scheme::{BodyField, JsonForm, Message, Piece, message::tells_time};

/// The separators between two parts of a message.
const JOINTS: [&str; 4] = [".", ":", "\n", ""];

/// The longest header value that may be part of a message: no id or time is longer.
const LONGEST: usize = 128;

/// Headers that nobody signs, though they are short.
const NEVER: [&str; 12] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "via",
    "transfer-encoding",
];

/// Returns every message to try.
pub fn messages(request: &Request, signature: &str) -> Vec<Message> {
    let mut found: Vec<Vec<Piece>> = vec![vec![Piece::Raw], vec![Piece::Data]];
    found.extend(JsonForm::ALL.iter().map(|form| vec![Piece::Json(*form)]));
    found.extend(["\n", "\r\n"].map(|end| vec![Piece::Raw, text(end)]));
    let singles = singles(request, signature);
    let bodies = [Piece::Raw, Piece::Data].into_iter().chain(JsonForm::ALL.iter().map(|form| Piece::Json(*form)));
    for body in bodies {
        found.extend(singles.iter().flat_map(|single| joined(single, &body)));
    }
    for (first, second) in pairs(&singles) {
        for joint in JOINTS {
            found.push(glued([first.clone(), second.clone(), Piece::Raw], joint));
            found.push(glued([second.clone(), first.clone(), Piece::Raw], joint));
            found.push(glued([first.clone(), Piece::Raw, second.clone()], joint));
        }
    }
    found.into_iter().map(Message::of).collect()
}

/// Returns the parts that may be joined with the body: its fields, headers, the URL and its path.
fn singles(request: &Request, signature: &str) -> Vec<Piece> {
    let fields = BodyField::ALL.iter().filter(|field| request.field(field.as_str()).is_some());
    let mut singles: Vec<Piece> = fields.map(|field| Piece::Field(*field)).collect();
    let headers = request.headers.iter().filter(|header| {
        let name = header.name.to_ascii_lowercase();
        let is_short = (1..=LONGEST).contains(&header.value.len());
        let is_told = tells_time(&name) || name.ends_with("id") || name.contains("nonce") || name.contains("event");
        is_short && is_told && !NEVER.contains(&name.as_str()) && !name.eq_ignore_ascii_case(signature)
    });
    singles.extend(headers.take(8).map(|header| Piece::Header(header.name.clone())));
    if request.url.is_some() {
        singles.extend([Piece::Url, Piece::Path]);
    }
    singles
}

/// Puts a part before and after the body, with each separator.
fn joined(single: &Piece, body: &Piece) -> Vec<Vec<Piece>> {
    let each = |joint| [glued([single.clone(), body.clone()], joint), glued([body.clone(), single.clone()], joint)];
    JOINTS.into_iter().flat_map(each).collect()
}

/// Returns each pair of parts in which at least one is a time: a scheme that signs two parts signs the time.
fn pairs(singles: &[Piece]) -> Vec<(Piece, Piece)> {
    let is_time = |piece: &Piece| match piece {
        Piece::Header(name) => tells_time(name),
        Piece::Field(field) => *field == BodyField::DispatchedAt,
        _ => false,
    };
    let mut pairs = Vec::new();
    for (at, first) in singles.iter().enumerate() {
        let rest = singles[at + 1..].iter().filter(|second| is_time(first) || is_time(second));
        pairs.extend(rest.map(|second| (first.clone(), second.clone())));
    }
    pairs
}

fn glued<const N: usize>(pieces: [Piece; N], joint: &str) -> Vec<Piece> {
    let mut glued = Vec::with_capacity(2 * N);
    for piece in pieces {
        if !glued.is_empty() && !joint.is_empty() {
            glued.push(text(joint));
        }
        glued.push(piece);
    }
    glued
}

fn text(joint: &str) -> Piece {
    Piece::Text(joint.to_owned())
}
