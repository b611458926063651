//! Tests that a wrong word leads to the right one, and that no library's message reaches people.

use crate::common::{
    Home, Run,
    service::{Served, sqlite},
};

#[test]
fn the_hint_is_the_command_that_works() {
    let home = Home::new();
    for (typed, hint) in [
        (&["update", "Payroll"][..], "tm-hooks edit"),
        (&["remove", "Payroll"], "tm-hooks delete"),
        (&["get", "Payroll"], "tm-hooks show"),
        (&["describe", "Payroll"], "tm-hooks show"),
        (&["logs"], "tm-hooks attempts"),
        (&["tail"], "tm-hooks attempts"),
        (&["trigger", "user.deleted"], "tm-hooks send"),
        (&["webhooks"], "tm-hooks list"),
        (&["create"], "tm-hooks add"),
        (&["ping", "Payroll"], "tm-hooks test"),
        (&["profile", "delete", "x"], "tm-hooks profile remove"),
        (&["list", "--format", "json"], "-o (--output)"),
        (&["list", "--format=json"], "-o (--output)"),
        (&["list", "--watch"], "watch -n 5 tm-hooks list"),
        (&["delete", "Payroll", "-f"], "--yes"),
        (&["config", "unset", "output"], "tm-hooks config set NAME --unset"),
        (&["login"], "tm-hooks login https://"),
        (&["pin", "Payroll"], "tm-hooks pin Payroll v"),
        (&["api", "GET", "webhooks"], "tm-hooks api GET /v1/webhooks"),
        (&["config", "set", "output", "yaml"], "tm-hooks config set output json"),
    ] {
        let said = home.program().args(typed).said();
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said}");
        let at = said.err.find("hint: ").unwrap_or_else(|| panic!("no hint: {said}"));
        assert!(said.err[at..].contains(hint), "{said}");
    }
}

#[test]
fn no_hint_is_far_from_what_was_typed() {
    let home = Home::new();
    for typed in [&["list", "-f", "x"][..], &["attempts", "-f"], &["list", "--sorcery"], &["stats", "--zip"]] {
        let said = home.program().args(typed).said();
        assert!(
            said.exits(2).err.starts_with("error: there is no option") && !said.err.contains("did you mean"),
            "{said}"
        );
    }
    let said = home.run(["send", "attendance"]);
    said.exits(2).tells("did you mean \"attendance.inserted\", \"attendance.updated\" or \"attendance.deleted\"?");
}

#[test]
fn no_library_speaks_to_people() {
    let home = Home::new();
    for typed in [
        &["list", "--limit", "0"][..],
        &["attempts", "--limit", "0"],
        &["send", "user.deleted", "--count", "0"],
        &["list", "--limit", "many"],
        &["list", "--retries", "99"],
        &["list", "--service", "hooks.example.com"],
        &["list", "--service", "https://"],
        &["list", "--service", "https://[::1"],
        &["list", "--proxy", "http://:x"],
        &["login", "hooks.example.com"],
        &["add", "erp.example.com", "--name", "ERP", "--events", "*"],
        &["api", "POST", "/v1/events", "--input", "/dev/null"],
        &["serve", "--listen", "everywhere"],
    ] {
        let said = home.program().args(typed).said();
        assert!(matches!(said.code, 2 | 7) && said.out.is_empty(), "{said}");
        for theirs in [
            "relative URL",
            "is not in",
            "184467",
            "Content-Type",
            "empty host",
            "digit found",
            "socket address",
            "invalid IPv6",
        ] {
            assert!(!said.err.contains(theirs), "{theirs}: {said}");
        }
    }
}

#[test]
fn what_is_not_there_points_where_it_would_be() {
    let home = Home::new();
    home.run(["api", "GET", "/v1/webhook"]).exits(6).tells("did you mean /v1/webhooks?");
    home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"]);
    let none = home.run(["secret", "revoke", "ERP", "--yes"]);
    none.exits(3).tells("hint: nothing is left to revoke");
    home.run(["show", "at_01h455vb4pex5vsknk084sn02q"]).exits(3).tells("tm-hooks attempts");
    home.run(["show", "tm_0199c1d2e3f4758697a8b9cadbecfd0e"]).exits(3).tells("tm-hooks events");
}

#[test]
fn whoever_is_not_logged_in_is_told_to_log_in() {
    let home = Home::new();
    let served = Served::on_database(&home, &sqlite(home.path().join("served.db")));
    for verb in [&["audit"][..], &["token", "list"], &["list"], &["send", "user.deleted"], &["whoami", "--check"]] {
        let said = home.program().env("TM_HOOKS_URL", &served.url).args(verb).said();
        assert_eq!((said.code, said.out.as_str()), (4, ""), "{said}");
        said.tells("not logged in to").tells(&format!("tm-hooks login {}", served.url));
    }
}
