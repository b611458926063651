//! The headers that sign one attempt of a delivery, by the scheme of its webhook.
//!
//! - `timemoto`: `Timemoto-Signature`, lower-case hex HMAC-SHA256 of the raw body, with the whole secret as key (WIRE.md:
//!   the one that receivers assume, which the vendor does not document).
//! - `standard` (<https://www.standardwebhooks.com>): `webhook-signature`, `v1,` and the Base64 of HMAC-SHA256 of
//!   `id.timestamp.body`; here the key is the secret's bytes. It goes with `webhook-id` and `webhook-timestamp`.
//! - `both` of them; `none`; or a scheme's text.
//!
//! While a secret is being rotated, a header that takes one signature has that of the old secret, for receivers that know
//! only one, and a header that takes several has both, the newest first.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{
    request::Request,
    secret::SharedSecret,
    sender::{Signatory, Unsignable},
};
use crate::domain::{
    attempt::Header,
    scheme::{Scheme, SchemeChoice, TIMEMOTO_SIGNATURE, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP},
    secret::{Secret, Secrets},
    time::Timestamp,
};

/// An attempt that is to be signed.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The event's id.
    pub id: &'a str,
    /// When the attempt begins.
    pub at: Timestamp,
    /// Where it goes.
    pub url: &'a str,
    /// The headers that it has already: a scheme's text may name them.
    pub headers: &'a [Header],
    /// Its body.
    pub body: &'a [u8],
}

/// The headers that sign a delivery with a webhook's live secrets.
///
/// # Errors
/// When a scheme's text signs what the delivery does not have.
pub fn sign(scheme: &SchemeChoice, secrets: &Secrets, delivery: Delivery<'_>) -> Result<Vec<Header>, Unsignable> {
    Ok(match scheme {
        SchemeChoice::Both => {
            let [id, timestamp, signature] = standard(secrets, delivery);
            vec![timemoto(secrets, delivery), id, timestamp, signature]
        }
        SchemeChoice::Timemoto => vec![timemoto(secrets, delivery)],
        SchemeChoice::Standard => standard(secrets, delivery).into(),
        SchemeChoice::None => Vec::new(),
        SchemeChoice::Text(scheme) => by_text(scheme, secrets, delivery)?,
    })
}

fn header(name: &str, value: String) -> Header {
    Header { name: name.to_owned(), value }
}

fn timemoto(secrets: &Secrets, delivery: Delivery<'_>) -> Header {
    header(TIMEMOTO_SIGNATURE, timemoto_signature(secrets.for_one_signature(), delivery.body))
}

fn standard(secrets: &Secrets, Delivery { id, at, body, .. }: Delivery<'_>) -> [Header; 3] {
    let timestamp = at.as_seconds().to_string();
    let mut signature = standard_signature(&secrets.secret, id, &timestamp, body);
    if let Some(previous) = &secrets.previous {
        signature.push(' ');
        signature.push_str(&standard_signature(&previous.secret, id, &timestamp, body));
    }
    [header(WEBHOOK_ID, id.to_owned()), header(WEBHOOK_TIMESTAMP, timestamp), header(WEBHOOK_SIGNATURE, signature)]
}

fn by_text(scheme: &Scheme, secrets: &Secrets, delivery: Delivery<'_>) -> Result<Vec<Header>, Unsignable> {
    let Delivery { id, at, url, headers, body } = delivery;
    let secrets: Vec<SharedSecret> = if scheme.takes_several() {
        let previous = secrets.previous.iter().map(|previous| &previous.secret);
        std::iter::once(&secrets.secret).chain(previous).map(SharedSecret::from).collect()
    } else {
        vec![SharedSecret::from(secrets.for_one_signature())]
    };
    let mut request = Request { url: Some(url.to_owned()), headers: headers.to_vec(), body: body.to_vec() };
    Signatory { scheme, secrets: &secrets, id: Some(id), now: at }.add_headers(&mut request)
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
    let mac = keyed(secret)
        .chain_update(id.as_bytes())
        .chain_update(b".")
        .chain_update(timestamp.as_bytes())
        .chain_update(b".")
        .chain_update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn keyed(secret: &Secret) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    Hmac::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{secret::PreviousSecret, time::Timestamp},
        signing::verdict::{Check, Code, DEFAULT_TOLERANCE},
    };

    const BODY: &[u8] = br#"{"id":"tm_0199c1d2e3f4758697a8b9cadbecfd0e"}"#;
    const NOW: i64 = 1_795_455_600;
    const TEXTS: [&str; 4] = [
        "hmac-sha256 header=X-Hub-Signature-256 prefix=sha256=",
        "sha512 key=bare place=after message={header:X-Sent-Time}.{id}.{raw} encoding=base64 header=X-Signature",
        "hmac-sha256 message={header:svix-id}.{header:svix-timestamp}.{raw} encoding=base64 header=svix-signature prefix=v1,",
        "hmac-sha1 message={header:Content-Type}{path}{raw} header=X-S",
    ];

    fn secret(letter: &str) -> Secret {
        format!("tmkey_{}", letter.repeat(32)).parse().unwrap()
    }

    fn rotating() -> Secrets {
        Secrets {
            secret: secret("b"),
            previous: Some(PreviousSecret { secret: secret("a"), expires_at: Timestamp::MAX }),
        }
    }

    /// A request as its receiver gets it.
    fn sent(scheme: &str, secrets: &Secrets) -> Request {
        let (url, content_type) =
            ("https://erp.example.com/hooks?a=1", header("content-type", "application/json".to_owned()));
        let delivery = Delivery {
            id: "tm_0199c1d2e3f4758697a8b9cadbecfd0e",
            at: Timestamp::from_seconds(NOW),
            url,
            headers: std::slice::from_ref(&content_type),
            body: BODY,
        };
        let mut headers = sign(&scheme.parse().unwrap(), secrets, delivery).unwrap();
        headers.push(content_type);
        Request { url: Some(url.to_owned()), headers, body: BODY.to_vec() }
    }

    fn codes(scheme: &str, secret: &Secret, request: &Request) -> Vec<Code> {
        let secret = &SharedSecret::from(secret);
        let judge = |scheme: &Scheme| {
            let (now, tolerance) = (Timestamp::from_seconds(NOW), Some(DEFAULT_TOLERANCE));
            Check { scheme, secret, previous: &[], now, tolerance }.of(request).code
        };
        secret.schemes(&scheme.parse().unwrap()).iter().map(judge).collect()
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
    fn each_scheme_has_its_headers_and_no_other() {
        let names = |scheme: &str| {
            let Request { headers, .. } = sent(scheme, &Secrets::only(secret("a")));
            let names: Vec<String> = headers.into_iter().map(|header| header.name).collect();
            names[..names.len() - 1].join(" ")
        };
        assert_eq!(names("both"), "Timemoto-Signature webhook-id webhook-timestamp webhook-signature");
        assert_eq!(names("timemoto"), "Timemoto-Signature");
        assert_eq!(names("standard"), "webhook-id webhook-timestamp webhook-signature");
        assert_eq!(names("none"), "");
        assert_eq!(
            TEXTS.map(names),
            ["X-Hub-Signature-256", "X-Sent-Time X-Signature", "svix-id svix-timestamp svix-signature", "X-S"]
        );
    }

    #[test]
    fn what_is_signed_verifies_and_what_is_altered_does_not() {
        for scheme in TEXTS.into_iter().chain(["both", "timemoto", "standard"]) {
            let request = sent(scheme, &Secrets::only(secret("a")));
            assert!(codes(scheme, &secret("a"), &request).iter().all(|code| *code == Code::Genuine), "{scheme}");
            assert!(codes(scheme, &secret("b"), &request).iter().all(|code| *code == Code::WrongSecret), "{scheme}");
            let altered = Request { body: b"{\"id\":\"tm_1\"}".to_vec(), ..request };
            assert!(codes(scheme, &secret("a"), &altered).iter().all(|code| !code.is_genuine()), "{scheme}");
        }
    }

    /// A receiver that knows one secret, old or new, where several signatures have room; else the old one until it ends.
    #[test]
    fn while_a_secret_is_rotated_receivers_that_know_the_old_one_go_on() {
        for (scheme, new) in
            [("timemoto", false), ("standard", true), (TEXTS[0], false), (TEXTS[1], false), (TEXTS[2], true)]
        {
            let request = sent(scheme, &rotating());
            assert_eq!(codes(scheme, &secret("a"), &request), [Code::Genuine], "{scheme}");
            assert_eq!(codes(scheme, &secret("b"), &request) == [Code::Genuine], new, "{scheme}");
        }
    }

    #[test]
    fn what_a_delivery_does_not_have_is_named() {
        let delivery = Delivery {
            id: "tm_1",
            at: Timestamp::from_seconds(NOW),
            url: "https://a.example/",
            headers: &[],
            body: b"[]",
        };
        let scheme = "hmac-sha256 message={sequence}{raw}".parse().unwrap();
        let error = sign(&scheme, &Secrets::only(secret("a")), delivery).unwrap_err();
        assert_eq!(error.to_string(), "the body has no field sequence");
    }
}
