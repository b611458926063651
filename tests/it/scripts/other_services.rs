//! Tests answers from another program or from a wrong path: no command takes them for "there is no such webhook".

use serde_json::Value;

use super::bad_networks::ask;
use crate::common::{
    Home, Run,
    service::{Served, sqlite},
    wire::{Wire, http, json, problem},
};

const DELETE: &[&str] = &["delete", "Payroll", "wh_abcdefghjk", "--if-exists", "--yes"];

/// Verbs of every kind: they read, change, delete, follow pages, and pass a request on.
const VERBS: &[&[&str]] = &[
    DELETE,
    &["list"],
    &["list", "--all"],
    &["show", "wh_abcdefghjk"],
    &["show", "tm_0199c1d2e3f4758697a8b9cadbecfd0e"],
    &["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*", "--if-not-exists"],
    &["attempts"],
    &["stats"],
    &["stats", "--by", "day"],
    &["audit"],
    &["secret", "show", "wh_abcdefghjk"],
    &["send", "attendance.inserted"],
    &["whoami", "--check"],
    &["token", "revoke", "tk_k3v9m2x7qd", "--yes"],
    &["api", "GET", "/v1/me"],
    &["api", "DELETE", "/v1/webhooks/wh_abcdefghjk"],
];

#[test]
fn a_prefix_is_named_and_deletes_no_trust() {
    let home = Home::new();
    let served = Served::on_database(&home, &sqlite(home.path().join("served.db")));
    served
        .client(&home)
        .args(["add", "https://erp.example.com/hooks", "--name", "Payroll", "--events", "*"])
        .said()
        .ok();
    for prefix in ["/v1", "/docs", "/v1/", "/v1/webhooks", "/v1/events/", "/v1/deliveries", "/anything/at/all"] {
        let with_prefix = format!("{}{prefix}", served.url);
        for verb in VERBS {
            let said = served.client(&home).env("TM_HOOKS_URL", &with_prefix).args(*verb).said();
            assert_eq!((said.code, said.out.as_str()), (6, ""), "{prefix}: {said}");
            assert!(said.err.contains(&format!("{}\n", served.url)) && said.err.contains("TM_HOOKS_URL"), "{said}");
        }
        let mut program = served.client(&home);
        program.env("TM_HOOKS_URL", &with_prefix).args(["stats", "-o", "json"]);
        program.said().fails_as_json("no_such_path");
        let mut program = served.client(&home);
        program.env("TM_HOOKS_URL", &with_prefix).args(["delete", "Payroll", "--if-exists", "--yes", "-o", "json"]);
        assert_eq!(program.said().fails_as_json("no_such_path")["error"]["status"], 404);
    }
    let listed = served.client(&home).args(["list", "-o", "json"]).said().json();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1), "{listed}");
    // With the right URL the same deletion finds the webhook, and the next one says that it is gone.
    let delete = || served.client(&home).args(["delete", "Payroll", "--if-exists", "--yes"]).said();
    assert!(delete().ok().starts_with("wh_"));
    delete().exits(0).tells("There is no webhook");
}

#[test]
fn what_is_not_our_json_is_another_service_for_every_verb() {
    let html = "content-type: text/html\r\n";
    for (what, answer) in [
        ("a page with 200", http(200, html, "<html>Sign in</html>")),
        ("a page with 404", http(404, html, "<html>nothing here</html>")),
        ("a page with 400", http(400, html, "<html>")),
        ("a page with 409", http(409, html, "<html>")),
        ("other JSON with 404", json(404, r#"{"message": "Not Found"}"#)),
        ("nothing with 404", http(404, "", "")),
        ("nothing with 200", http(200, "", "")),
        ("a redirect", http(302, "location: https://sign-in.example/\r\n", "")),
        ("a redirect that looks like ours", problem(302, "not_found", "there is no webhook Payroll", "")),
        ("gzip", http(200, "content-type: application/json\r\ncontent-encoding: gzip\r\n", "x")),
    ] {
        let wire = Wire::saying(answer);
        for verb in VERBS {
            let said = ask(&wire.url(), verb);
            assert_eq!((said.code, said.out.as_str()), (6, ""), "{what}: {said}");
            said.tells("is not a tm-hooks service").tells("hint: ");
            if what == "gzip" {
                said.tells("compressed (gzip), which was not asked for");
            }
        }
    }
}

#[test]
fn the_status_decides_whatever_the_body_says() {
    for (status, code) in [(401, 4), (402, 5), (403, 5), (429, 9), (500, 9), (502, 9), (503, 9), (599, 9)] {
        let lie = "there is no webhook Payroll";
        for answer in [
            problem(status, "not_found", lie, ""),
            problem(status, "no_such_path", lie, ""),
            problem(status, "name_taken", lie, r#","conflictingId":"wh_abcdefghjk""#),
            http(status, "content-type: text/html\r\n", "<html>"),
            json(status, "{}"),
            http(status, "", ""),
        ] {
            let wire = Wire::saying(answer.clone());
            for verb in [DELETE, VERBS[5]] {
                assert_eq!(ask(&wire.url(), verb).code, code, "{verb:?} after {answer}");
            }
        }
    }
}

#[test]
fn a_long_name_asks_for_nothing_else() {
    let home = Home::new();
    let long = "x".repeat(64 * 1024);
    for verb in [&["show"][..], &["delete", "--yes"], &["enable"], &["attempts"]] {
        let said = home.program().args(verb).arg(&long).said();
        assert_eq!((said.code, said.out.as_str()), (3, ""), "{}", said.err);
        assert!(said.err.contains("there is no webhook \"xxx") && said.err.len() < 500, "{}", said.err);
    }
    home.program().args(["delete", "--if-exists", "--yes"]).arg(&long).said().exits(0).tells("There is no webhook");
    let (wire, query) = (Wire::saying(json(200, "{}")), format!("q={long}"));
    let said = ask(&wire.url(), &["api", "GET", "/v1/webhooks", "-f", &query, "-o", "json"]);
    let error: Value = said.fails_as_json("too_long");
    assert_eq!((said.code, error["error"]["retryable"].as_bool(), wire.requests()), (7, Some(false), 0));
}
