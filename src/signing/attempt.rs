//! Signs and verifies deliveries by the scheme that receivers of TimeMoto assume, and by Standard Webhooks.
//!
//! - `Timemoto-Signature`: lower-case hex HMAC-SHA256 of the raw body, with the whole secret as the key. Receivers assume
//!   it; the vendor does not document it.
//! - `webhook-signature` (<https://www.standardwebhooks.com>): `v1,` and the Base64 of HMAC-SHA256 of
//!   `id.timestamp.body`. Here, the key is the secret's bytes.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::{
    secret::{Secret, Secrets},
    time::Timestamp,
};

/// The header of the scheme that receivers of TimeMoto assume.
pub const TIMEMOTO_SIGNATURE: &str = "Timemoto-Signature";
/// The header with the event's id (Standard Webhooks).
pub const WEBHOOK_ID: &str = "webhook-id";
/// The header with the time of the attempt in Unix seconds (Standard Webhooks).
pub const WEBHOOK_TIMESTAMP: &str = "webhook-timestamp";
/// The header with one signature per live secret (Standard Webhooks).
pub const WEBHOOK_SIGNATURE: &str = "webhook-signature";

/// The largest difference between a timestamp and the receiver's clock, as Standard Webhooks recommends.
pub const DEFAULT_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// The signatures of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatures {
    /// The value of `Timemoto-Signature`: 64 hex digits.
    pub timemoto: String,
    /// The value of `webhook-timestamp`: Unix seconds.
    pub timestamp: String,
    /// The value of `webhook-signature`: one `v1,…` per live secret, the newest first, separated by spaces.
    pub standard: String,
}

/// Signs a body for one attempt with a webhook's live secrets.
pub fn sign(secrets: &Secrets, id: &str, at: Timestamp, body: &[u8]) -> Signatures {
    let timestamp = at.as_seconds().to_string();
    let mut standard = standard_signature(&secrets.secret, id, &timestamp, body);
    if let Some(previous) = &secrets.previous {
        standard.push(' ');
        standard.push_str(&standard_signature(&previous.secret, id, &timestamp, body));
    }
    Signatures { timemoto: timemoto_signature(secrets.for_timemoto(), body), timestamp, standard }
}

/// The value of `Timemoto-Signature` for a body.
pub fn timemoto_signature(secret: &Secret, body: &[u8]) -> String {
    let mut digits = [0; 64];
    // `hex::encode` collects single characters, which is slow. This cannot fail: the buffer has the right length.
    let _ = hex::encode_to_slice(keyed(secret).chain_update(body).finalize().into_bytes(), &mut digits);
    String::from_utf8_lossy(&digits).into_owned()
}

/// One entry of `webhook-signature`. `timestamp` is the header's text, as it was or will be sent.
pub fn standard_signature(secret: &Secret, id: &str, timestamp: &str, body: &[u8]) -> String {
    format!("v1,{}", STANDARD.encode(standard_mac(secret, id, timestamp, body).finalize().into_bytes()))
}

/// Whether `signature`, the value of `Timemoto-Signature`, is right for this body. Compares in constant time.
pub fn verify_timemoto(secret: &Secret, body: &[u8], signature: &str) -> bool {
    let mac = keyed(secret).chain_update(body);
    hex::decode(signature.trim()).is_ok_and(|bytes| mac.verify_slice(&bytes).is_ok())
}

/// Why a request's Standard Webhooks headers were not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// `webhook-timestamp` is not a number of seconds.
    #[error("webhook-timestamp is not a number of seconds")]
    TimestampUnreadable,
    /// The request is older than the tolerance.
    #[error("the request is too old: it may be a replay, or the clocks differ")]
    TooOld,
    /// The request is from the future by more than the tolerance.
    #[error("the request is from the future: the clocks differ")]
    TooNew,
    /// No entry of `webhook-signature` matches.
    #[error("no signature matches: the secret differs, or the body is not the raw bytes that were sent")]
    NoMatch,
}

/// Checks a request's Standard Webhooks headers against a secret. `now` is the receiver's clock; without a
/// `tolerance` the time is not checked.
pub fn verify_standard(
    secret: &Secret,
    id: &str,
    timestamp: &str,
    signatures: &str,
    body: &[u8],
    now: Timestamp,
    tolerance: Option<Duration>,
) -> Result<(), NotVerified> {
    let mac = standard_mac(secret, id, timestamp, body);
    let matches = signatures
        .split_ascii_whitespace()
        .filter_map(|entry| STANDARD.decode(entry.strip_prefix("v1,")?).ok())
        .any(|bytes| mac.clone().verify_slice(&bytes).is_ok());
    if !matches {
        return Err(NotVerified::NoMatch);
    }
    tolerance.map_or(Ok(()), |tolerance| check_age(timestamp, now, tolerance))
}

fn check_age(timestamp: &str, now: Timestamp, tolerance: Duration) -> Result<(), NotVerified> {
    let sent = timestamp.parse().map(Timestamp::from_seconds).map_err(|_| NotVerified::TimestampUnreadable)?;
    if now.since(sent) > tolerance + Duration::from_secs(1) {
        Err(NotVerified::TooOld)
    } else if sent.since(now) > tolerance {
        Err(NotVerified::TooNew)
    } else {
        Ok(())
    }
}

fn standard_mac(secret: &Secret, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    keyed(secret)
        .chain_update(id.as_bytes())
        .chain_update(b".")
        .chain_update(timestamp.as_bytes())
        .chain_update(b".")
        .chain_update(body)
}

fn keyed(secret: &Secret) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    Hmac::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::PreviousSecret;

    const BODY: &[u8] = br#"{"id":"tm_0199c1d2e3f4758697a8b9cadbecfd0e"}"#;
    const AT: Timestamp = Timestamp::MAX;

    fn secret(letter: &str) -> Secret {
        format!("tmkey_{}", letter.repeat(32)).parse().unwrap()
    }

    #[test]
    fn signatures_match_what_openssl_makes() {
        // printf %s '{"id":"tm_0199c1d2e3f4758697a8b9cadbecfd0e"}' | openssl dgst -sha256 -hmac tmkey_aaaa…
        assert_eq!(
            timemoto_signature(&secret("a"), BODY),
            "d73948c4770446c0ba37e56d57f6de8b42475cc6255bdb1d9733ebc80141889b"
        );
        // printf %s 'id.1795455600.{…}' | openssl dgst -sha256 -hmac tmkey_aaaa… -binary | base64
        assert_eq!(
            standard_signature(&secret("a"), "id", "1795455600", BODY),
            "v1,DIyiUsm0mA8xsqiiU89E2J4eVGnAmRPoj19+33s26uw="
        );
    }

    #[test]
    fn an_altered_body_or_another_secret_is_rejected() {
        let good = timemoto_signature(&secret("a"), BODY);
        assert!(verify_timemoto(&secret("a"), BODY, &good));
        assert!(verify_timemoto(&secret("a"), BODY, &good.to_uppercase()));
        assert!(!verify_timemoto(&secret("b"), BODY, &good));
        assert!(!verify_timemoto(&secret("a"), b"{}", &good));
        for wrong in ["", "00", &good[1..], "not hex"] {
            assert!(!verify_timemoto(&secret("a"), BODY, wrong), "{wrong}");
        }
    }

    #[test]
    fn while_rotating_both_secrets_verify_and_timemoto_keeps_the_old() {
        let previous = PreviousSecret { secret: secret("a"), expires_at: AT };
        let now = Timestamp::from_seconds(1_000);
        let signed = sign(&Secrets { secret: secret("b"), previous: Some(previous) }, "id", now, BODY);
        for letter in ["a", "b"] {
            let verified = verify_standard(
                &secret(letter),
                "id",
                &signed.timestamp,
                &signed.standard,
                BODY,
                now,
                Some(DEFAULT_TOLERANCE),
            );
            assert_eq!(verified, Ok(()), "{letter}");
        }
        assert!(verify_timemoto(&secret("a"), BODY, &signed.timemoto));
        assert!(!verify_timemoto(&secret("b"), BODY, &signed.timemoto));
    }

    #[test]
    fn old_and_future_requests_are_rejected() {
        let signed = sign(&Secrets::only(secret("a")), "id", Timestamp::from_seconds(1_000), BODY);
        let at = |seconds: i64, tolerance| {
            let now = Timestamp::from_seconds(seconds);
            verify_standard(&secret("a"), "id", &signed.timestamp, &signed.standard, BODY, now, tolerance)
        };
        let tolerance = Some(DEFAULT_TOLERANCE);
        assert_eq!(at(1_300, tolerance), Ok(()));
        assert_eq!(at(1_302, tolerance), Err(NotVerified::TooOld));
        assert_eq!(at(699, tolerance), Err(NotVerified::TooNew));
        assert_eq!(at(9_999, None), Ok(()));
    }
}
