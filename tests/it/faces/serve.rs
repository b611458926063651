use std::{io::Read, os::unix::fs::PermissionsExt};

use super::{face, lived_in, look::constant, untouched};
use crate::common::{Home, Run, run::signal, service::TOKEN, terminal::Terminal};

/// What it says from its start until SIGTERM has ended it; on the terminal once `last` is there.
#[track_caller]
fn served(home: &Home, arguments: &[&str], last: &str) -> String {
    let arguments = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
    [piped(&home.copy(), &arguments), shown(&home.copy(), &arguments, last)].join("\n\n")
}

#[track_caller]
fn piped(home: &Home, arguments: &[&str]) -> String {
    let mut serving = home.program().args(arguments).started();
    let mut url = Vec::new();
    while !url.ends_with(b"\n") {
        let mut byte = [0];
        serving.child.stdout.as_mut().unwrap().read_exact(&mut byte).unwrap();
        url.extend(byte);
    }
    signal(serving.child.id(), "TERM");
    let said = serving.said_in_time();
    let logged: String = said.err.lines().map(|line| format!("2> {line}\n")).collect();
    let url = String::from_utf8(url).unwrap();
    constant(format!("$ {} | cat\n{url}{}{logged}exit {}", said.command, said.out, said.code), home)
}

#[track_caller]
fn shown(home: &Home, arguments: &[&str], last: &str) -> String {
    let mut session = Terminal::of(home).env("NO_COLOR", "1").shows_a_secret().start(arguments);
    session.wait_for(last).signal("TERM");
    let seen = session.ended();
    constant(format!("$ {}\n{}\nexit {}", seen.command, seen.screen, seen.code), home)
}

#[test]
fn good() {
    let home = lived_in();
    let token = home.path().join("token");
    std::fs::write(&token, TOKEN).unwrap();
    std::fs::set_permissions(token, std::fs::Permissions::from_mode(0o600)).unwrap();
    insta::assert_snapshot!(served(&home, &["--admin-token-file", "token"], "connect"), @r#"
    $ tm-hooks serve --listen 127.0.0.1:0 --admin-token-file token | cat
    http://127.0.0.1:38080
    2> tm-hooks listens on http://127.0.0.1:38080. Stop it with Ctrl-C.
    2>   connect   TM_HOOKS_URL=http://127.0.0.1:38080 TM_HOOKS_TOKEN_FILE=token tm-hooks list
    2> {"timestamp":"2026-11-25T16:55:00.000000Z","level":"INFO","message":"stopping: finishing what is under way; a second signal ends it at once","target":"tm_hooks::commands::serve::signals"}
    exit 0

    $ tm-hooks serve --listen 127.0.0.1:0 --admin-token-file token
    http://127.0.0.1:38080
    tm-hooks listens on http://127.0.0.1:38080. Stop it with Ctrl-C.
      connect   TM_HOOKS_URL=http://127.0.0.1:38080 TM_HOOKS_TOKEN_FILE=token tm-hooks list
    2026-11-25T16:55:00.000000Z  INFO stopping: finishing what is under way; a second signal ends it at
    once
    exit 0
    "#);
}

/// The token is made, and shown to a person once.
#[test]
fn empty() {
    insta::assert_snapshot!(served(&untouched(), &[], "shown once"), @r#"
    $ tm-hooks serve --listen 127.0.0.1:0 | cat
    http://127.0.0.1:38080
    2> tm-hooks listens on http://127.0.0.1:38080. Stop it with Ctrl-C.
    2>   connect   TM_HOOKS_URL=http://127.0.0.1:38080 TM_HOOKS_TOKEN_FILE=/home/mara/.local/share/tm-hooks/admin-token tm-hooks list
    2> {"timestamp":"2026-11-25T16:55:00.000000Z","level":"INFO","message":"stopping: finishing what is under way; a second signal ends it at once","target":"tm_hooks::commands::serve::signals"}
    exit 0

    $ tm-hooks serve --listen 127.0.0.1:0
    http://127.0.0.1:38080
    tm-hooks listens on http://127.0.0.1:38080. Stop it with Ctrl-C.
      connect   TM_HOOKS_URL=http://127.0.0.1:38080 TM_HOOKS_TOKEN_FILE=/home/mara/.local/share/tm-hooks
    /admin-token tm-hooks list
    token     tmadmin_******************************** (shown once; kept in the file above)
    2026-11-25T16:55:00.000000Z  INFO stopping: finishing what is under way; a second signal ends it at
    once
    exit 0
    "#);
}

/// Others could reach it, with a token that nobody has.
#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["serve", "--listen", "0.0.0.0:8420"]), @"
    $ tm-hooks serve --listen 0.0.0.0:8420 | cat
    2> error: 0.0.0.0:8420 can be reached from other machines, and no admin token was given
    2>   hint: set TM_HOOKS_ADMIN_TOKEN, or give --admin-token-file FILE
    exit 2

    $ tm-hooks serve --listen 0.0.0.0:8420
    error: 0.0.0.0:8420 can be reached from other machines, and no admin token was given
      hint: set TM_HOOKS_ADMIN_TOKEN, or give --admin-token-file FILE
    exit 2
    ");
}
