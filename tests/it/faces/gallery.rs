//! The screens of every verb, as terminals of 80 and of 120 columns show them in a company of fourteen webhooks: a file a
//! verb in `gallery/`.
//!
//! Each command is shown as it is at 80 columns, below it what is in which colour, and at 120 columns where that differs.
//! The same run shows that `NO_COLOR`, a dumb terminal and one without UTF-8 get the same words.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt, path::Path};

use tm_hooks::commands;
use unicode_width::UnicodeWidthStr;

use super::{
    Look, SENDERS_SECRET, company, id,
    look::{Shown, each_after},
    tree,
};
use crate::common::{Home, service::TOKEN};

/// The colours we use, and how they are told apart here.
const TONES: [(&str, &str); 6] =
    [("1;31", "red sign"), ("31", "red"), ("33", "yellow"), ("32", "green"), ("1", "bold"), ("2", "dim")];

/// Signs for terminals with UTF-8, and for all others.
const SIGNS: [(char, char); 9] =
    [('✗', 'x'), ('✓', '+'), ('○', '-'), ('❯', '>'), ('…', '~'), ('–', '-'), ('━', '='), ('╸', ' '), ('•', '*')];

/// What a command shows, wherever it is shown.
#[track_caller]
fn screens(look: &Look<'_>, arguments: &[&str]) -> String {
    let narrow = with_stars(look.on_terminal(80, &[], arguments));
    let wide = with_stars(look.on_terminal(120, &[("NO_COLOR", "1")], arguments));
    for (shown, columns) in [(&narrow, 80), (&wide, 120)] {
        let broken = |line: &&str| line.width() > columns && !is_whole(line);
        assert_eq!(
            last_written(&without_colour(&shown.raw)).iter().map(String::as_str).find(broken),
            None,
            "{} at {columns} columns",
            shown.command
        );
    }
    assert!(!wide.raw.contains("\u{1b}[3") && !wide.raw.contains("\u{1b}[1m"), "NO_COLOR: {:?}", wide.raw);
    let dumb = with_stars(look.on_terminal(80, &[("TERM", "dumb")], arguments));
    assert!(!dumb.raw.contains('\u{1b}'), "TERM=dumb: {:?}", dumb.raw);
    assert_eq!(dumb.screen, narrow.screen, "TERM=dumb: {}", dumb.command);
    let ascii = with_stars(look.on_terminal(120, &[("NO_COLOR", "1"), ("LC_ALL", "C")], arguments));
    assert_eq!(in_ascii(&ascii.screen), in_ascii(&wide.screen), "without UTF-8: {}", ascii.command);
    let sign = SIGNS.iter().find(|(sign, _)| ascii.screen.replace("Crème –", "").contains(*sign));
    assert_eq!(sign, None, "without UTF-8: {}\n{}", ascii.command, ascii.screen);
    told(&narrow, &wide)
}

/// Stars for the ids of attempts: of two that are made at once either may draw its random part first.
fn with_stars(shown: Shown) -> Shown {
    let starred = |text: String| each_after(&text, "at_", |c| c.is_ascii_alphanumeric(), &"*".repeat(26));
    let Shown { command, screen, raw, code } = shown;
    Shown { command: starred(command), screen: starred(screen), raw: starred(raw), code }
}

fn told(narrow: &Shown, wide: &Shown) -> String {
    let Shown { command, screen, code, .. } = narrow;
    let mut text = format!("$ {command}\n{}\nexit {code}\n", plain(screen));
    for (tone, words) in tones(&narrow.raw) {
        text += &format!("    {tone}: {}\n", words.join(" | "));
    }
    if plain(&wide.screen) != plain(screen) {
        text += &format!("\n$ {command}    # at 120 columns\n{}\n", plain(&wide.screen));
    }
    text
}

/// The screen without the line that says where the data lie.
fn plain(screen: &str) -> String {
    let place = "local: the service inside this program, with its data in";
    let screen = screen.replace(&format!("{place} /home/mara/.local/share/tm-hooks\n"), "");
    screen.replace(&format!("{place}\n/home/mara/.local/share/tm-hooks\n"), "").trim_end().to_owned()
}

/// What stands in which colour.
fn tones(raw: &str) -> Vec<(&'static str, Vec<&str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = TONES.map(|(_, tone)| (tone, Vec::new())).into();
    for part in raw.split("\u{1b}[").skip(1) {
        let Some((code, rest)) =
            part.split_once('m').filter(|(code, _)| code.chars().all(|c| "0123456789;".contains(c)))
        else {
            continue;
        };
        match TONES.iter().position(|(known, _)| *known == code) {
            Some(at) if !found[at].1.contains(&rest.trim()) => found[at].1.push(rest.trim()),
            Some(_) => {}
            None => assert!(matches!(code, "0" | ""), "the colour {code} in {raw:?}"),
        }
    }
    found.retain(|(_, words)| !words.is_empty());
    found
}

fn without_colour(raw: &str) -> String {
    let mut parts = raw.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.trim_start_matches(|c: char| !c.is_ascii_alphabetic()).get(1..).unwrap_or_default()
    })
}

/// Each line as it was written last: progress and questions are written again and again.
fn last_written(words: &str) -> Vec<String> {
    let last = |line: &str| line.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default().trim_end().to_owned();
    // The log is for programs; a terminal breaks it where it likes.
    words.lines().map(last).filter(|line| !line.starts_with("2026-")).collect()
}

/// A word or a command that is wider than the terminal stays whole.
fn is_whole(line: &str) -> bool {
    let end = line.trim_start().rsplit("  ").next().unwrap_or_default();
    end.trim().split(' ').count() < 3 || line.contains("tm-hooks ")
}

fn in_ascii(screen: &str) -> String {
    SIGNS.iter().fold(screen.to_owned(), |text, (sign, ascii)| text.replace(*sign, &ascii.to_string()))
}

/// Shows these commands, and keeps what they show in the verb's file.
#[track_caller]
fn keep(verb: &str, shown: &[String]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(verb, shown.join("\n")));
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faces/gallery")
}

#[track_caller]
fn looked_at(verb: &str, home: &Home, commands: &[&[&str]]) {
    let look = Look::at(home);
    keep(verb, &commands.iter().map(|arguments| screens(&look, arguments)).collect::<Vec<_>>());
}

const CAFE: &str = "Café Crème – Schichtübergabe";

#[test]
fn webhooks() {
    let home = company();
    looked_at("list", &home, &[&["list"], &["list", "--columns", "name,url,events"], &["list", "--status", "off"]]);
    let show = |name| ["show", name];
    looked_at(
        "show",
        &home,
        &[
            &show("Chat bot Team West"),
            &show("Access control Torhaus"),
            &show("Legacy bridge"),
            &show(CAFE),
            &show("Archive"),
            &show("Canteen"),
        ],
    );
}

#[test]
fn histories() {
    let home = company();
    looked_at(
        "attempts",
        &home,
        &[&["attempts", "--limit", "9"], &["attempts", "Chat bot Team West", "--limit", "3"], &["attempts", "Canteen"]],
    );
    looked_at("events", &home, &[&["events", "--limit", "4"]]);
    looked_at("audit", &home, &[&["audit", "--limit", "8"], &["audit", "--all"]]);
    let stats = |by| ["stats", "--by", by];
    looked_at("stats", &home, &[&["stats"], &stats("event"), &stats("code"), &stats("day"), &stats("hour")]);
}

#[test]
fn knowledge() {
    let home = company();
    looked_at("types", &home, &[&["types"], &["types", "user.deleted"], &["types", "users.deleted"]]);
    looked_at(
        "versions",
        &home,
        &[&["versions"], &["versions", "v2"], &["versions", "default"], &["versions", "default", "v2"]],
    );
    looked_at("api", &home, &[&["api", "GET", "/v1/webhooks?limit=1"], &["api", "GET", "/v1/webhook"]]);
    looked_at("help", &home, &[&["help"], &["help", "exit-codes"], &["help", "enviroment"], &["lst"]]);
    looked_at("completions", &home, &[&["completions", "bsh"]]);
    looked_at("man", &home, &[&["man", "list"]]);
}

#[test]
fn changes() {
    let home = company();
    let add = ["add", "https://erp.nordlicht.example/hooks", "--name", "ERP", "--events", "attendance.*,user.deleted"];
    looked_at("add", &home, &[&add, &["add", "erp.nordlicht.example/hooks", "--name", "ERP", "--events", "*"]]);
    looked_at(
        "edit",
        &home,
        &[
            &["edit", CAFE, "--url", "https://cafe.example/in", "--events", "attendance.*"],
            &["edit", CAFE, "--events", "attendence.*"],
        ],
    );
    looked_at("enable", &home, &[&["enable", "Legacy bridge"], &["enable", "canteen"]]);
    looked_at("disable", &home, &[&["disable", CAFE]]);
    looked_at("pin", &home, &[&["pin", CAFE, "v2"], &["pin", CAFE, "v3"]]);
    looked_at("unpin", &home, &[&["unpin", "Chat bot Team West"]]);
    let delete = ["delete", "Canteen", "Archive"];
    let answered = |keys| screens(&Look::at(&home).typing("Delete", keys), &delete);
    keep("delete", &[answered("y\r"), answered("n\r"), screens(&Look::at(&home), &["delete", "Canten", "--yes"])]);
}

#[test]
fn sending() {
    let home = company();
    looked_at(
        "send",
        &home,
        &[&["send", "attendance.deleted"], &["send", "attendance.inserted"], &["send", "attendence.inserted"]],
    );
    looked_at(
        "test",
        &home,
        &[&["test", "Payroll Nordlicht"], &["test", "Chat bot Team West"], &["test", "Shift planner"]],
    );
    let attempt = id(&home, ["attempts", "Chat bot Team West", "--status", "failed", "-o", "id"]);
    let event = id(&home, ["events", "--type", "attendance.inserted", "-o", "id"]);
    looked_at("show_one", &home, &[&["show", &attempt], &["show", &attempt, "--whole"], &["show", &event]]);
    keep(
        "retry",
        &[
            screens(&Look::at(&home), &["retry", &attempt]),
            screens(&Look::at(&home), &["retry", "--failed", "--since", "1d"]),
        ],
    );
}

#[test]
fn receiving() {
    let home = company();
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
    write("shop.secret", "It's a Secret to Everybody\n");
    write("body.txt", "Hello, World!");
    let value = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    write("headers.txt", &format!("X-Hub-Signature-256: {value}\n"));
    let given =
        ["verify", "--secret-file", "shop.secret", "--body", "body.txt", "--header", "@headers.txt", "--scheme"];
    let by = |scheme| [&given[..], &[scheme]].concat();
    let github = "hmac-sha256 header=X-Hub-Signature-256 prefix=sha256=";
    looked_at("verify", &home, &[&by(github), &by("hmac-sha256 header=X-Hub-Signature-256"), &by("hmac-sha1")]);
    let sign = ["sign", "--secret-file", "shop.secret", "--body", "body.txt", "--scheme"];
    looked_at("sign", &home, &[&[&sign[..], &[github]].concat(), &[&sign[..], &["standard"]].concat()]);
}

#[test]
fn taking_in() {
    let home = super::taking_in();
    let source = |words: &[&str]| screens(&Look::at(&home), &[&["source"], words].concat());
    let answering = |question, keys: &str, words: &[&str]| {
        screens(&Look::at(&home).typing(question, keys), &[&["source"], words].concat())
    };
    let secret = format!("{SENDERS_SECRET}\r");
    keep(
        "source",
        &[
            source(&["list"]),
            source(&["show", "Canteen clock"]),
            source(&["show", "TimeMoto"]),
            source(&["show", "Branch Hamburg"]),
            source(&["show", "Old office"]),
            source(&["received", "TimeMoto"]),
            source(&["received", "Branch Hamburg", "--refused"]),
            answering("empty as long", "\r", &["add", "Warehouse"]),
            answering("Secret of", &secret, &["secret", "set", "Visitor terminal"]),
            source(&["edit", "TimeMoto", "--expect-within", "8h"]),
            source(&["enable", "Old office"]),
            source(&["disable", "TimeMoto"]),
            answering("Delete", "n\r", &["delete", "Branch Hamburg", "Gate"]),
            source(&["wait", "Branch Hamburg"]),
            source(&["wait", "Gate", "--timeout", "10ms"]),
        ],
    );
}

#[test]
fn access() {
    let home = company();
    looked_at(
        "profile",
        &home,
        &[
            &["profile", "list"],
            &["profile", "use", "staging"],
            &["profile", "add", "tryout", "https://tryout.example"],
            &["profile", "remove", "staging"],
        ],
    );
    looked_at(
        "config",
        &home,
        &[
            &["config", "list"],
            &["config", "get", "retries"],
            &["config", "set", "output", "jsn"],
            &["config", "path"],
            &["config", "set", "signs", "auto"],
        ],
    );
    let rotated = company();
    rotated.ok(["secret", "rotate", CAFE, "--overlap", "24h", "--yes"]);
    keep(
        "secret",
        &[
            screens(&Look::at(&home), &["secret", "show", CAFE]),
            screens(&Look::at(&home), &["secret", "rotate", CAFE, "--overlap", "24h"]),
            screens(&Look::at(&rotated), &["secret", "show", CAFE]),
            screens(&Look::at(&rotated), &["secret", "revoke", CAFE]),
        ],
    );
    let create = ["token", "create", "--name", "payroll", "--scope", "webhooks:read", "--expires", "90d"];
    keep(
        "token",
        &[
            screens(&Look::at(&home), &create),
            screens(&Look::at(&home), &["token", "list"]),
            screens(&Look::at(&home).typing("Revoke", "y\r"), &["token", "revoke", "ci"]),
        ],
    );
}

#[test]
fn services() {
    let home = company();
    let token = home.path().join("token");
    fs::write(&token, TOKEN).unwrap();
    fs::set_permissions(token, fs::Permissions::from_mode(0o600)).unwrap();
    let login = ["login", "URL", "--token-file", "token", "--insecure-storage"];
    keep("login", &[screens(&Look::at(&home).served_to_strangers(), &login)]);
    keep("logout", &[screens(&Look::at(&home).logged_in(), &["logout"])]);
    keep(
        "whoami",
        &[screens(&Look::at(&home).served(), &["whoami", "--check"]), screens(&Look::at(&home), &["whoami"])],
    );
    keep(
        "doctor",
        &[
            screens(&Look::at(&home), &["doctor"]),
            screens(&Look::at(&home).served(), &["doctor"]),
            screens(&Look::at(&home).served_to_strangers(), &["doctor"]),
        ],
    );
    let serve = Look::at(&home).stopped_at("connect");
    keep("serve", &[screens(&serve, &["serve", "--listen", "127.0.0.1:0", "--admin-token-file", "token"])]);
}

/// Nothing of `demo` is the same twice; its own face shows it.
const NOT_HERE: &str = "demo";

#[test]
fn every_verb_is_in_the_gallery() {
    let shown: String =
        fs::read_dir(folder()).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let commands: BTreeSet<String> = tree::paths(&commands::command()).into_iter().map(|path| path.join(" ")).collect();
    let is_shown = |command: &String| {
        command.is_empty() || command == NOT_HERE || shown.contains(&format!("$ tm-hooks {command}"))
    };
    assert_eq!(commands.iter().filter(|command| !is_shown(command)).collect::<Vec<_>>(), Vec::<&String>::new());
}
