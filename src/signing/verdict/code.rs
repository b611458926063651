//! The codes of verdicts.

use std::{fmt, str::FromStr};

use crate::domain::{attempt::named, text::serde_as_text};

named!(
    /// Why a request is genuine, or is not: a stable code.
    Code, "a verdict's code", {
        /// It is signed with the secret.
        Genuine = "genuine",
        /// It is signed with a secret before it that is still good.
        PreviousSecret = "previous_secret",
        /// A header that has to be there is not.
        HeaderMissing = "header_missing",
        /// The scheme signs the URL, and that is not known.
        UrlMissing = "url_missing",
        /// The scheme signs a part of the body that cannot be read.
        BodyUnreadable = "body_unreadable",
        /// The signature is right, and in upper case where lower case is expected.
        UpperCaseHex = "upper_case_hex",
        /// The signature is right, and encoded otherwise.
        OtherEncoding = "other_encoding",
        /// The signature is right, with something before it.
        Prefixed = "prefixed",
        /// The signature is right, without what should stand before it.
        PrefixMissing = "prefix_missing",
        /// What is there is no digest.
        MalformedSignature = "malformed_signature",
        /// The secret that was signed with has a line break, or something else, around it.
        SecretHasNewline = "secret_has_newline",
        /// The secret makes no key in the form that the scheme wants.
        SecretUnfit = "secret_unfit",
        /// The signature fits the body as it was before somebody wrote it again.
        BodyChanged = "body_changed",
        /// It is signed, and older than the tolerance.
        TimestampTooOld = "timestamp_too_old",
        /// It is signed, and from the future.
        TimestampTooNew = "timestamp_too_new",
        /// It is signed, and nobody can tell when.
        TimestampUnreadable = "timestamp_unreadable",
        /// Nothing else explains it.
        WrongSecret = "wrong_secret",
    }
);

impl Code {
    /// Whether a request with this verdict is genuine.
    pub fn is_genuine(self) -> bool {
        matches!(self, Code::Genuine | Code::PreviousSecret)
    }
}
