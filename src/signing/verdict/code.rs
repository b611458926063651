//! The codes of verdicts.

use crate::domain::text::named;

named!(
    /// Why a request is genuine, or is not: a stable code.
    Code, "a verdict's code", {
        /// The request is signed with the secret.
        Genuine = "genuine",
        /// The request is signed with a previous secret that is still valid.
        PreviousSecret = "previous_secret",
        /// A required header is missing.
        HeaderMissing = "header_missing",
        /// The scheme signs the URL, which is not known.
        UrlMissing = "url_missing",
        /// The scheme signs a part of the body that cannot be read.
        BodyUnreadable = "body_unreadable",
        /// The signature is right, but its hex digits are in the wrong case.
        UpperCaseHex = "upper_case_hex",
        /// The signature is right, but it has another encoding.
        OtherEncoding = "other_encoding",
        /// The signature is right, but a text stands before it.
        Prefixed = "prefixed",
        /// The signature is right, but it lacks its prefix.
        PrefixMissing = "prefix_missing",
        /// The signature is right with another key of the same secret.
        OtherKey = "other_key",
        /// What is there is no digest.
        MalformedSignature = "malformed_signature",
        /// The signer used the secret with whitespace, quotes or a byte order mark around it.
        SecretHasNewline = "secret_has_newline",
        /// The secret yields no key in the scheme's form.
        SecretUnfit = "secret_unfit",
        /// The signature fits the body as it was before it was changed.
        BodyChanged = "body_changed",
        /// The signature is right, but the request is older than the tolerance.
        TimestampTooOld = "timestamp_too_old",
        /// The signature is right, but the request is from the future.
        TimestampTooNew = "timestamp_too_new",
        /// The signature is right, but the time is not readable.
        TimestampUnreadable = "timestamp_unreadable",
        /// No other code applies.
        WrongSecret = "wrong_secret",
    }
);

impl Code {
    /// Whether a request with this verdict is genuine.
    pub fn is_genuine(self) -> bool {
        matches!(self, Code::Genuine | Code::PreviousSecret)
    }
}
