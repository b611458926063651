//! What a request lacks for its scheme to be found, in words for people. No word of it shows a secret or a signature.

use std::fmt;

use super::{
    candidates::{LONGEST_NAME, LONGEST_VALUE},
    search::FoundScheme,
};
use crate::{
    domain::{attempt::Header, text::thousands},
    signing::{labelled, request::Request, secret::SharedSecret},
};

/// Why no scheme was found. `Display` is a sentence without a full stop, and begins in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lacking {
    /// The body is longer than those that schemes are learnt from.
    TooLong {
        /// The bytes of the body.
        bytes: usize,
        /// The longest that is taken.
        longest: usize,
    },
    /// The secret makes no key that cannot be guessed.
    WeakSecret {
        /// The fewest bytes that a key has.
        shortest: usize,
    },
    /// A header holds the secret instead of a signature.
    SecretShown {
        /// Its name.
        header: String,
    },
    /// No header holds anything that may be a signature.
    NoSignature {
        /// The header that packs one in a way that no scheme's text says.
        packed: Option<String>,
    },
    /// None of the constructions fits.
    NoneFits {
        /// How many were tried.
        tried: usize,
        /// The headers that were looked at.
        headers: Vec<String>,
        /// What is odd of the secret.
        oddity: Option<String>,
    },
}

impl Lacking {
    /// Says what a request lacks of which a search has found nothing.
    pub fn of(request: &Request, secret: &SharedSecret, found: &FoundScheme) -> Self {
        let is_short = |header: &&Header| header.name.len() <= LONGEST_NAME && header.value.len() <= LONGEST_VALUE;
        let mut short = request.headers.iter().filter(is_short);
        if let Some(header) = short.find(|header| secret.is_in(&header.value)) {
            return Lacking::SecretShown { header: header.name.clone() };
        }
        if found.headers.is_empty() {
            return Lacking::NoSignature { packed: labelled::told(request) };
        }
        Lacking::NoneFits { tried: found.tried, headers: found.headers.clone(), oddity: secret.oddity() }
    }

    /// A stable code, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Lacking::TooLong { .. } => "body_too_long",
            Lacking::WeakSecret { .. } => "secret_too_short",
            Lacking::SecretShown { .. } => "secret_shown",
            Lacking::NoSignature { .. } => "header_missing",
            Lacking::NoneFits { .. } => "none_found",
        }
    }

    /// What to try next, each a sentence like that of `Display`.
    pub fn next(&self) -> Vec<String> {
        let own = match self {
            Lacking::TooLong { .. } => vec!["a request that is short, such as a test".to_owned()],
            Lacking::WeakSecret { .. } => {
                vec!["a longer secret, for the sender and for us: 24 random bytes do".to_owned()]
            }
            Lacking::SecretShown { .. } => vec![
                "the sender's other setting: one by which it signs with the secret and does not send it".to_owned(),
                "a new secret, for the sender and for us: whoever saw this request knows the one that is in it"
                    .to_owned(),
            ],
            Lacking::NoSignature { .. } => {
                vec!["all headers of the request, the signature's among them, as they came".to_owned()]
            }
            Lacking::NoneFits { headers, .. } => vec![format!("looked at: {}", named(headers))],
        };
        let general = [
            "the body byte by byte, before anything reads it as JSON: a line break or a digit more is another body",
            "the secret as the sender shows it now: has it been replaced since the request came?",
            "a request that is short, such as a test, and a second one",
        ];
        let needs_more = matches!(self, Lacking::NoSignature { .. } | Lacking::NoneFits { .. });
        own.into_iter().chain(general.into_iter().filter(|_| needs_more).map(str::to_owned)).collect()
    }
}

/// How many headers are named.
const NAMED: usize = 8;

fn named(headers: &[String]) -> String {
    let more = headers.len().saturating_sub(NAMED);
    let names = headers[..headers.len() - more].join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lacking::TooLong { bytes, longest } => {
                write!(f, "the body has {bytes} bytes, and a scheme is learnt from {longest} at most")
            }
            Lacking::WeakSecret { shortest } => {
                write!(
                    f,
                    "the secret makes no key of {shortest} bytes, and nothing is learnt with one that can be guessed"
                )
            }
            Lacking::SecretShown { header } => {
                write!(f, "the header {header} holds the secret itself, which is no signature")
            }
            Lacking::NoSignature { packed } => {
                f.write_str("no header holds anything that may be a signature")?;
                packed.iter().try_for_each(|packed| write!(f, ": {packed}"))
            }
            Lacking::NoneFits { tried, headers: _, oddity } => {
                write!(f, "none of {} constructions fits", thousands(*tried as u64))?;
                oddity.iter().try_for_each(|oddity| write!(f, "; the secret {oddity}"))
            }
        }
    }
}
