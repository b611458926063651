//! Signs and verifies requests: by the two schemes of the service's deliveries, and by any other scheme that a short
//! text describes. All of it is pure: it reads no clock, file or network.
//!
//! - [`attempt`]: the headers that sign an attempt, by the scheme of its webhook.
//! - [`scheme`]: a way to sign as text: `hmac-sha256 key=secret message=raw encoding=hex`; it is part of the domain.
//! - [`secret`]: a secret in whatever form it was handed over, and the keys that can be made of it.
//! - [`recorded`]: requests as they were recorded.
//! - [`request`]: a request as it came, and the bytes of it that a scheme signs.
//! - [`detect`]: the scheme that genuine requests are signed by, found by trying.
//! - [`learn`]: the same for a source, whose requests may be anybody's.
//! - [`json`]: JSON as other languages write it again.
//! - [`labelled`]: headers that no scheme's text says.
//! - [`snippet`]: a scheme as code in other languages.
//! - [`verdict`]: whether a request is genuine, and why not.

pub mod attempt;
pub mod detect;
mod digest;
mod explains;
pub mod json;
pub mod labelled;
pub mod learn;
pub mod recorded;
pub mod request;
pub mod secret;
pub mod sender;
pub mod snippet;
pub mod verdict;

pub use crate::domain::scheme::{self, Scheme, TIMEMOTO_SIGNATURE, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP};
pub use attempt::{Delivery, sign};
pub use request::Request;
pub use secret::SharedSecret;
pub use verdict::DEFAULT_TOLERANCE;
