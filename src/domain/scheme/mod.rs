//! A way to sign, as a short text: `hmac-sha256 key=secret message=raw encoding=hex`.
//!
//! ```text
//! algorithm  hmac-{sha256|sha1|sha512|md5} | {sha256|sha1|sha512|md5}
//! key        secret|bare|hex|base64|utf16le|sha256|upper|lower
//! place      before|after|both                  (plain digests only)
//! message    raw|data|url|path|json:{minified|pretty|sorted|js|python|dotnet|php}
//!            or a pattern: {id}.{raw}  {header:X-Timestamp}:{raw}  {raw}\n
//! encoding   hex|hex-upper|base64|base64-nopad|base64url|base64url-nopad
//! header     Timemoto-Signature     prefix  sha256=
//! ```

mod choice;
mod escape;
mod headers;
pub mod message;
pub mod parts;
mod sendable;
mod sentence;
mod text;

pub use choice::{NAMED, SchemeChoice};
pub use headers::{
    TIMEMOTO_SIGNATURE, WEBHOOK_ATTEMPT, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP, WEBHOOK_VERSION,
};
pub use message::{BodyField, Message, Piece};
pub use parts::{Algorithm, Encoding, Hash, JsonForm, KeyForm, Place};
pub use sendable::{LONGEST_SCHEME, check_sendable};
pub use sentence::{in_words, key_in_words};
pub use text::{NotAScheme, Scheme};
