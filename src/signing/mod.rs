//! Signing and verifying: what the service signs its deliveries with, and any other way in which a webhook may be signed,
//! written as a short text. All of it is pure: the clock and the request are given.
//!
//! - [`attempt`]: the two signatures of an attempt, `Timemoto-Signature` and Standard Webhooks.
//! - [`scheme`]: a way to sign as text: `hmac-sha256 key=secret message=raw encoding=hex`.
//! - [`secret`]: a secret in whatever form it was handed over, and the keys that can be made of it.
//! - [`recorded`]: requests as they were recorded.
//! - [`request`]: a request as it came, and the bytes of it that a scheme signs.
//! - [`detect`]: the scheme that genuine requests are signed by, found by trying.
//! - [`json`]: JSON as other languages write it again.
//! - [`snippet`]: a scheme as code in other languages.
//! - [`verdict`]: whether a request is genuine, and why not.

pub mod attempt;
pub mod detect;
mod digest;
pub mod json;
pub mod recorded;
pub mod request;
pub mod scheme;
pub mod secret;
pub mod sender;
pub mod snippet;
pub mod verdict;

pub use attempt::{
    DEFAULT_TOLERANCE, NotVerified, Signatures, TIMEMOTO_SIGNATURE, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP,
    sign, standard_signature, timemoto_signature, verify_standard, verify_timemoto,
};
pub use request::Request;
pub use scheme::Scheme;
pub use secret::SharedSecret;
