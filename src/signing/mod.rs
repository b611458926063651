//! Signs and verifies requests: by the two schemes of the service's deliveries, and by any other scheme that a short
//! text describes. All of it is pure: it reads no clock, file or network.
//!
//! - [`attempt`]: the two signatures of an attempt, `Timemoto-Signature` and Standard Webhooks.
//! - [`scheme`]: a scheme as text: `hmac-sha256 key=secret message=raw encoding=hex`.
//! - [`secret`]: a shared secret in any form, and the keys that it yields.
//! - [`recorded`]: parses recorded requests.
//! - [`request`]: a request, and the bytes of it that a scheme signs.
//! - [`sender`]: signs a request as a sender does.
//! - [`detect`]: finds the scheme that genuine requests are signed by.
//! - [`json`]: serializes JSON as other languages do.
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
