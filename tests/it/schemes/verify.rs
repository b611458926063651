//! `verify` by the real program: its inputs, its codes, its exit codes.

use std::fs;

use serde_json::json;

use super::{altered, fixtures, home_with, text};
use crate::common::{Home, Run, Said, receiver::Receiver};

fn verify(home: &Home, more: &[&str]) -> Said {
    home.program().args(["verify", "--secret-file", "secret"]).args(more).said()
}

#[test]
fn requests_of_a_file_are_judged_one_by_one() {
    let fixture = &fixtures()[0];
    let requests = fixture["requests"].as_array().unwrap();
    let [first, second] = [&requests[0], &requests[1]];
    let home = home_with(text(&fixture["secret"]), &[first.clone(), second.clone(), first.clone(), altered(second)]);
    let said = verify(&home, &["--delivery", "requests", "-o", "ndjson", "--jq", "[.code, .seen] | @tsv"]);
    said.exits(11);
    assert_eq!(said.out, "genuine\tfalse\ngenuine\tfalse\ngenuine\ttrue\nwrong_secret\tfalse\n");
    let one = home_with(text(&fixture["secret"]), &[altered(first)]);
    let said = verify(&one, &["--delivery", "requests", "-o", "json"]);
    let told: serde_json::Value = serde_json::from_str(&said.exits(10).out).unwrap();
    assert_eq!((&told["genuine"], &told["code"]), (&json!(false), &json!("wrong_secret")));
    assert_eq!(told["scheme"], "hmac-sha256 key=secret message=raw encoding=hex");
}

#[test]
fn a_rounded_number_is_shown_with_the_one_that_was_signed() {
    let fixture = &fixtures()[0];
    let request = &fixture["requests"][0];
    let body = text(&request["body"]).replace("3458764513820540987", "3458764513820541000");
    let rounded = json!({ "headers": request["headers"], "body": body });
    let home = home_with(text(&fixture["secret"]), &[rounded]);
    let said = verify(&home, &["--delivery", "requests"]);
    said.exits(10).tells("3458764513820540987 instead of 3458764513820541000").tells("body_changed");
}

#[test]
fn a_secret_before_is_still_good_and_an_empty_one_is_refused() {
    let fixture = &fixtures()[0];
    let home = home_with("tmkey_new", &fixture["requests"].as_array().unwrap()[..1]);
    fs::write(home.path().join("old"), text(&fixture["secret"])).unwrap();
    let given = ["--secret-file", "old", "--delivery", "requests", "--jq", ".code"];
    assert_eq!(verify(&home, &given).ok(), "previous_secret\n");
    fs::write(home.path().join("old"), "\n").unwrap();
    verify(&home, &given).exits(2).tells("holds no secret: it is empty");
}

/// What the service has sent is genuine by its own secrets, in both ways, and tells no secret.
#[test]
fn an_attempt_is_verified_with_the_secrets_of_its_webhook() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    home.ok(["add", &receiver.url(), "--name", "ERP", "--events", "*"]);
    home.ok(["send", "attendance.inserted"]);
    let attempt = home.ok(["attempts", "--limit", "1", "-o", "id"]);
    for scheme in ["timemoto", "standard", "both"] {
        let said = home.run(["verify", "--delivery", attempt.trim(), "--scheme", scheme, "--jq", ".code"]);
        assert_eq!(said.ok(), "genuine\n", "{scheme}");
    }
    home.ok(["secret", "rotate", "ERP", "--overlap", "24h"]);
    let said = home.run(["verify", "--delivery", attempt.trim(), "--jq", ".code"]);
    assert_eq!(said.ok(), "previous_secret\n");
    home.run(["verify", "--delivery", "at_06f8k2v0c1q4jt3xw9b7n5m8ed"]).exits(3);
}

#[test]
fn what_is_not_given_is_named_with_how_it_is_given() {
    let home = home_with("a secret", &[]);
    verify(&home, &[]).exits(2).tells("--delivery FILE").tells("--body FILE --header");
    verify(&home, &["requests"]).exits(2).tells("verify --delivery requests");
    home.run(["sign", "requests", "--secret-file", "secret"]).exits(2).tells("sign --body requests");
}

#[test]
fn both_signatures_are_held_against_the_secret() {
    let home = home_with("tmkey_Example0Example0Example0Example0", &[]);
    let body = "{\"id\":\"tm_1\"}";
    fs::write(home.path().join("body"), body).unwrap();
    let signed = home.ok(["sign", "--secret-file", "secret", "--body", "body", "--scheme", "both"]);
    let judge = |headers: &str| {
        fs::write(home.path().join("headers"), headers).unwrap();
        verify(
            &home,
            &["--body", "body", "--header", "@headers", "--scheme", "both", "--jq", "[.code, .scheme] | @tsv"],
        )
    };
    assert!(judge(&signed).ok().starts_with("genuine\t"));
    let half = signed.replace("v1,", "v1,A");
    let half = judge(&half);
    assert!(half.exits(10).out.contains("\thmac-sha256 key=secret message={header:webhook-id}"), "{}", half.out);
    let half = judge(&signed.replace("Timemoto-Signature: ", "Timemoto-Signature: 0"));
    assert!(half.exits(10).out.ends_with("\thmac-sha256 key=secret message=raw encoding=hex\n"), "{}", half.out);
}

/// As libraries do not agree on what is Base64, whoever has such a secret is told: standard-webhooks#235, openai-node#1887.
#[test]
fn an_odd_secret_is_pointed_out_and_not_told() {
    let fixture = &fixtures()[0];
    for (secret, said) in [
        ("whsec_xyz!", "is no Base64"),
        ("whsec_AP8=", "a key of 2 bytes"),
        ("v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "leave it out"),
    ] {
        let home = home_with(secret, &fixture["requests"].as_array().unwrap()[..1]);
        let told = verify(&home, &["--delivery", "requests"]);
        told.exits(10).tells(said);
        assert!(!told.err.contains(secret), "{}", told.err);
    }
}

/// Some sign with what a `whsec_` secret says in Base64, others with its characters: notifuse#318, polar#13522.
#[test]
fn another_key_and_a_packed_header_are_told() {
    let home = home_with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &[]);
    fs::write(home.path().join("body"), "{\"id\":\"tm_1\"}").unwrap();
    let characters = "hmac-sha256 key=secret message={header:webhook-id}.{header:webhook-timestamp}.{raw} encoding=base64 \
                      header=webhook-signature prefix=v1,";
    let signed = home.ok(["sign", "--secret-file", "secret", "--body", "body", "--scheme", characters]);
    fs::write(home.path().join("headers"), signed).unwrap();
    let given = ["--body", "body", "--header", "@headers", "--scheme", "standard", "-o", "json"];
    let told: serde_json::Value = serde_json::from_str(&verify(&home, &given).exits(10).out).unwrap();
    assert_eq!((&told["code"], text(&told["instead"])), (&json!("other_key"), characters));
    let packed = ["--body", "body", "--header", "Stripe-Signature: t=1614265330,v1=00ff"];
    verify(&home, &packed).exits(10).tells("packs several parts (t, v1)");
    verify(&home, &[&packed[..], &["--detect"]].concat()).exits(10).tells("packs several parts (t, v1)");
}
