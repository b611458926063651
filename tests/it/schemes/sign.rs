//! `sign`, and what it is good for: `verify` accepts it, and so does whoever takes the headers with curl.

use std::fs;

use super::home_with;
use crate::common::{Run, receiver::Receiver, skip};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The vector that the libraries of Standard Webhooks sign in their own tests.
#[test]
fn the_published_vector_is_reproduced_and_verified() {
    let home = home_with(SECRET, &[]);
    fs::write(home.path().join("body"), r#"{"test": 2432232314}"#).unwrap();
    let headers = "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\nwebhook-timestamp: 1614265330\n";
    fs::write(home.path().join("headers"), headers).unwrap();
    let given = ["--secret-file", "secret", "--body", "body", "--scheme", "standard", "--header", "@headers"];
    let signed = home.program().arg("sign").args(given).said().ok();
    assert_eq!(signed, "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\n");
    fs::write(home.path().join("headers"), format!("{headers}{signed}")).unwrap();
    let verify = |more: &[&str]| home.program().arg("verify").args(given).args(["--jq", ".code"]).args(more).said();
    assert_eq!(verify(&["--ignore-time"]).ok(), "genuine\n");
    assert_eq!(verify(&[]).exits(10).out, "timestamp_too_old\n");
}

#[test]
fn curl_takes_what_is_printed() {
    if skip::without(&["curl", "xargs"], "the headers are not given to curl") {
        return;
    }
    let home = home_with("tmkey_Zx81Kq0aVb7LmN3pRt6UwYc2EdFgHj45", &[]);
    let receiver = Receiver::accepting();
    fs::write(home.path().join("body"), "{\"id\":\"tm_1\"}\n").unwrap();
    let binary = env!("CARGO_BIN_EXE_tm-hooks");
    let sign = format!("'{binary}' sign --secret-file secret --body body");
    for command in [
        format!("{sign} | curl -sS -H @- --data-binary @body {}", receiver.url()),
        format!("{sign} --curl | xargs curl -sS --data-binary @body {}", receiver.url()),
    ] {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &command]).current_dir(home.path()).said().ok();
        let received = receiver.ledger().pop().unwrap();
        let headers: Vec<String> = ["timemoto-signature", "webhook-id", "webhook-timestamp", "webhook-signature"]
            .iter()
            .map(|name| format!("{name}: {}", received.header(name)))
            .collect();
        fs::write(home.path().join("headers"), headers.join("\n")).unwrap();
        for scheme in ["timemoto", "standard"] {
            let verify = ["verify", "--secret-file", "secret", "--body", "body", "--header", "@headers"];
            let said = home.program().args(verify).args(["--scheme", scheme, "--jq", ".code"]).said();
            assert_eq!(said.ok(), "genuine\n", "{scheme}");
        }
    }
}
