//! Lists the messages that a sender may have signed.
//!
//! A message is the body with something before and behind it. Those that begin alike stand in one [`Frame`], so that
//! what they begin with is hashed once; bodies that are the same bytes count once.

use std::borrow::Cow;

use super::{
    super::request::{Reading, Request},
    candidates::LONGEST_NAME,
};
use crate::domain::{
    attempt::Header,
    scheme::{BodyField, JsonForm, Message, Piece, message::tells_time},
};

/// The separators between two parts of a message.
const JOINTS: [&str; 4] = [".", ":", "\n", ""];

/// The longest value of a header or of a field that may be part of a message, in bytes: no id or time is longer.
const LONGEST: usize = 128;

/// The longest URL that may be part of a message, in bytes.
const LONGEST_URL: usize = 2048;

/// The largest number of headers that may be part of a message. Those that tell a time come first, and are at most half.
const MOST_HEADERS: usize = 8;

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

/// What stands before or behind the body.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// Its bytes.
    pub bytes: Vec<u8>,
    pieces: Vec<Piece>,
}

impl Side {
    /// Some pieces, each with its bytes.
    fn of<'p>(parts: impl IntoIterator<Item = &'p (Piece, Vec<u8>)>) -> Self {
        let mut side = Side::default();
        for (piece, bytes) in parts {
            if !bytes.is_empty() {
                side.bytes.extend_from_slice(bytes);
                side.pieces.push(piece.clone());
            }
        }
        side
    }
}

/// A body, and the ways to write it that give these bytes.
pub struct Body<'a> {
    /// Its bytes.
    pub bytes: Cow<'a, [u8]>,
    pieces: Vec<Piece>,
}

impl Body<'_> {
    /// How many ways there are to write it.
    pub fn ways(&self) -> usize {
        self.pieces.len()
    }
}

/// Messages that begin alike.
pub struct Frame {
    /// Which of the bodies it is.
    pub body: usize,
    /// What stands before the body.
    pub before: Side,
    /// What may stand behind it.
    pub behind: Vec<Side>,
}

/// Every message to try.
pub struct Plan<'a> {
    /// The bodies, the raw one first.
    pub bodies: Vec<Body<'a>>,
    /// The messages, the simple ones first.
    pub frames: Vec<Frame>,
}

impl<'a> Plan<'a> {
    /// The messages that may be made of a request.
    pub fn of(reading: &'a Reading<'_>) -> Self {
        let (bodies, singles) = (bodies(reading), singles(reading));
        let mut frames: Vec<Frame> = (0..bodies.len()).map(|body| alone(body, &singles)).collect();
        frames[0].behind.extend(["\n", "\r\n"].map(|end| Side::of([&text(end)])));
        frames.extend(before(0, &singles));
        add_pairs(&mut frames, &singles);
        frames.extend((1..bodies.len()).flat_map(|body| before(body, &singles)));
        Plan { bodies, frames }
    }

    /// The messages of a frame with one of the sides behind.
    pub fn messages(&self, frame: &Frame, behind: &Side) -> impl Iterator<Item = Message> {
        let whole = move |body: &Piece| {
            let pieces = frame.before.pieces.iter().chain(std::iter::once(body)).chain(&behind.pieces);
            Message::of(pieces.cloned().collect())
        };
        self.bodies[frame.body].pieces.iter().map(whole)
    }
}

/// The raw body and what other writers make of it. Its data alone comes last: that leaves the event's id unsigned.
fn bodies<'a>(reading: &'a Reading<'_>) -> Vec<Body<'a>> {
    let raw = reading.request().body.as_slice();
    let mut bodies = vec![Body { bytes: Cow::Borrowed(raw), pieces: vec![Piece::Raw] }];
    // Deep nesting makes long lines of blanks; no event is written so.
    let longest = 8 * raw.len() + 4096;
    for piece in JsonForm::ALL.iter().map(|form| Piece::Json(*form)).chain([Piece::Data]) {
        let bytes = reading.piece(&piece).ok().map(|bytes| Cow::Owned(bytes.into_owned()));
        let Some(bytes) = bytes.filter(|bytes: &Cow<'_, [u8]>| bytes.len() <= longest) else { continue };
        match bodies.iter_mut().find(|body| body.bytes == bytes) {
            Some(body) => body.pieces.push(piece),
            None => bodies.push(Body { bytes, pieces: vec![piece] }),
        }
    }
    bodies
}

/// The parts that may be joined with the body, each with its bytes: its fields, headers, the URL and its path.
fn singles(reading: &Reading<'_>) -> Vec<(Piece, Vec<u8>)> {
    let request = reading.request();
    let fields = BodyField::ALL.iter().map(|field| Piece::Field(*field));
    let told = fields.chain(headers(request)).map(|piece| (piece, LONGEST));
    let of_url = [Piece::Url, Piece::Path].map(|piece| (piece, LONGEST_URL));
    let read = |(piece, longest): (Piece, usize)| {
        let bytes = reading.piece(&piece).ok()?.into_owned();
        (1..=longest).contains(&bytes.len()).then_some((piece, bytes))
    };
    told.chain(of_url).filter_map(read).collect()
}

/// The headers that may be part of a message.
fn headers(request: &Request) -> impl Iterator<Item = Piece> {
    let is_told = |name: &str| name.ends_with("id") || name.contains("nonce") || name.contains("event");
    let (mut times, mut others): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let is_short = |header: &&Header| header.name.len() <= LONGEST_NAME && (1..=LONGEST).contains(&header.value.len());
    for header in request.headers.iter().filter(is_short) {
        let lower = header.name.to_ascii_lowercase();
        let names = match tells_time(&lower) {
            true => &mut times,
            false if is_told(&lower) => &mut others,
            false => continue,
        };
        let is_new = names.len() < MOST_HEADERS && names.iter().all(|name| !name.eq_ignore_ascii_case(&lower));
        if is_new && !NEVER.contains(&lower.as_str()) {
            names.push(&header.name);
        }
    }
    times.truncate(MOST_HEADERS / 2);
    let all = times.into_iter().chain(others).take(MOST_HEADERS);
    all.map(|name| Piece::Header(name.to_owned()))
}

/// A body with nothing before it, and with nothing or one part behind it.
fn alone(body: usize, singles: &[(Piece, Vec<u8>)]) -> Frame {
    let each = |single| JOINTS.map(|joint| Side::of([&text(joint), single]));
    let behind = std::iter::once(Side::default()).chain(singles.iter().flat_map(each)).collect();
    Frame { body, before: Side::default(), behind }
}

/// A body with each part before it, with each separator.
fn before(body: usize, singles: &[(Piece, Vec<u8>)]) -> impl Iterator<Item = Frame> {
    let each = move |single| {
        JOINTS.map(|joint| Frame { body, before: Side::of([single, &text(joint)]), behind: vec![Side::default()] })
    };
    singles.iter().flat_map(each)
}

/// Adds two parts before the raw body, or one on either side, if at least one is a time: a scheme that signs two parts signs
/// the time.
fn add_pairs(frames: &mut Vec<Frame>, singles: &[(Piece, Vec<u8>)]) {
    for (at, first) in singles.iter().enumerate() {
        for second in singles[at + 1..].iter().filter(|second| is_time(&first.0) || is_time(&second.0)) {
            for joint in JOINTS.map(text) {
                for (one, other) in [(first, second), (second, first)] {
                    let before = Side::of([one, &joint, other, &joint]);
                    frames.push(Frame { body: 0, before, behind: vec![Side::default()] });
                }
                let (before, behind) = (Side::of([first, &joint]), Side::of([&joint, second]));
                frames.push(Frame { body: 0, before, behind: vec![behind] });
            }
        }
    }
}

fn is_time(piece: &Piece) -> bool {
    match piece {
        Piece::Header(name) => tells_time(name),
        Piece::Field(field) => *field == BodyField::DispatchedAt,
        _ => false,
    }
}

fn text(joint: &str) -> (Piece, Vec<u8>) {
    (Piece::Text(joint.to_owned()), joint.as_bytes().to_vec())
}
