//! Whoever does not know the secret teaches nothing, however much is sent.

use super::*;
use crate::{
    domain::scheme::{Algorithm, Encoding, Place},
    signing::digest::{digest, encode},
};

/// A request of somebody who has this key alone.
pub fn forged(hash: Hash, is_hmac: bool, key: &[u8], body: &[u8]) -> Request {
    let algorithm = if is_hmac { Algorithm::Hmac(hash) } else { Algorithm::Plain(hash, Place::Before) };
    let value = encode(&digest(algorithm, key, &[body]), Encoding::Hex);
    Request { headers: vec![header("X-Signature", value)], ..plain(body) }
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

const HEADERS: [&str; 6] =
    ["Timemoto-Signature", "X-Signature", "Authorization", "X-Hub-Signature-256", "webhook-signature", "X-Request-Id"];
const URL: &str = "https://hooks.example.com/in/src_1";
const SECRETS: [&str; 5] = [
    SECRET,
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "a plain passphrase, with blanks",
    // As hex and as Base64 these are zeros, and an HMAC takes a key of zeros for an empty one.
    "tmkey_00000000000000000000000000000000",
    "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

/// A signature that needs no secret: of a message and a key that anybody knows.
fn keyless(dice: &mut Dice, body: &str, name: &str, known: &str) -> String {
    let (id, zeros) = ("tm_1", "\0".repeat(1 + dice.below(70)));
    let prefix = &known[..6];
    let keys = ["", "", id, URL, "/in/src_1", name, "secret", "tmkey_", "whsec_", prefix, &zeros, "0", "null", body];
    let joint = *dice.one(&["", ".", ":", "\n"]);
    let messages = [body.to_owned(), format!("{body}\n"), format!("{id}{joint}{body}"), format!("{URL}{joint}{body}")];
    let message = dice.one(&messages).clone();
    let hash = *dice.one(Hash::ALL);
    let algorithm = match dice.below(2) {
        0 => Algorithm::Hmac(hash),
        _ => Algorithm::Plain(hash, *dice.one(Place::ALL)),
    };
    encode(&digest(algorithm, dice.one(&keys).as_bytes(), &[message]), *dice.one(Encoding::ALL))
}

/// What somebody sends who has seen requests that are genuine, and does not know the secret.
fn attack(dice: &mut Dice, with: &str) -> Request {
    let name = *dice.one(&HEADERS);
    let body = format!("{{\"id\":\"tm_1\",\"n\":{}}}", dice.below(1000));
    let other = format!("{{\"id\":\"tm_1\",\"n\":{}}}", 1000 + dice.below(1000));
    let (kind, hash, encoding) = (dice.one(&["hmac-", ""]), dice.one(Hash::ALL), dice.one(Encoding::ALL));
    let scheme = format!("{kind}{hash} encoding={encoding} header={name}");
    let signature_of = |body: &str| signed(&scheme, with, plain(body)).headers.pop().unwrap().value;
    let (genuine, seen) = (signature_of(&body), signature_of(&other));
    let keyless = keyless(dice, &body, name, with);
    let (cut, joint) = (dice.below(genuine.trim_end_matches('=').len()), *dice.one(&[" ", ",", ", "]));
    let (headers, url) = match dice.below(9) {
        0..=2 => (vec![keyless], None),
        3 => (vec![keyless], Some(URL.to_owned())),
        4 => (vec![seen], None),
        5 => (vec![genuine[..cut].to_owned()], None),
        6 => (vec![seen.to_uppercase()], None),
        7 => (vec![keyless, seen], None),
        _ => (vec![[keyless.as_str(), &seen, &genuine[..cut]].join(joint)], None),
    };
    let prefix = *dice.one(&["", "sha256=", "v1,", "HMAC "]);
    let headers = headers.into_iter().map(|value| header(name, format!("{prefix}{value}"))).collect();
    Request { url, headers, ..plain(body) }
}

#[rstest]
fn whoever_does_not_know_the_secret_teaches_nothing(#[values(0, 1, 2, 3, 4)] which: usize) {
    let (mut dice, with) = (Dice(which as u64 + 1), SECRETS[which]);
    let mut tried = 0;
    for number in 0..400 {
        let request = attack(&mut dice, with);
        assert_eq!(explaining(&request, &secret(with)), [], "attack {number} on {with}: {request:?}");
        tried += usize::from(matches!(lacking(&request, &secret(with)), Lacking::NoneFits { .. }));
    }
    assert!(tried > 200, "only {tried} of them had to be tried");
}

/// The genuine signature of the same body in upper case is genuine all the same; what is known already does not take it.
#[test]
fn a_genuine_request_in_upper_case_is_another_scheme() {
    let request = signed("hmac-sha256 header=X-Signature", SECRET, plain(r#"{"id":"tm_1"}"#));
    let known = explaining(&request, &secret(SECRET));
    let shouted = |header: &Header| Header { value: header.value.to_uppercase(), ..header.clone() };
    let request = Request { headers: request.headers.iter().map(shouted).collect(), ..request };
    assert_eq!(still(&known, &request, &secret(SECRET)), []);
    assert!(explaining(&request, &secret(SECRET)).iter().all(|scheme| scheme.encoding == Encoding::HexUpper));
}

/// Headers that look like signatures do not displace the one that is named like one.
#[test]
fn many_headers_do_not_hide_the_signature() {
    let noise = (0..60).map(|number| header(&format!("X-Trace-{number}"), format!("{number:064x}")));
    let request = Request { headers: noise.collect(), ..plain(r#"{"id":"tm_1"}"#) };
    let request = signed("hmac-sha256 header=X-Vendor-Signature", SECRET, request);
    assert_eq!(explaining(&request, &secret(SECRET))[0].header, "X-Vendor-Signature");
    let times = (0..20).map(|number| header(&format!("X-Span-{number}-Id"), number.to_string()));
    let mut request = Request { headers: times.collect(), ..plain(r#"{"id":"tm_1"}"#) };
    request.headers.push(header("X-Sent-Time", "1795455601"));
    let request = signed("hmac-sha256 message={header:X-Sent-Time}.{raw}", SECRET, request);
    assert_eq!(explaining(&request, &secret(SECRET))[0].message.to_string(), "{header:X-Sent-Time}.{raw}");
}

/// As much as a request can be, in every direction. The bytes that are hashed are bounded, so the time is.
#[test]
fn a_request_that_is_made_to_be_slow_is_bounded() {
    let hex = "0123456789abcdef".repeat(8);
    let lengths = [32, 40, 64, 128];
    let mut headers: Vec<Header> = (0..25)
        .flat_map(|number| lengths.map(|length| header(&format!("X-Sign-{number}-{length}"), &hex[..length])))
        .collect();
    headers.push(header(&"X-Signature".repeat(600), &hex[..64]));
    headers.extend((0..100).map(|number| header(&format!("X-Time-{number}"), "1")));
    headers
        .extend([",", " ", "=", ", ", "a,", "v1,"].map(|part| header("X-Signature", part.repeat(8192 / part.len()))));
    let names: Vec<String> = (0..4000).map(|number| format!("\"\\u0061{number}\":1")).collect();
    let bodies = [
        format!("{{{}}}", names.join(",")).into_bytes(),
        ("[".repeat(120) + "1" + &",1".repeat(30_000) + &"]".repeat(120)).into_bytes(),
        vec![0xff; LONGEST_BODY],
        vec![b'['; LONGEST_BODY],
        Vec::new(),
    ];
    for body in bodies {
        let request = Request { url: Some("/".repeat(8192)), headers: headers.clone(), body };
        let keys = detect::keys(&secret(SECRET), SHORTEST_KEY);
        let scope = detect::scope(&request, &keys);
        let most = if request.body.len() > 10_000 { 60_000 } else { 200_000 };
        assert!(scope.headers.len() <= 32 && scope.tried < most, "{} {}", scope.headers.len(), scope.tried);
        let next = lacking(&request, &secret(SECRET)).next();
        assert!(next[0].ends_with(" and 24 more") && next[0].len() < 1_000, "{}", next[0]);
        // Only the smallest is searched here, as this build is slow; `benches/learn.rs` measures the others.
        if request.body.is_empty() {
            assert_eq!(explaining(&request, &secret(SECRET)), []);
        }
    }
}
