//! Signs a request as a sender does.

use zeroize::Zeroizing;

use super::{
    digest::{digest, encode},
    request::{Missing, Request},
    scheme::{Piece, Scheme, message::tells_time},
    secret::SharedSecret,
};
use crate::domain::{attempt::Header, time::Timestamp};

/// The reason why a request cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsignable {
    /// The secret yields no key in this form.
    #[error("the secret makes no key by key={0}")]
    NoKey(super::scheme::KeyForm),
    /// The request lacks a part that is signed.
    #[error(transparent)]
    Missing(#[from] Missing),
}

/// A derived key and its scheme.
pub struct Signer<'a> {
    scheme: &'a Scheme,
    key: Zeroizing<Vec<u8>>,
}

impl<'a> Signer<'a> {
    /// Derives the key for this scheme.
    ///
    /// # Errors
    /// Fails if the secret yields no such key.
    pub fn new(scheme: &'a Scheme, secret: &SharedSecret) -> Result<Self, Unsignable> {
        let key = secret.key(scheme.key).ok_or(Unsignable::NoKey(scheme.key))?;
        Ok(Signer { scheme, key })
    }

    /// Returns the encoded digest of a message without the prefix.
    pub fn written(&self, message: &[u8]) -> String {
        encode(&digest(self.scheme.algorithm, &self.key, message), self.scheme.encoding)
    }

    /// The value of the scheme's header for this request.
    ///
    /// # Errors
    /// Fails if the request lacks a part that is signed.
    pub fn value(&self, request: &Request) -> Result<String, Missing> {
        Ok(format!("{}{}", self.scheme.prefix, self.written(&request.message(&self.scheme.message)?)))
    }
}

/// Adds the headers that the scheme signs, and the signature, as a sender would at `now`. A missing time or id header
/// is filled in, a header that is present stays, and the signature replaces an earlier one.
///
/// # Errors
/// Fails if the secret yields no such key, or the request lacks a part that is signed.
pub fn add_headers(
    scheme: &Scheme,
    secret: &SharedSecret,
    request: &mut Request,
    now: Timestamp,
) -> Result<Vec<Header>, Unsignable> {
    let mut added: Vec<Header> = Vec::new();
    for name in scheme.message.headers() {
        if request.header(name).is_some() {
            continue;
        }
        let value = match name.to_ascii_lowercase() {
            lower if tells_time(&lower) => Some(now.as_seconds().to_string()),
            lower if lower.ends_with("id") => request.field("id"),
            _ => None,
        };
        let header = Header { name: name.to_owned(), value: value.ok_or_else(|| Missing::Header(name.to_owned()))? };
        request.headers.push(header.clone());
        added.push(header);
    }
    let value = Signer::new(scheme, secret)?.value(request)?;
    let signature = Header { name: scheme.header.clone(), value };
    request.headers.retain(|header| !header.name.eq_ignore_ascii_case(&signature.name));
    request.headers.push(signature.clone());
    added.push(signature);
    Ok(added)
}

/// Whether a scheme signs the URL.
pub fn needs_url(scheme: &Scheme) -> bool {
    scheme.message.pieces().iter().any(|piece| matches!(piece, Piece::Url | Piece::Path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::secret::{Secret, Secrets},
        signing,
    };

    fn signed(scheme: &str, secret: &str, body: &[u8]) -> String {
        let mut request = Request { body: body.to_vec(), ..Request::default() };
        let secret = SharedSecret::read(secret).unwrap();
        let added =
            add_headers(&scheme.parse().unwrap(), &secret, &mut request, Timestamp::from_seconds(1_000)).unwrap();
        added.iter().map(|header| format!("{}: {}", header.name, header.value)).collect::<Vec<_>>().join("\n")
    }

    /// The vector is from <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>.
    #[test]
    fn github_s_published_vector_is_reproduced() {
        assert_eq!(
            signed(
                "hmac-sha256 header=X-Hub-Signature-256 prefix=sha256=",
                "It's a Secret to Everybody",
                b"Hello, World!"
            ),
            "X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        );
    }

    /// The vector is from the tests of Convoy's Go library (simple signatures).
    #[test]
    fn convoy_s_published_vectors_are_reproduced() {
        let body = br#"{"email":"test@gmail.com","first_name":"test","last_name":"test"}"#;
        assert_eq!(
            signed("hmac-sha512 header=X-Convoy-Signature", "8IX9njirDG", body),
            "X-Convoy-Signature: 666060cbe1348bbc7ec98f4e93dda8eaaf11bbf283d6a2dd56e841b2ef12fcd465c846903f709942473e1442604\
             798186746f04848702c44a773f80672de7b21"
        );
        assert_eq!(
            signed("hmac-sha512 encoding=base64 header=X-Convoy-Signature", "8IX9njirDG", body),
            "X-Convoy-Signature: ZmBgy+E0i7x+yY9Ok92o6q8Ru/KD1qLdVuhBsu8S/NRlyEaQP3CZQkc+FEJgR5gYZ0bwSEhwLESnc/gGct57IQ=="
        );
    }

    /// The vector is from the tests of the Standard Webhooks libraries, such as those for C# and Go.
    #[test]
    fn the_published_vector_of_standard_webhooks_is_reproduced() {
        let secret = SharedSecret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let scheme = Scheme::standard(secret.standard_key());
        let header = |name: &str, value: &str| Header { name: name.to_owned(), value: value.to_owned() };
        let mut request = Request {
            url: None,
            headers: vec![
                header("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                header("webhook-timestamp", "1614265330"),
            ],
            body: br#"{"test": 2432232314}"#.to_vec(),
        };
        let added = add_headers(&scheme, &secret, &mut request, Timestamp::from_seconds(0)).unwrap();
        assert_eq!(added, [header("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]);
    }

    #[test]
    fn what_the_service_sends_is_what_its_schemes_say() {
        let secret: Secret = format!("tmkey_{}", "a".repeat(32)).parse().unwrap();
        let shared = SharedSecret::from(&secret);
        let now = Timestamp::from_seconds(1_795_455_600);
        let ours = signing::sign(&Secrets::only(secret), "tm_1", now, br#"{"id":"tm_1"}"#);
        let mut request = Request { body: br#"{"id":"tm_1"}"#.to_vec(), ..Request::default() };
        add_headers(&Scheme::timemoto(), &shared, &mut request, now).unwrap();
        add_headers(&Scheme::standard(shared.standard_key()), &shared, &mut request, now).unwrap();
        assert_eq!(request.header("timemoto-signature"), Some(ours.timemoto.as_str()));
        assert_eq!(request.header("webhook-timestamp"), Some(ours.timestamp.as_str()));
        assert_eq!(request.header("webhook-signature"), Some(ours.standard.as_str()));
        assert_eq!(request.header("webhook-id"), Some("tm_1"));
    }

    #[test]
    fn what_cannot_be_signed_is_said() {
        let sign = |scheme: &str, secret: &str| {
            let mut request = Request::default();
            let secret = SharedSecret::read(secret).unwrap();
            add_headers(&scheme.parse().unwrap(), &secret, &mut request, Timestamp::from_seconds(0))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(sign("hmac-sha256 key=hex", "no hex"), "the secret makes no key by key=hex");
        assert_eq!(sign("hmac-sha256 message={header:X-Tenant}{raw}", "s"), "the request has no header X-Tenant");
        assert_eq!(sign("hmac-sha256 message={url}{raw}", "s"), "the URL that the request was sent to is not known");
    }
}
