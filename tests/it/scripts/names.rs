//! Tests that names that look alike are one name, and that secrets in URLs stay off screens and out of the audit log.

use crate::common::{
    Home,
    ledger::Delivering,
    receiver::{Receiver, answer},
    terminal::Terminal,
};
use serde_json::json;

const URL: &str = "https://erp.example.com/hooks?team=hr&sig=Invented1Signature";

#[test]
fn a_name_is_found_however_its_letters_are_composed() {
    let home = Home::new();
    home.ok(["add", "https://erp.example.com/hooks", "--name", " Cafe\u{301} ", "--events", "*"]);
    assert_eq!(home.json(["list", "--json=name"]), json!([{"name": "Caf\u{e9}"}]));
    for name in ["Caf\u{e9}", "Cafe\u{301}", " Caf\u{e9} "] {
        home.ok(["show", name]);
        home.run(["add", "https://erp.example.com/hooks", "--name", name, "--events", "*"]).exits(6);
    }
    home.ok(["edit", "Caf\u{e9}", "--name", "Zo\u{308}e"]);
    home.ok(["show", "Z\u{f6}e"]);
    home.ok(["list", "--search", "ZO\u{308}"]);
}

#[test]
fn a_name_holds_nothing_that_cannot_be_seen_and_is_no_id() {
    let home = Home::new();
    let add = |name: &str| home.run(["add", "https://erp.example.com/hooks", "--name", name, "--events", "*"]);
    for (name, clear) in [
        ("Pay\u{1b}[31mroll", "U+001B"),
        ("Pay\u{202e}roll", "U+202E"),
        ("Pay\u{200b}roll", "U+200B"),
        ("wh_payroll", "must not begin with wh_"),
        ("WH_payroll", "must not begin with wh_"),
        ("\u{fe0f}", "U+FE0F"),
        ("Payroll\u{fe0f}", "U+FE0F"),
        ("\u{e0100}", "U+E0100"),
        ("\u{3164}", "U+3164"),
        ("\u{2800}", "must not be empty"),
    ] {
        add(name).exits(7).tells(clear);
    }
    assert_eq!(home.ok(["list"]), "");
    add("Payroll").exits(0);
    add("Torhaus \u{2764}\u{fe0f}").exits(0);
    home.run(["edit", "Payroll", "--name", "Pay\u{feff}roll"]).exits(7).tells("U+FEFF");
}

#[test]
fn a_token_has_no_name_that_the_audit_log_gives_to_others() {
    let person = Delivering::to(Receiver::accepting());
    let create = |name: &str| person.run(&["token", "create", "--name", name, "--scope", "webhooks:read"]);
    for name in ["admin", "Local", "service", "c\u{200d}i"] {
        create(name).exits(7).tells("name: must not");
    }
    for name in ["c\u{fe0f}i", "\u{2800}", "\u{e0100}"] {
        create(name).exits(7).tells("name: must not");
    }
    create("Bu\u{308}ro").exits(0);
    person.ok(&["token", "revoke", "B\u{fc}ro", "--yes"]);
}

#[test]
fn only_a_secret_that_was_shown_was_read() {
    let person = Delivering::to(Receiver::accepting());
    person.ok(&["add", &person.receiver.url(), "--name", "Payroll", "--events", "*"]);
    let readings = || {
        let entries = person.json(&["audit"]);
        let actions = entries["data"].as_array().unwrap().iter().map(|entry| entry["action"].clone());
        actions.filter(|action| *action == "secret.read").count()
    };
    for arguments in [&["secret", "show", "Payroll"][..], &["secret", "show", "Payroll", "--format", "standard"]] {
        assert!(person.ok(arguments).contains("_\u{2022}\u{2022}"), "{arguments:?} is masked");
        assert!(person.json(arguments)["secret"].as_str().unwrap().ends_with('\u{2022}'));
    }
    assert_eq!(readings(), 0);
    person.ok(&["secret", "show", "Payroll", "--reveal"]);
    assert_eq!(readings(), 1);
    person.ok(&["secret", "rotate", "Payroll", "--yes"]);
    person.run(&["secret", "show", "Payroll"]).exits(0).tells("The old secret is valid too");
    assert_eq!(readings(), 1);
}

#[test]
fn what_is_secret_in_a_url_is_shown_where_it_is_read_back_and_where_it_was_asked_for() {
    let home = Home::new();
    home.ok(["add", URL, "--name", "ERP", "--events", "*"]);
    let on_screen = |arguments: &[&str]| Terminal::of(&home).columns(160).run(arguments);
    let masked = "erp.example.com/hooks?team=hr&sig=••••";
    for arguments in [&["list"][..], &["show", "ERP"], &["delete", "ERP", "--no-input"]] {
        let seen = on_screen(arguments);
        assert!(!seen.screen.contains("Invented1Signature"), "{arguments:?}");
        assert!(seen.screen.contains(masked) || arguments[0] == "delete", "{arguments:?}");
    }
    for arguments in [["list", "--reveal", "-v"], ["show", "ERP", "--reveal"]] {
        assert!(on_screen(&arguments).screen.contains("sig=Invented1Signature"));
    }
    // The URL outside of the history can be read back.
    assert!(home.ok(["list"]).contains(URL));
    assert_eq!(home.json(["list", "--json=url"]), json!([{ "url": URL }]));
    assert!(on_screen(&["show", "ERP", "-o", "json"]).raw.contains("Invented1Signature"));
    let person = Delivering::to(Receiver::accepting());
    person.ok(&["add", URL, "--name", "ERP", "--events", "*"]);
    person.ok(&["edit", "ERP", "--url", &URL.replace("Invented1", "Invented2")]);
    let audit = person.json(&["audit"]).to_string();
    assert!(!audit.contains("Signature") && audit.contains("sig=••••"), "{audit}");
}

#[test]
fn what_is_secret_in_a_url_is_found_however_it_is_spelled() {
    let home = Home::new();
    let secret = "Invented3Word";
    for (number, query) in [
        "?%74oken=X",
        "?a=1;token=X",
        "?pwd=X",
        "?user_pass=X",
        "?next=https%3A%2F%2Fb.example%2F%3Fkey%3DX",
        "?%6Awt=X",
    ]
    .into_iter()
    .enumerate()
    {
        let url = format!("https://erp.example.com/hooks{}", query.replace('X', secret));
        home.ok(["add", &url, "--name", &format!("ERP{number}"), "--events", "*"]);
        assert!(home.ok(["list"]).contains(&url));
        let delete = ["delete", &format!("ERP{number}"), "--no-input"];
        for arguments in [&["show", &format!("ERP{number}")][..], &delete] {
            let seen = Terminal::of(&home).columns(160).run(arguments);
            assert!(!seen.raw.contains(secret), "{query}: {arguments:?}");
        }
    }
    for arguments in [
        &["list"][..],
        &["list", "-o", "csv"],
        &["list", "-o", "tsv", "--columns", "url"],
        &["show", "ERP1", "-o", "csv"],
    ] {
        let seen = Terminal::of(&home).columns(160).run(arguments);
        assert!(!seen.raw.contains(secret) && seen.raw.contains("••••"), "{arguments:?}: {seen}");
    }
    let revealed = Terminal::of(&home).columns(160).run(&["list", "-o", "csv", "--reveal"]);
    assert_eq!(revealed.raw.matches(secret).count(), 6, "{revealed}");
    for output in ["csv", "tsv", "json", "ndjson"] {
        assert_eq!(home.ok(["list", "-o", output]).matches(secret).count(), 6, "{output}");
    }
    let audit = home.ok(["audit", "--all", "-o", "json"]);
    assert!(!audit.contains(secret) && audit.contains("%74oken=••••"), "{audit}");
}

#[test]
fn what_was_copied_from_a_screen_is_refused() {
    let home = Home::new();
    home.ok(["add", URL, "--name", "ERP", "--events", "*"]);
    let copied = "https://erp.example.com/hooks?team=hr&sig=••••";
    home.run(["edit", "ERP", "--url", copied, "--json"]).exits(7).fails_as_json("masked_value");
    home.run(["add", copied, "--name", "New", "--events", "*", "--json"]).exits(7).fails_as_json("masked_value");
    for spelled in ["%e2%80%a2•••", "%E2%80%A2%e2%80%a2%e2%80%a2%E2%80%a2", "%25e2%2580%25a2•••"] {
        let url = copied.replace("••••", spelled);
        home.run(["edit", "ERP", "--url", &url, "--json"]).exits(7).fails_as_json("masked_value");
        home.run(["add", &url, "--name", "New", "--events", "*", "--json"]).exits(7).fails_as_json("masked_value");
    }
    let header = ["edit", "ERP", "--header", "X-Api-Key: ••••••••", "--json"];
    home.run(header).exits(7).fails_as_json("masked_value");
    assert_eq!(home.json(["list", "--json=url"]), json!([{ "url": URL }]));
}

#[test]
fn what_a_receiver_says_moves_no_cursor_and_is_whole_in_a_pipe() {
    let home = Home::new();
    let receiver = Receiver::answering(|_, _| answer(500, "no\u{1b}[31m\u{202e}red\u{7}"));
    home.ok(["add", &receiver.url(), "--name", "Payroll", "--events", "*"]);
    home.run(["test", "Payroll"]).exits(10);
    let id = home.ok(["attempts", "-o", "id"]);
    for format in ["table", "csv", "tsv", "ndjson", "json"] {
        let shown = ["show", id.trim(), "-o", format, "--color", "never"];
        let seen = Terminal::of(&home).run(&shown);
        let hostile = ['\u{202e}', '\u{7}'].iter().any(|c| seen.raw.contains(*c)) || seen.raw.contains("\u{1b}[31m");
        assert!(!hostile && seen.raw.contains("red"), "{format} on a terminal");
    }
    assert!(home.ok(["show", id.trim(), "-o", "csv"]).contains("\u{202e}red"));
}

#[test]
fn colours_need_a_terminal_that_has_a_name() {
    let home = Home::new();
    home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"]);
    assert!(Terminal::of(&home).run(&["list"]).has_color());
    assert!(!Terminal::of(&home).env("TERM", "").run(&["list"]).has_color());
}
