//! Tests a whole story with all output logged: it contains secrets, tokens and header values only where a person asked
//! for them. `.ci/run` searches the output of all other tests, too.

use std::{fs, process::Output};

use crate::common::{
    Home,
    api::Api,
    receiver::{Receiver, answer},
    service::{Served, TOKEN, sqlite},
    trace, until,
};
use serde_json::Value;

/// Values that nobody may see, each with a recognisable form.
const HEADER: &str = "Bearer invented-header-value-5d1f";
const GIVEN: &str = "tmkey_GivenByHandInATest0123456789abcd";

/// A receiver that fails at first, and returns everything that it got in its answers: headers and secret, in the
/// answer's headers, too.
fn indiscreet() -> Receiver {
    Receiver::answering(|before, received| {
        let told = format!("{:?} {GIVEN} {HEADER}", received.headers);
        let mut told = answer(if before < 3 { 500 } else { 200 }, &told);
        told.headers_mut().insert("x-echo", HEADER.parse().unwrap());
        told.headers_mut().insert("x-secret", GIVEN.parse().unwrap());
        told
    })
}

/// The program in the story, and everything that was written.
struct Story {
    home: Home,
    written: Vec<(String, String)>,
}

impl Story {
    fn keep(&mut self, what: &str, output: &Output) -> i32 {
        for text in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(text).into_owned();
            trace::said(&text);
            self.written.push((what.to_owned(), text));
        }
        output.status.code().unwrap_or(-1)
    }

    /// Runs a command against the service, and keeps its output for the search.
    fn run(&mut self, served: &Served, line: &str) -> i32 {
        let arguments: Vec<&str> = line.split(' ').collect();
        let output = served.client(&self.home).env("RUST_LOG", "trace").args(arguments).output().unwrap();
        self.keep(line, &output)
    }

    fn ok(&mut self, served: &Served, line: &str) {
        let code = self.run(served, line);
        assert_eq!(code, 0, "{line}: {:?}", &self.written[self.written.len() - 2..]);
    }

    /// Reveals a secret with `--reveal`, the only place for one.
    fn reveal(&self, served: &Served) -> String {
        let asked = served
            .client(&self.home)
            .args(["secret", "show", "Payroll", "--reveal", "--format", "plain"])
            .output()
            .unwrap();
        String::from_utf8(asked.stdout).unwrap().trim().to_owned()
    }
}

fn file(home: &Home, name: &str, text: &str) {
    fs::write(home.path().join(name), text).unwrap();
}

#[test]
fn an_overlap_that_was_promised_is_not_ended_by_another_rotation() {
    let home = Home::new();
    home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"]);
    home.ok(["secret", "rotate", "ERP", "--overlap", "1h"]);
    let reveal = || home.json(["secret", "show", "ERP", "--reveal", "-o", "json"]);
    let promised = reveal();
    let id = promised["webhookId"].as_str().unwrap().to_owned();
    for overlap in ["0s", "1h"] {
        let refused = home.run(["secret", "rotate", "ERP", "--overlap", overlap]);
        refused.exits(6).tells("is valid until").tells(&format!("tm-hooks secret revoke {id}"));
    }
    assert_eq!(reveal(), promised);
    home.ok(["secret", "revoke", &id]);
    home.ok(["secret", "rotate", "ERP"]);
    assert_eq!(reveal()["previous"]["secret"], promised["secret"]);
}

#[test]
fn no_secret_is_written_anywhere_in_a_whole_story() {
    let (mut story, receiver) = (Story { home: Home::new(), written: Vec::new() }, indiscreet());
    file(&story.home, "secret", GIVEN);
    file(&story.home, "header", &format!("Authorization: {HEADER}"));
    let served = Served::on_database(&story.home, &sqlite(story.home.path().join("story/hooks.db")));
    let api = Api::of(&served);

    let url = receiver.url();
    story.ok(&served, &format!("add {url} --name Payroll --events * --secret-file secret --header @header -vv"));
    assert_eq!(story.reveal(&served), GIVEN);
    // The first attempts fail, and verbose output shows them.
    assert_eq!(story.run(&served, "test Payroll -v"), 10);
    assert_eq!(story.run(&served, "send user.inserted --wait -vv"), 10);
    story.ok(&served, "secret rotate Payroll --yes --overlap 1h");
    let rotated = story.reveal(&served);
    assert!(rotated.starts_with("tmkey_") && rotated != GIVEN);
    let attempts = api.attempts("status=failed");
    let event = attempts.iter().find(|it| it["kind"] == "event").unwrap();
    let (attempt, event) = (event["id"].as_str().unwrap(), event["eventId"].as_str().unwrap());
    assert_eq!(story.run(&served, &format!("retry {attempt} --wait -v")), 10);
    story.ok(&served, &format!("retry {event} --wait"));
    story.ok(&served, "test Payroll -o json");
    for line in [
        "list -o json",
        "list -o csv",
        "show Payroll -vv",
        "show Payroll -o json",
        "secret show Payroll",
        "secret show Payroll --format env",
        "attempts Payroll -o ndjson --all",
        "events -o json",
        "stats --by code -o json",
        "secret revoke Payroll --yes",
        "edit Payroll --header @header -o json",
        "versions -o json",
    ] {
        story.ok(&served, line);
    }
    for id in api.attempts("").iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>() {
        story.ok(&served, &format!("show {id} -v"));
        story.ok(&served, &format!("show {id} -o json"));
    }
    // These errors happen close to a secret.
    for (line, code) in [
        (format!("add {url} --name Payroll --events * --secret-file secret --header @header"), 6),
        (format!("add {url} --name Other --events * --secret-file header"), 7),
        ("edit Payroll --header @secret".to_owned(), 2),
        ("show wh_0000000000 -vv".to_owned(), 3),
    ] {
        let ended = story.run(&served, &line);
        assert!(ended == code || ended == 2, "{line} ended with {ended}");
    }
    let wrong = served.client(&story.home).env("TM_HOOKS_TOKEN", GIVEN).args(["list", "-vv"]).output().unwrap();
    assert_eq!(story.keep("a token that is not valid", &wrong), 4);
    for path in ["/metrics", "/openapi.json", "/readyz", "/v1/webhooks", "/v1/attempts", "/v1/nothing"] {
        story.written.push((path.to_owned(), api.get(path).body));
    }
    until("the story to be recorded", || (api.pending() == 0).then_some(()));
    let (code, log) = served.stopped();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("\"level\":\"DEBUG\""), "it was to log everything");
    story.written.push(("the service's log".to_owned(), log));

    // The receiver did get the secrets, so they were in use.
    let ledger = receiver.ledger();
    assert!(ledger.len() >= 5 && ledger.iter().all(|received| received.header("authorization") == HEADER));
    search(&story, &[trace::secret(GIVEN), &rotated, trace::secret(HEADER), "invented-header-value-5d1f", TOKEN]);
    shows_that_it_hides(&story);
}

/// Searches all output for each secret, and for anything with a secret's form.
fn search(story: &Story, secrets: &[&str]) {
    for (what, text) in &story.written {
        for secret in secrets {
            // The message names only the place, because this output is searched, too.
            assert!(!text.contains(secret), "{what} tells a secret of {} bytes", secret.len());
        }
        let of_its_form = text.match_indices("tmkey_").any(|(at, _)| {
            let rest = &text.as_bytes()[at + 6..];
            rest.len() >= 32 && rest[..32].iter().all(u8::is_ascii_alphanumeric)
        });
        // The API's document contains an example of the form.
        assert!(!of_its_form || what == "/openapi.json", "{what} tells something of a secret's form");
    }
}

/// Checks that the search would find something: attempts show the receiver's answer with masked secrets.
fn shows_that_it_hides(story: &Story) {
    let attempts = story.written.iter().filter(|(what, text)| what.starts_with("show at_") && text.starts_with('{'));
    let echoes = attempts.map(|(_, text)| serde_json::from_str::<Value>(text).unwrap()["response"].to_string());
    assert!(echoes.filter(|echo| echo.contains("timemoto-signature")).count() >= 5, "no answer was shown");
}
