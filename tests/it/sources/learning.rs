//! Tests that a source learns its sender's scheme from two requests, and nothing from anybody else.

use std::{
    fs,
    sync::atomic::{AtomicUsize, Ordering},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

use super::outside::{Outside, SECRET, event, hex_hmac, path, post, signature, text};
use crate::common::{receiver::Receiver, until};

/// Schemes of the sender in `tests/fixtures/schemes.py` that sign no address, which is another one here.
const SCHEMES: [&str; 10] = [
    "hmac-sha256",
    "sha256 place=after",
    "hmac-sha256 key=utf16le",
    "hmac-sha512 key=sha256 message=json:dotnet encoding=hex-upper",
    "hmac-sha1 key=bare message=json:php encoding=base64",
    "hmac-sha256 encoding=base64 prefix=v1,",
    "hmac-sha512 encoding=base64 header=X-Signature prefix=sha512=",
    "hmac-sha256 message={header:X-Timestamp}.{json:js}",
    "hmac-sha256 message={id}.{dispatchedAt}.{raw} encoding=base64",
    "sha256 place=after message={dispatchedAt}{data}",
];

/// A request's headers and its body.
type Signed = (Vec<(String, String)>, String);

/// The sender's secret and requests in this scheme.
fn of_fixture(scheme: &str) -> (String, Vec<Signed>) {
    let all = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemes.ndjson")).unwrap();
    let mut fixtures = all.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let fixture = fixtures.find(|fixture| fixture["scheme"] == scheme).unwrap();
    let header = |(name, value): (&String, &Value)| (name.clone(), text(value).to_owned());
    let of = |request: &Value| {
        let headers = request["headers"].as_object().unwrap().iter().filter(|(name, _)| *name != "Host");
        (headers.map(header).collect(), text(&request["body"]).to_owned())
    };
    (text(&fixture["secret"]).to_owned(), fixture["requests"].as_array().unwrap().iter().map(of).collect())
}

/// Sends a sender's two requests: the first is kept, the second confirms the scheme.
fn teaches(outside: &Outside, source: &Value, requests: &[Signed]) -> Value {
    for ((headers, body), outcome) in requests.iter().zip(["kept", "accepted"]) {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answered = post(outside.senders, path(source), &headers, body.as_bytes()).of_status(200).json();
        assert_eq!(answered["outcome"], outcome, "{source}");
    }
    let (headers, body) = &requests[1];
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let altered = body.replacen("null", "true", 1);
    post(outside.senders, path(source), &headers, altered.as_bytes()).of_status(401);
    let learnt = outside.now(source);
    assert_eq!((&learnt["state"], &learnt["kept"]), (&json!("ready"), &json!(0)));
    learnt
}

#[test]
fn twelve_schemes_are_each_learnt_from_two_requests() {
    let receiver = Receiver::accepting();
    let outside = Outside::with(&["--public-url", "https://hooks.example.com/base"]);
    outside.api.add("all", &receiver.url(), "*");
    for scheme in SCHEMES {
        let (secret, requests) = of_fixture(scheme);
        let source = outside.add(json!({"name": scheme.replace(',', " "), "secret": secret}));
        let learnt = teaches(&outside, &source, &requests);
        assert!(text(&learnt["scheme"]).starts_with(scheme.split(' ').next().unwrap()), "{learnt}");
    }
    for (name, of) in [("url", "https://hooks.example.com/base"), ("path", "/base")] {
        let source = outside.add(json!({"name": name, "secret": SECRET}));
        assert!(text(&source["url"]).starts_with("https://hooks.example.com/base/in/src_"), "{source}");
        let signed = |number| {
            let body = String::from_utf8(event(number, "attendance.inserted"))
                .unwrap()
                .replace("\"data\":{", "\"data\":{\"a\":null,");
            let message = format!("{of}{}{body}", path(&source));
            (vec![("X-Signature".to_owned(), hex_hmac(SECRET.as_bytes(), message.as_bytes()))], body)
        };
        let learnt = teaches(&outside, &source, &[signed(1), signed(2)]);
        assert!(text(&learnt["scheme"]).contains(&format!("{{{name}}}")), "{learnt}");
    }
    outside.delivered(24);
    let ledger = receiver.ledger();
    assert_eq!(ledger.len(), 24);
    let (_, requests) = of_fixture(SCHEMES[0]);
    for (_, body) in requests {
        assert_eq!(ledger.iter().filter(|came| came.body == body).count(), 10, "as it came: {body}");
    }
}

/// The number of an attacker's requests: more with `CRASH_ROUNDS=20`.
fn tries() -> usize {
    if std::env::var("CRASH_ROUNDS").is_ok_and(|rounds| rounds == "20") { 2_000 } else { 240 }
}

/// What who does not know the secret may take for a key.
fn guessed_keys(source: &Value, body: &[u8]) -> Vec<Vec<u8>> {
    let whole: Value = serde_json::from_slice(body).unwrap();
    let texts = [
        "",
        "\0",
        "tmkey_",
        "whsec_",
        "tmkey_00000000000000000000000000000000",
        "secret",
        "null",
        "1795455600",
        "timemoto",
        "Timemoto-Signature",
        text(&source["id"]),
        text(&source["url"]),
        path(source),
        text(&source["name"]),
        text(&whole["id"]),
        text(&whole["event"]),
    ];
    let mut keys: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    keys.extend([vec![0; 32], vec![0; 64], body.to_vec(), Sha256::digest("").to_vec(), Sha256::digest(body).to_vec()]);
    keys
}

/// The headers of an attacker's request with this number, for a body of its own.
fn forged(source: &Value, body: &[u8], number: usize) -> Vec<(String, String)> {
    let keys = guessed_keys(source, body);
    let (key, way) = (&keys[number % keys.len()], number / keys.len());
    let joined = |parts: &[&[u8]]| parts.concat();
    let stamped = joined(&[b"1795455600.", body]);
    let digest = match way % 8 {
        0 => hex_hmac(key, body),
        1 => hex::encode(Sha256::digest(joined(&[key, body]))),
        2 => hex::encode(Sha256::digest(joined(&[body, key]))).to_uppercase(),
        3 => hex::encode(Sha512::digest(joined(&[key, body, key]))),
        4 => STANDARD.encode(Sha256::digest(joined(&[body, key]))),
        5 => hex_hmac(key, &stamped),
        6 => STANDARD.encode(hex::decode(hex_hmac(key, &stamped)).unwrap()),
        _ => hex::encode(key),
    };
    let name = ["Timemoto-Signature", "X-Signature", "Authorization", "X-Hub-Signature-256"][way % 4];
    let prefix = ["", "sha256=", "v1,", "t=1795455600,v1="][way / 8 % 4];
    vec![(name.to_owned(), format!("{prefix}{digest}")), ("X-Timestamp".to_owned(), "1795455600".to_owned())]
}

/// Sends an attacker's requests on many connections; returns how often each was answered 401, and 429.
fn attack(
    outside: &Outside,
    source: &Value,
    numbers: std::ops::Range<usize>,
    also: &(dyn Fn() + Sync),
) -> (usize, usize) {
    let next = AtomicUsize::new(numbers.start);
    let (refused, told_to_wait) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let send = || {
        loop {
            let number = next.fetch_add(1, Ordering::SeqCst);
            if number >= numbers.end {
                return;
            }
            let body = event(1_000_000 + number as u64, "attendance.inserted");
            let headers = forged(source, &body, number);
            let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            match post(outside.senders, path(source), &headers, &body).status {
                401 => refused.fetch_add(1, Ordering::SeqCst),
                429 => told_to_wait.fetch_add(1, Ordering::SeqCst),
                other => panic!("a forged request was answered {other}: {headers:?}"),
            };
        }
    };
    std::thread::scope(|scope| {
        (0..24).for_each(|_| drop(scope.spawn(send)));
        also();
    });
    (refused.into_inner(), told_to_wait.into_inner())
}

/// Sends a genuine request until it is taken, as a sender does that is told to wait; returns the outcome.
fn insists(outside: &Outside, source: &Value, body: &[u8], signature: &str) -> Value {
    until("a genuine request to be taken", || {
        let answered = outside.deliver_signed(source, body, signature);
        assert!(matches!(answered.status, 200 | 429), "{answered:?}");
        (answered.status == 200).then(|| answered.json()["outcome"].clone())
    })
}

#[test]
fn who_does_not_know_the_secret_teaches_nothing() {
    let (outside, receiver) = (Outside::new(), Receiver::accepting());
    outside.api.add("all", &receiver.url(), "*");
    let source = outside.add(json!({"name": "Attacked", "secret": SECRET}));
    let third = tries() / 3;
    let (refused, _) = attack(&outside, &source, 0..third, &|| {});
    assert!(refused > 0);
    let is_learning = |kept: u64| {
        let now = outside.now(&source);
        assert_eq!((&now["state"], &now["kept"]), (&json!("learning"), &json!(kept)));
    };
    is_learning(0);
    // The last bytes tell this sender's scheme from others, as the text that a library would write has none of them.
    let [first, second] = [1, 2].map(|number| [&event(number, "attendance.inserted")[..], b"\n"].concat());
    attack(&outside, &source, third..2 * third, &|| {
        assert_eq!(insists(&outside, &source, &first, &signature(&first)), "kept");
    });
    is_learning(1);
    // Its signature fits no other body.
    for number in 10..20 {
        outside.deliver_signed(&source, &event(number, "attendance.inserted"), &signature(&first)).of_status(401);
    }
    is_learning(1);
    attack(&outside, &source, 2 * third..tries(), &|| {
        assert_eq!(insists(&outside, &source, &second, &signature(&second)), "accepted");
    });
    let learnt = outside.now(&source);
    let raw = "hmac-sha256 key=secret message=raw encoding=hex";
    assert_eq!((&learnt["state"], text(&learnt["scheme"])), (&json!("ready"), raw));
    outside.delivered(2);
    let mut came: Vec<_> = receiver.ledger().iter().map(|came| came.body.to_vec()).collect();
    came.sort();
    assert_eq!(came, [first, second]);
}

#[test]
fn who_has_seen_one_request_and_writes_it_otherwise_teaches_nothing() {
    let (outside, receiver) = (Outside::new(), Receiver::accepting());
    outside.api.add("all", &receiver.url(), "*");
    let source = outside.add(json!({"name": "Overheard", "secret": SECRET}));
    let first = event(1, "attendance.inserted");
    let seen = signature(&first);
    assert_eq!(insists(&outside, &source, &first, &seen), "kept");
    // Written again by a library these are the same text, which `json:minified` and others sign.
    let same: Value = serde_json::from_slice(&first).unwrap();
    // There are more than are kept until a scheme is confirmed.
    for blanks in 1..=101 {
        let otherwise = serde_json::to_string_pretty(&same).unwrap() + &" ".repeat(blanks);
        let answered = outside.deliver_signed(&source, otherwise.as_bytes(), &seen);
        assert!(matches!(answered.status, 200 | 429), "{answered:?}");
    }
    for otherwise in [seen.to_uppercase(), STANDARD.encode(hex::decode(&seen).unwrap()), format!("sha256={seen}")] {
        outside.deliver_signed(&source, &first, &otherwise);
    }
    let second = [&event(2, "attendance.inserted")[..], b"\r\n"].concat();
    let outcome = insists(&outside, &source, &second, &signature(&second));
    assert_eq!((outcome, &outside.now(&source)["state"]), (json!("accepted"), &json!("ready")));
    let third = [&event(3, "attendance.inserted")[..], b"\n"].concat();
    insists(&outside, &source, &third, &signature(&third));
    outside.delivered(3);
    let mut came: Vec<_> = receiver.ledger().iter().map(|came| came.body.to_vec()).collect();
    came.sort();
    assert_eq!(came, [first, second, third]);
}
