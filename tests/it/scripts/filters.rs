//! Tests `--jq` in scripts: what it accepts as a filter, and how a filter that needs too much ends.
//! `src/render/jq/cases.rs` compares the language with jq.

use crate::common::{Home, Run};

#[test]
fn a_filter_may_begin_with_a_sign_and_may_be_empty() {
    let home = Home::new();
    assert_eq!(home.ok(["list", "--jq", "-1"]), "-1\n");
    assert_eq!(home.ok(["list", "--jq", "-(.data | length)", "-q"]), "-0\n");
    assert_eq!(home.ok(["--jq", "-1", "list"]), "-1\n");
    assert_eq!(home.ok(["list", "--jq=-1"]), "-1\n");
    assert_eq!(home.ok(["list", "--jq", ""]), "{\"data\":[],\"next\":null}\n");
}

#[test]
fn a_flag_is_no_filter_and_wrong_flags_behind_one_are_named() {
    let home = Home::new();
    for flag in ["--all", "-q", "--help", "--limit"] {
        let said = home.run(["list", "--jq", flag]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said}");
        assert!(said.err.contains(&format!("a filter is missing: {flag} is a flag")), "{said}");
    }
    home.run(["list", "--jq", "-1", "--bad"]).exits(2).tells("there is no option --bad");
    home.run(["--jq", "-1", "list", "--limt", "3"]).exits(2).tells("\"--limit\"");
}

#[test]
fn a_filter_sees_neither_the_environment_nor_the_input() {
    let home = Home::new();
    for filter in
        ["env", "$ENV", "env.HOOKS_CANARY", "$ENV.HOOKS_CANARY", "[inputs]", "input", "input_filename", "halt"]
    {
        let said = home.program().args(["list", "--jq", filter]).env("HOOKS_CANARY", "an-invented-word").said();
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{filter}: {}", said.err);
        assert!(said.err.contains("a filter sees the data alone"), "{filter}: {}", said.err);
        assert!(!said.err.contains("an-invented-word"), "{filter}");
    }
}

#[test]
fn a_filter_that_takes_too_much_ends_with_an_error() {
    let home = Home::new();
    for (filter, reasons) in [
        ("\"x\" * 1e9", ["takes too much memory"].as_slice()),
        // On a slow machine its time ends first.
        ("[range(1e9)]", &["takes too much memory", "too long"]),
        ("def f: 1 + f; f", &["calls itself too deeply"]),
        ("reduce range(20000) as $i (null; [.])", &["nested too deeply"]),
    ] {
        let said = home.run(["list", "--jq", filter]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{filter}: {}", said.err);
        assert!(reasons.iter().any(|reason| said.err.contains(reason)), "{filter}: {}", said.err);
    }
}
