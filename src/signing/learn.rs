//! A source learns its sender's scheme: what anybody sends is tried here, and only what proves the secret teaches.
//!
//! - [`explaining`] searches, once for each request while a source learns. [`still`] holds what comes later against what
//!   was learnt, and narrows it: one request may fit several schemes, of which the true one is always kept. [`first`] only
//!   asks whether a request is genuine, which costs one digest however many schemes are kept: narrowing may wait until the
//!   first one does not fit.
//! - Only schemes whose digest depends on the secret are learnt, with a key of [`SHORTEST_KEY`] bytes or more. A key that
//!   says nothing (empty, or zeros alone, which an HMAC takes for an empty one) is none: see [`SharedSecret::key`].
//! - A message must cover the body. `message=data` does for the most part: it is learnt, as some senders sign so, but it
//!   ranks last. The event's id and type are then not signed, so whoever has seen one genuine request can send its data
//!   again with another id or type; without having seen one, nothing can be made up.
//! - A plain digest with the key first (`place=before`) can be extended by whoever has seen one, but only with bytes that are
//!   no JSON.
//! - Hex in the other case, and other encodings of the same digest, are other schemes: who repeats a genuine request in
//!   upper case teaches `hex-upper` if the genuine one has not come yet. That request is genuine all the same.
//!
//! One search hashes a bounded number of bytes and holds a bounded number of candidates, whatever is sent: see
//! [`super::detect`]. A body longer than [`LONGEST_BODY`] is not tried at all.

use super::{
    detect::{self, Lacking},
    request::Request,
    secret::SharedSecret,
};
use crate::domain::scheme::{KeyForm, Scheme};

pub use super::explains::{first, still};

/// The longest body that a scheme is learnt from, in bytes. An event of TimeMoto has about 1,300.
pub const LONGEST_BODY: usize = 64 * 1024;

/// The fewest bytes of a key that teaches. A shorter one is guessed by sending requests.
pub const SHORTEST_KEY: usize = 8;

/// Returns all schemes that explain a request and use the secret, the simplest first; none if its body is longer than
/// [`LONGEST_BODY`] or the secret is weaker than [`SHORTEST_KEY`].
pub fn explaining(request: &Request, secret: &SharedSecret) -> Vec<Scheme> {
    if request.body.len() > LONGEST_BODY || is_weak(secret) {
        return Vec::new();
    }
    let mut schemes = detect::search(request, &detect::keys(secret, SHORTEST_KEY)).schemes;
    schemes.retain(|scheme| scheme.message.covers_body());
    schemes
}

/// Says what a request lacks that [`explaining`] finds no scheme for. It searches nothing.
pub fn lacking(request: &Request, secret: &SharedSecret) -> Lacking {
    if is_weak(secret) {
        return Lacking::WeakSecret { shortest: SHORTEST_KEY };
    }
    if request.body.len() > LONGEST_BODY {
        return Lacking::TooLong { bytes: request.body.len(), longest: LONGEST_BODY };
    }
    Lacking::of(request, secret, &detect::scope(request, &detect::keys(secret, SHORTEST_KEY)))
}

/// Whether the secret can be guessed: neither UTF-16 nor a digest makes more of it than it says itself.
fn is_weak(secret: &SharedSecret) -> bool {
    secret.key(KeyForm::Bare).is_none_or(|bare| bare.len() < SHORTEST_KEY)
}

#[cfg(test)]
mod tests;
