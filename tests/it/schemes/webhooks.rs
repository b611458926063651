//! A webhook's own scheme: which headers a receiver gets, and that `verify` takes what the history has of them.

use serde_json::{Value, json};

use crate::common::{
    Home, Run,
    receiver::{Received, Receiver},
};

const GITHUB: &str = "hmac-sha256 header=X-Hub-Signature-256 prefix=sha256=";
const TIMED: &str =
    "sha512 key=bare place=after message={header:X-Sent-Time}.{id}.{raw} encoding=base64 header=X-Signature";
const PICKED: &str = "hmac-sha1 message={path}:{data} encoding=hex-upper header=Authorization prefix=HMAC\\x20";

/// Each scheme, and the headers that it brings.
const SCHEMES: [(&str, &[&str]); 7] = [
    (
        "both",
        &[
            "timemoto-signature",
            "webhook-attempt",
            "webhook-id",
            "webhook-signature",
            "webhook-timestamp",
            "webhook-version",
        ],
    ),
    ("timemoto", &["timemoto-signature"]),
    ("standard", &["webhook-id", "webhook-signature", "webhook-timestamp"]),
    ("none", &[]),
    (GITHUB, &["x-hub-signature-256"]),
    (TIMED, &["x-sent-time", "x-signature"]),
    (PICKED, &["authorization"]),
];

/// The headers of a request that say who sent it.
fn ours(received: &Received) -> Vec<String> {
    let others = ["accept", "content-length", "content-type", "host", "user-agent"];
    let mut names: Vec<String> = received.headers.keys().map(ToString::to_string).collect();
    names.retain(|name| !others.contains(&name.as_str()));
    names.sort();
    names
}

/// A request as a receiver writes it down.
fn recorded(received: &Received, url: &str) -> Value {
    let headers: serde_json::Map<_, _> =
        received.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().into())).collect();
    json!({ "url": url, "headers": headers, "body": std::str::from_utf8(&received.body).unwrap() })
}

#[test]
fn a_receiver_gets_the_headers_of_the_scheme_and_no_other_and_they_verify() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    home.ok(["add", &receiver.url(), "--name", "ERP", "--events", "*"]);
    std::fs::write(home.path().join("secret"), home.ok(["secret", "show", "ERP", "--reveal"])).unwrap();
    for (number, (scheme, headers)) in SCHEMES.iter().enumerate() {
        home.ok(["edit", "ERP", "--scheme", scheme]);
        home.ok(["send", "attendance.inserted"]);
        let received = receiver.wait("a delivery", |ledger| ledger.len() > number).pop().unwrap();
        assert_eq!(ours(&received), *headers, "{scheme}");
        let attempt = home.ok(["attempts", "--limit", "1", "-o", "id"]);
        let sent = home.json(["show", attempt.trim(), "--json"]);
        for header in sent["request"]["headers"].as_array().unwrap() {
            let name = header["name"].as_str().unwrap();
            assert_eq!(header["value"], received.header(name).as_str(), "the history has another {name}");
        }
        if *scheme == "none" {
            continue;
        }
        let verify = ["verify", "--scheme", scheme, "--jq", ".code"];
        assert_eq!(
            home.program().args(verify).args(["--delivery", attempt.trim()]).said().ok(),
            "genuine\n",
            "{scheme}"
        );
        let judge = |request: &Value| {
            let given = ["--secret-file", "secret", "--delivery", "-"];
            home.program().args(verify).args(given).said_with_input(request.to_string().as_bytes())
        };
        let mut request = recorded(&received, &receiver.url());
        assert_eq!(judge(&request).ok(), "genuine\n", "{scheme}");
        request["body"] = request["body"].as_str().unwrap().replace("\"In\"", "\"Out\"").into();
        assert_eq!(judge(&request).exits(10).out, "wrong_secret\n", "{scheme}");
    }
}

#[test]
fn it_is_shown_kept_and_noted_as_it_was_given() {
    let home = Home::new();
    let add = ["add", "http://127.0.0.1:9/", "--name", "ERP", "--events", "*", "--scheme", GITHUB];
    let printed = "hmac-sha256 key=secret message=raw encoding=hex header=X-Hub-Signature-256 prefix=sha256=";
    let id = home.ok(add);
    assert_eq!(home.json(["show", "ERP", "-o", "json"])["scheme"], printed);
    assert_eq!(home.json(["list", "-o", "json"])["data"][0]["scheme"], printed);
    assert_eq!(home.ok(["list", "--columns", "scheme"]), format!("{printed}\n"));
    home.run(["edit", "ERP", "--scheme", "none"]).exits(0).tells("scheme").tells("are not signed");
    let entry = home.json(["audit", "--limit", "1", "-o", "json"])["data"][0].clone();
    assert_eq!((&entry["before"]["scheme"], &entry["after"]["scheme"]), (&json!(printed), &json!("none")), "{entry}");
    let unset = home.json(["api", "PATCH", &format!("/v1/webhooks/{}", id.trim()), "-f", "scheme:=null"]);
    assert_eq!(unset["scheme"], Value::Null);
    assert_eq!(home.ok(["list", "--columns", "scheme"]), "both\n");
}

#[test]
fn what_is_no_scheme_is_refused_with_the_place_and_the_next_step() {
    let home = Home::new();
    let add = |scheme: &str| home.run(["add", "http://127.0.0.1:9/", "--events", "*", "--scheme", scheme]);
    add("hmac-sha256 key=rot13").exits(2).tells("at character 17").tells("tm-hooks help schemes");
    add("github").exits(2).tells("timemoto, standard, both and none have a name");
    add("hmac-sha256 message={header:X-Tenant}{raw}").exits(7).tells("scheme: signs the header X-Tenant");
    assert_eq!(home.ok(["list"]), "");
    home.run(["verify", "--scheme", "none", "--delivery", "x"]).exits(2).tells("it signs nothing");
}

#[test]
fn while_a_secret_is_rotated_it_is_said_what_is_made_with_which() {
    for (scheme, said) in [
        ("timemoto", "Timemoto-Signature is made with the old one."),
        ("standard", "webhook-signature is made with both"),
        (GITHUB, "X-Hub-Signature-256 is made with the old one"),
        ("none", "signs nothing"),
    ] {
        let (home, receiver) = (Home::new(), Receiver::accepting());
        home.ok(["add", &receiver.url(), "--name", "ERP", "--events", "*", "--scheme", scheme]);
        std::fs::write(home.path().join("old"), home.ok(["secret", "show", "ERP", "--reveal"])).unwrap();
        home.run(["secret", "rotate", "ERP"]).exits(0).tells(said);
        home.ok(["test", "ERP"]);
        if scheme == "none" {
            continue;
        }
        // Who knows the old secret alone takes it still.
        let request = recorded(&receiver.ledger()[0], &receiver.url()).to_string();
        let verify = ["verify", "--secret-file", "old", "--delivery", "-", "--scheme", scheme, "--jq", ".code"];
        let judged = home.program().args(verify).said_with_input(request.as_bytes());
        assert_eq!(judged.ok(), "genuine\n", "{scheme}");
    }
}
