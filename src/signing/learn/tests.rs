mod attacks;
mod reports;

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::{
    domain::{attempt::Header, scheme::Hash, time::Timestamp},
    signing::{
        detect::tests::{Fixture, fixtures},
        sender::Signatory,
        verdict::Check,
    },
};

pub(super) const SECRET: &str = "tmkey_Zx81Kq0aVb7LmN3pRt6UwYc2EdFgHj45";

pub(super) fn secret(text: &str) -> SharedSecret {
    SharedSecret::read(text).unwrap()
}

pub(super) fn header(name: &str, value: impl Into<String>) -> Header {
    Header { name: name.to_owned(), value: value.into() }
}

/// A request with this body and no header.
pub(super) fn plain(body: impl Into<Vec<u8>>) -> Request {
    Request { url: None, headers: Vec::new(), body: body.into() }
}

/// Signs a request as a sender does.
pub(super) fn signed(scheme: &str, with: &str, mut request: Request) -> Request {
    let (scheme, now) = (scheme.parse().unwrap(), Timestamp::from_seconds(1_795_455_600));
    let secrets = &[secret(with)];
    Signatory { scheme: &scheme, secrets, id: Some("tm_1"), now }.add_headers(&mut request).unwrap();
    request
}

fn texts(schemes: &[Scheme]) -> Vec<String> {
    schemes.iter().map(ToString::to_string).collect()
}

#[rstest]
#[case::as_they_came([0, 1], 1)]
#[case::the_other_way_round([1, 0], 6)]
fn each_scheme_is_learnt_from_two_requests(#[case] order: [usize; 2], #[case] step: usize) {
    let [first, second] = order;
    let fixtures = fixtures();
    assert!(fixtures.len() >= 60, "{}", fixtures.len());
    for Fixture { scheme, secret, requests } in fixtures.iter().step_by(step) {
        let found = explaining(&requests[first], secret);
        assert!(found.contains(scheme), "{scheme} is not among {:?}", texts(&found));
        assert_eq!(still(&found, &requests[first], secret), found, "what is found explains its own request");
        let narrowed = still(&found, &requests[second], secret);
        assert_eq!(narrowed.first(), Some(scheme), "of {:?}", texts(&narrowed));
    }
}

/// What is learnt needs the secret: another one, however alike, fits nothing.
#[test]
fn what_is_learnt_needs_the_secret() {
    for Fixture { scheme, secret, requests } in fixtures().iter().step_by(9) {
        for found in explaining(&requests[0], secret) {
            for other in ["tmkey_Zx81Kq0aVb7LmN3pRt6UwYc2EdFgHj46", "00000000000000000000000000000000"] {
                let other = self::secret(other);
                assert_eq!(still(std::slice::from_ref(&found), &requests[0], &other), [], "{scheme}: {found}");
            }
        }
    }
}

#[test]
fn one_scheme_is_judged_as_by_verify() {
    for Fixture { scheme, secret, requests } in &fixtures() {
        let [one, second] = requests.as_slice() else { panic!("two requests") };
        let altered = Request { body: second.body.clone(), ..one.clone() };
        let unsigned = Request { headers: Vec::new(), ..one.clone() };
        let upper = |header: &Header| Header { value: header.value.to_uppercase(), ..header.clone() };
        let shouted = Request { headers: one.headers.iter().map(upper).collect(), ..one.clone() };
        let twice = Request { headers: second.headers.iter().chain(&one.headers).cloned().collect(), ..one.clone() };
        let no_json = Request { body: b"\xff{".to_vec(), ..one.clone() };
        for request in [one, second, &altered, &unsigned, &shouted, &twice, &no_json] {
            let check = Check { scheme, secret, previous: &[], now: Timestamp::from_seconds(0), tolerance: None };
            let is_kept = still(std::slice::from_ref(scheme), request, secret) == [scheme.clone()];
            assert_eq!(is_kept, check.of(request).is_genuine(), "{scheme} of {request:?}");
            let known = [Scheme { header: "X-Other".to_owned(), ..scheme.clone() }, scheme.clone()];
            assert_eq!(first(&known, request, secret), is_kept.then_some(scheme), "the one before it does not fit");
        }
    }
}

/// A short body is the same in many forms, and a digest may have neither + nor /: the true scheme stays until it is alone.
#[test]
fn what_fits_too_is_dropped_later_and_the_true_one_never() {
    for truth in ["raw", "json:minified", "json:js", "json:sorted", "json:php"] {
        for encoding in ["hex", "base64", "base64url"] {
            let truth = format!("hmac-sha256 key=secret message={truth} encoding={encoding} header=X-Signature");
            let bodies = [r#"{"a":1}"#, r#"{"b":1,"a":2}"#, r#"{"a": "é/"}"#, r#"{"b":"é/","a":[{}, 1.0]}"#];
            let sent = |body: &&str| signed(&truth, SECRET, plain(*body));
            let mut known = explaining(&sent(&bodies[0]), &secret(SECRET));
            assert!(known.len() > 4, "{:?}", texts(&known));
            for body in &bodies[1..] {
                let narrowed = still(&known, &sent(body), &secret(SECRET));
                assert!(texts(&narrowed).contains(&truth) && narrowed.len() <= known.len(), "{truth}: {known:?}");
                known = narrowed;
            }
            for number in 0..24 {
                known = still(&known, &sent(&format!("{{\"n\": [{number},\"<é\"]}}").as_str()), &secret(SECRET));
            }
            assert_eq!(texts(&known), [truth]);
        }
    }
}

#[test]
fn data_alone_ranks_last() {
    let body = r#"{"id":"tm_1","event":"test","data":{"a":1}}"#;
    let request = signed("hmac-sha256 message=data", SECRET, plain(body));
    assert_eq!(texts(&explaining(&request, &secret(SECRET))), ["hmac-sha256 key=secret message=data encoding=hex"]);
    let mut both = signed("hmac-sha256 header=X-Of-Data message=data", SECRET, plain(body));
    both = signed("sha512 key=lower place=both message={raw}.{id} encoding=base64 header=X-Odd", SECRET, both);
    let found = explaining(&both, &secret(SECRET));
    assert_eq!((found[0].header.as_str(), found.last().unwrap().header.as_str()), ("X-Odd", "X-Of-Data"));
}

#[test]
fn a_secret_that_can_be_guessed_teaches_nothing() {
    let taught = |scheme: &str, with: &str| {
        let request = signed(scheme, with, plain(r#"{"id":"tm_1"}"#));
        (explaining(&request, &secret(with)).len(), lacking(&request, &secret(with)).code())
    };
    assert_eq!(taught("hmac-sha256", "1234567"), (0, "secret_too_short"));
    assert_eq!(taught("hmac-sha256 key=sha256", "1234567"), (0, "secret_too_short"));
    assert_eq!(taught("hmac-sha256 key=bare", "whsec_1234567"), (0, "secret_too_short"));
    assert_eq!(taught("hmac-sha256 key=base64", "whsec_AP8AAAAAAAAA").0, 0, "its key is two bytes and zeros");
    assert!(taught("hmac-sha256", "12345678").0 > 0);
    assert!(taught("hmac-sha256 key=base64", "whsec_MfKQ9r8GKYo=").0 > 0);
}

#[test]
fn what_is_lacking_is_said() {
    let said = |request: &Request, with: &str| lacking(request, &secret(with)).to_string();
    let body = r#"{"id":"tm_1"}"#;
    let with = |name: &str, value: &str| Request { headers: vec![header(name, value)], ..plain(body) };
    let nothing = "no header holds anything that may be a signature";
    assert_eq!(said(&plain(body), SECRET), nothing);
    assert!(said(&with("X-Sig", "t=1614265330,v1=00ff"), SECRET).starts_with(&format!("{nothing}: the header X-Sig")));
    assert_eq!(
        said(&with("Authorization", &format!("Bearer {SECRET}")), SECRET),
        "the header Authorization holds the secret itself, which is no signature"
    );
    let wrong = with("X-Sig", &"0f".repeat(32));
    assert_eq!(said(&wrong, SECRET), "none of 2,352 constructions fits");
    assert!(said(&wrong, "v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").contains("fits; the secret begins with v1"));
    assert_eq!(lacking(&wrong, &secret(SECRET)).next()[0], "looked at: X-Sig");
    assert_eq!(
        said(&plain(vec![b' '; LONGEST_BODY + 1]), SECRET),
        "the body has 65537 bytes, and a scheme is learnt from 65536 at most"
    );
    for request in [wrong, with("X-Sig", SECRET), plain(body)] {
        let lacking = lacking(&request, &secret(SECRET));
        let all = format!("{lacking} {lacking:?} {:?}", lacking.next());
        assert!(!all.contains(&SECRET[6..]) && !all.contains("0f0f"), "{all}");
        assert!(!lacking.next().is_empty());
    }
}

/// What stands before a service adds headers, some of which look like digests or may be signed too.
#[test]
fn a_signature_is_found_in_any_of_twenty_headers() {
    let around = [
        ("Host", "hooks.example.com"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Content-Length", "302"),
        ("User-Agent", "sender/1.0"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip, br"),
        ("CF-Ray", "8f3b1c2d4e5f6a7b-FRA"),
        ("CF-Connecting-IP", "192.0.2.7"),
        ("CF-Visitor", "{\"scheme\":\"https\"}"),
        ("CDN-Loop", "cloudflare; loops=1"),
        ("X-Request-Id", "5f2b8c9e1d3a4b6c7d8e9f0a1b2c3d4e"),
        ("X-Correlation-Id", "0199c1d2-e3f4-7586-97a8-b9cadbecfd0e"),
        ("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678"),
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ("tracestate", "vendor=00f067aa0ba902b7"),
        ("X-Forwarded-For", "192.0.2.7, 198.51.100.9"),
        ("X-Forwarded-Proto", "https"),
        ("X-Real-IP", "192.0.2.7"),
        ("If-None-Match", "\"5d41402abc4b2a76b9719d911017c592\""),
        ("X-Timestamp", "1795455601"),
    ];
    let headers: Vec<Header> = around.iter().map(|(name, value)| header(name, *value)).collect();
    for name in
        ["Timemoto-Signature", "X-Request-Id", "X-Correlation-Id", "Authorization", "If-None-Match", "X-Anything"]
    {
        for message in ["raw", "{header:X-Timestamp}.{raw}"] {
            let scheme = format!("hmac-sha1 key=secret message={message} encoding=hex header={name}");
            let body = r#"{"id":"tm_1","event":"test","sequence":7,"dispatchedAt":1795455600}"#;
            let request = signed(&scheme, SECRET, Request { headers: headers.clone(), ..plain(body) });
            let found = texts(&explaining(&request, &secret(SECRET)));
            assert!(found.contains(&scheme.replace(" header=Timemoto-Signature", "")), "{scheme}: {found:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// However odd the secret is: a scheme that is found fits with this secret alone, and who does not know it finds none.
    #[test]
    fn no_secret_makes_a_scheme_that_needs_none(
        text in "(tmkey_|whsec_|v1,|)([0A=]{0,40}|[0-9a-f]{0,40}|[ -~é]{0,20})",
        hash in proptest::sample::select(Hash::ALL),
        key in proptest::sample::select(vec!["", "\0", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "tmkey_", "whsec_", "secret"]),
        is_hmac: bool,
    ) {
        prop_assume!(SharedSecret::read(&text).is_ok());
        let secret = secret(&text);
        let forged = attacks::forged(hash, is_hmac, key.as_bytes(), br#"{"id":"tm_1"}"#);
        prop_assert_eq!(explaining(&forged, &secret), []);
        let genuine = signed(&format!("hmac-{hash}"), &text, plain(r#"{"id":"tm_1"}"#));
        let other = self::secret(&format!("{text}~"));
        for scheme in explaining(&genuine, &secret) {
            prop_assert_eq!(still(&[scheme], &genuine, &other), []);
        }
    }
}
