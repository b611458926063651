use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    super::{Request, Scheme, SharedSecret, recorded, sender::Signatory, verdict::Check},
    *,
};
use crate::domain::{attempt::Header, time::Timestamp};

/// Requests that a separate program signed: `tests/fixtures/schemes.py`.
const FIXTURES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemes.ndjson"));

/// Requests of one sender.
pub struct Fixture {
    /// How they are signed.
    pub scheme: Scheme,
    /// What they are signed with.
    pub secret: SharedSecret,
    /// The requests.
    pub requests: Vec<Request>,
}

/// All of them.
pub fn fixtures() -> Vec<Fixture> {
    #[derive(Deserialize)]
    struct Line {
        scheme: Scheme,
        secret: String,
        requests: Vec<Box<RawValue>>,
    }
    let fixture = |line: &str| {
        let Line { scheme, secret, requests } = serde_json::from_str(line).unwrap();
        let request = |request: Box<RawValue>| recorded::read(request.get().as_bytes()).unwrap().remove(0);
        let requests = requests.into_iter().map(request).collect();
        Fixture { scheme, secret: SharedSecret::read(&secret).unwrap(), requests }
    };
    FIXTURES.lines().map(fixture).collect()
}

fn is_genuine(scheme: &Scheme, secret: &SharedSecret, request: &Request) -> bool {
    let now = Timestamp::from_seconds(0);
    Check { scheme, secret, previous: &[], now, tolerance: None }.of(request).is_genuine()
}

#[test]
fn each_construction_is_found_and_verifies_what_comes_next() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 60, "{}", fixtures.len());
    for Fixture { scheme, secret, requests } in &fixtures {
        let mut found = detect(&requests[..1], secret).schemes;
        // If a digest has neither + nor /, only the next request distinguishes Base64 from Base64 for URLs.
        found.retain(|scheme| is_genuine(scheme, secret, &requests[1]));
        let first = found.first().unwrap_or_else(|| panic!("{scheme} is not found"));
        assert_eq!(first, scheme, "of {:#?}", found.iter().map(ToString::to_string).collect::<Vec<_>>());
        let mut altered = requests[1].clone();
        altered.body = String::from_utf8(altered.body).unwrap().replace("\"In\"", "\"Out\"").into_bytes();
        assert!(!is_genuine(first, secret, &altered), "{scheme} takes an altered request");
    }
}

#[test]
fn near_misses_find_nothing() {
    for Fixture { scheme, secret, requests } in fixtures().iter().step_by(9) {
        let request = &requests[0];
        let nothing = |request: &Request, secret: &SharedSecret| {
            assert_eq!(detect(std::slice::from_ref(request), secret).schemes, [], "{scheme}");
        };
        let mut altered = request.clone();
        altered.body[10] ^= 1;
        nothing(&altered, secret);
        nothing(request, &SharedSecret::read("tmkey_00000000000000000000000000000000").unwrap());
        let unsigned = Request { headers: Vec::new(), ..request.clone() };
        nothing(&unsigned, secret);
        let other = Request { body: requests[1].body.clone(), ..request.clone() };
        nothing(&other, secret);
    }
}

fn with_signature(body: &[u8], value: String) -> Request {
    let header = Header { name: "Timemoto-Signature".to_owned(), value };
    Request { url: None, headers: vec![header], body: body.to_vec() }
}

/// A digest that anybody can compute does not prove who sent the request.
#[test]
fn a_signature_that_needs_no_secret_is_none() {
    use sha2::{Digest, Sha256};
    let body = br#"{"id":"tm_1"}"#;
    for secret in ["tmkey_", "whsec_", "the secret", "00"] {
        let secret = SharedSecret::read(secret).unwrap();
        let request = with_signature(body, hex::encode(Sha256::digest(body)));
        assert_eq!(detect(&[request], &secret).schemes, []);
    }
}

#[test]
fn several_that_fit_are_told_apart_by_a_second_request() {
    let secret = SharedSecret::read("the secret").unwrap();
    let signed = |body: &str| {
        let mut request = Request { url: None, headers: Vec::new(), body: body.as_bytes().to_vec() };
        let scheme = Scheme { message: "json:sorted".parse().unwrap(), ..Scheme::timemoto() };
        let (secrets, now) = (std::slice::from_ref(&secret), Timestamp::from_seconds(0));
        Signatory { scheme: &scheme, secrets, id: None, now }.add_headers(&mut request).unwrap();
        request
    };
    let first = signed(r#"{"a":1,"b":[]}"#);
    let found = detect(std::slice::from_ref(&first), &secret).schemes;
    assert_eq!(found[0], Scheme::timemoto(), "the simplest comes first");
    assert!(found.len() > 2, "{found:?}");
    let found = detect(&[first, signed(r#"{"b":1, "a":"é/"}"#)], &secret).schemes;
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["hmac-sha256 key=secret message=json:sorted encoding=hex"]);
}

#[test]
fn nothing_is_found_in_nothing() {
    let secret = SharedSecret::read("the secret").unwrap();
    assert_eq!(detect(&[], &secret).tried, 0);
    let empty = detect(&[with_signature(b"", String::new())], &secret);
    assert_eq!((empty.schemes.len(), empty.tried), (0, 0));
}
