//! Signs a request as a sender does.

use zeroize::Zeroizing;

use super::{
    digest::{digest, encode},
    request::{Missing, Request},
    secret::SharedSecret,
};
use crate::domain::{
    attempt::Header,
    retry_after::to_http_date,
    scheme::{
        KeyForm, Piece, Scheme,
        message::{tells_id, tells_time},
    },
    time::Timestamp,
};

/// The reason why a request cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsignable {
    /// The secret yields no key in this form.
    #[error("the secret makes no key by key={0}")]
    NoKey(KeyForm),
    /// The request has not all that is signed.
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
        encode(&digest(self.scheme.algorithm, &self.key, &[message]), self.scheme.encoding)
    }

    /// The value of the scheme's header for this request.
    ///
    /// # Errors
    /// Fails if the request lacks a part that is signed.
    pub fn value(&self, request: &Request) -> Result<String, Missing> {
        Ok(format!("{}{}", self.scheme.prefix, self.written(&request.message(&self.scheme.message)?)))
    }
}

/// Who signs requests, by which scheme and when.
#[derive(Debug, Clone, Copy)]
pub struct Signatory<'a> {
    /// The scheme.
    pub scheme: &'a Scheme,
    /// The secrets; each of several makes a signature, with a blank between.
    pub secrets: &'a [SharedSecret],
    /// The event's id.
    pub id: Option<&'a str>,
    /// The time now.
    pub now: Timestamp,
}

impl Signatory<'_> {
    /// Gives a request the headers that the scheme names and the signature, and says which. The time goes into a header
    /// that tells it, the event's id into one for ids; what is there already stays.
    ///
    /// # Errors
    /// When a secret makes no such key, or the scheme signs what the request does not have.
    pub fn add_headers(&self, request: &mut Request) -> Result<Vec<Header>, Unsignable> {
        let Signatory { scheme, secrets, .. } = self;
        let mut added: Vec<Header> = Vec::new();
        for name in scheme.message.headers() {
            if request.header(name).is_none() {
                let header = Header { name: name.to_owned(), value: self.told_by(name)? };
                request.headers.push(header.clone());
                added.push(header);
            }
        }
        let sign = |secret: &SharedSecret| Ok(Signer::new(scheme, secret)?.value(request)?);
        let signatures = secrets.iter().map(sign).collect::<Result<Vec<_>, Unsignable>>()?;
        let signature = Header { name: scheme.header.clone(), value: signatures.join(" ") };
        request.headers.retain(|header| !header.name.eq_ignore_ascii_case(&signature.name));
        request.headers.push(signature.clone());
        added.push(signature);
        Ok(added)
    }

    /// What a header tells that nobody has given: the time as it is written in such a header, or the id.
    fn told_by(&self, name: &str) -> Result<String, Missing> {
        let told = match self.id {
            id if tells_id(name) => id.map(str::to_owned),
            _ if name.eq_ignore_ascii_case("date") => Some(to_http_date(self.now)),
            _ if tells_time(name) => Some(self.now.as_seconds().to_string()),
            _ => None,
        };
        told.ok_or_else(|| Missing::Header(name.to_owned()))
    }
}

/// Whether a scheme signs the URL.
pub fn needs_url(scheme: &Scheme) -> bool {
    scheme.message.pieces().iter().any(|piece| matches!(piece, Piece::Url | Piece::Path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            scheme::SchemeChoice,
            secret::{Secret, Secrets},
        },
        signing::{self, Delivery},
    };

    fn add_headers(scheme: &Scheme, secret: &SharedSecret, request: &mut Request) -> Result<Vec<Header>, Unsignable> {
        let id = request.field("id");
        let now = Timestamp::from_seconds(1_795_455_600);
        Signatory { scheme, secrets: std::slice::from_ref(secret), id: id.as_deref(), now }.add_headers(request)
    }

    fn signed(scheme: &str, secret: &str, body: &[u8]) -> String {
        let mut request = Request { body: body.to_vec(), ..Request::default() };
        let added = add_headers(&scheme.parse().unwrap(), &SharedSecret::read(secret).unwrap(), &mut request).unwrap();
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
        let added = add_headers(&scheme, &secret, &mut request).unwrap();
        assert_eq!(added, [header("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]);
    }

    #[test]
    fn what_the_service_sends_is_what_its_schemes_say() {
        let secret: Secret = format!("tmkey_{}", "a".repeat(32)).parse().unwrap();
        let shared = SharedSecret::from(&secret);
        let body = br#"{"id":"tm_1"}"#;
        let at = Timestamp::from_seconds(1_795_455_600);
        let delivery = Delivery { id: "tm_1", at, url: "https://a.example/", headers: &[], body };
        let ours = signing::sign(&SchemeChoice::Both, &Secrets::only(secret), delivery).unwrap();
        let mut request = Request { body: body.to_vec(), ..Request::default() };
        for scheme in shared.schemes(&SchemeChoice::Both) {
            add_headers(&scheme, &shared, &mut request).unwrap();
        }
        assert_eq!(request.headers, ours);
    }

    #[test]
    fn a_time_and_an_id_are_told_as_their_headers_have_them() {
        let told = |name: &str| {
            let scheme = format!("hmac-sha256 message={{header:{name}}}{{raw}}");
            let lines = signed(&scheme, "s", br#"{"id":"tm_1"}"#);
            lines.lines().next().unwrap().split_once(": ").unwrap().1.to_owned()
        };
        assert_eq!(told("X-Timestamp"), "1795455600");
        assert_eq!(told("Date"), "Mon, 23 Nov 2026 17:40:00 GMT");
        assert_eq!([told("svix-id"), told("X-Update-Id")], ["tm_1", "tm_1"]);
    }

    #[test]
    fn what_cannot_be_signed_is_said() {
        let sign = |scheme: &str, secret: &str| {
            let mut request = Request::default();
            let secret = SharedSecret::read(secret).unwrap();
            add_headers(&scheme.parse().unwrap(), &secret, &mut request).unwrap_err().to_string()
        };
        assert_eq!(sign("hmac-sha256 key=hex", "no hex"), "the secret makes no key by key=hex");
        assert_eq!(sign("hmac-sha256 message={header:X-Tenant}{raw}", "s"), "the request has no header X-Tenant");
        assert_eq!(sign("hmac-sha256 message={url}{raw}", "s"), "the URL that the request was sent to is not known");
    }
}
