//! Tests that bad input gets a clear error and changes nothing.

use crate::common::{
    Home, Said,
    receiver::{Receiver, answer},
};
use serde_json::{Value, json};

/// A home with one webhook, and the output of `list` and `events`.
struct Before {
    home: Home,
    state: Value,
}

impl Before {
    fn new() -> Self {
        let home = Home::new();
        home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*", "--disabled"]);
        let state = Self::state(&home);
        Before { home, state }
    }

    fn state(home: &Home) -> Value {
        json!([
            home.json(["list", "-o", "json"]),
            home.json(["events", "-o", "json"]),
            home.json(["versions", "-o", "json"])
        ])
    }

    /// Expects a refusal with this exit code and the text `clear`, and that nothing has changed.
    fn refuses(&self, said: &Said, code: i32, clear: &str) {
        assert_eq!(said.code, code, "{}{}", said.out, said.err);
        assert!(said.err.contains(clear), "`{clear}` is not in {}", said.err);
        assert_eq!(said.out, "");
        assert_eq!(Self::state(&self.home), self.state, "something changed");
    }
}

#[test]
fn urls_that_cannot_be_delivered_to() {
    let before = Before::new();
    for (url, clear) in [
        ("http://erp.example.com/hooks", "plain HTTP is not allowed"),
        ("ftp://erp.example.com/hooks", "must start with https://"),
        ("https://mara:word@erp.example.com/hooks", "must not contain a user or a password"),
        ("https://erp.example.com/hooks#top", "must not have a fragment"),
        ("erp.example.com/hooks", "is not a URL"),
        ("https://10.0.0.1/hooks", "is a private address"),
        ("https://", "is not a URL"),
    ] {
        before.refuses(&before.home.run(["add", url, "--name", "New", "--events", "*"]), 7, clear);
        before.refuses(&before.home.run(["edit", "ERP", "--url", url]), 7, clear);
    }
}

#[test]
fn names_types_and_versions_that_do_not_exist() {
    let before = Before::new();
    let home = &before.home;
    let url = "https://erp.example.com/hooks";
    before.refuses(&home.run(["add", url, "--name", "New", "--events", "attendance.insert"]), 2, "attendance.inserted");
    before.refuses(&home.run(["edit", "ERP", "--events", "user.removed"]), 2, "see them all with `tm-hooks types`");
    before.refuses(&home.run(["send", "user.insert"]), 2, "user.inserted");
    before.refuses(&home.run(["pin", "ERP", "v9"]), 2, "the versions are v1, v2");
    before.refuses(&home.run(["versions", "default", "v9"]), 2, "the versions are v1, v2");
    before.refuses(&home.run(["add", url, "--name", "", "--events", "*"]), 7, "must not be empty");
    before.refuses(&home.run(["edit", "ERP", "--name", " "]), 7, "must not be empty");
    before.refuses(&home.run(["add", url, "--name", "ERP", "--events", "*"]), 6, "has this name already");
    before.refuses(&home.run(["enable", "Payroll"]), 3, "Payroll");
}

#[test]
fn data_that_is_no_event() {
    let before = Before::new();
    let home = &before.home;
    let send = |data: &str| home.run_with_input(["send", "attendance.inserted", "--data", "-"], data);
    before.refuses(&send("{not json"), 2, "JSON");
    before.refuses(&send("[]"), 2, "object");
    before.refuses(&send(r#"{"timeZone": 1}"#), 7, "data.timeZone: expected an IANA time zone name");
    let deep = format!(r#"{{"deep": {}{}}}"#, "[".repeat(200), "]".repeat(200));
    before.refuses(&send(&deep), 2, "levels");
    let large = json!({ "comment": "x".repeat(300 * 1024) }).to_string();
    before.refuses(&send(&large), 7, "256 KiB");
}

#[test]
fn four_letters_of_an_id_are_enough() {
    let home = Home::new();
    home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"]);
    let id = home.ok(["list", "-o", "id"]);
    assert_eq!(home.json(["show", &id[..7], "-o", "json"])["id"], json!(id.trim()), "a beginning is enough");
    assert_eq!(home.run(["show", &id[..6]]).code, 3, "three letters are not");
}

#[test]
fn a_404_that_is_not_the_services_own_is_no_missing_webhook() {
    let (home, other) = (Home::new(), Receiver::answering(|_, _| answer(404, "<html>nothing here</html>")));
    let said = home.run(["--service", &other.url(), "delete", "wh_abcdefghjk", "--if-exists", "--yes"]);
    assert_eq!((said.code, said.out.as_str()), (6, ""), "{}", said.err);
    assert!(said.err.contains("--service"), "{}", said.err);
}
