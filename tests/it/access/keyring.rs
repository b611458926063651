//! Tests a real keyring: gnome-keyring in its own D-Bus session, unlocked, locked and absent; and one that accepts
//! every call and never answers.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::common::{
    Home, Run, Said,
    service::{Served, TOKEN},
    skip,
};

/// More time than the keyring and the program may need; a program that hangs fails the test here.
const NO_HANG: Duration = Duration::from_secs(30);

/// The time that the keyring may take (3 s) plus what a busy machine may need. It is less than the 25 s after which
/// D-Bus itself usually gives up.
const GIVEN_UP: Duration = Duration::from_secs(15);

fn skipped() -> bool {
    skip::without(&["dbus-run-session", "gnome-keyring-daemon", "timeout"], "the keyring is not tried")
}

/// Runs a script in a session after starting `keyring`. `$TM` is the program; `$URL` and `$TOKEN` are set.
fn in_session(home: &Home, url: &str, keyring: &str, script: &str) -> Said {
    let whole = format!("{keyring}\n{script}");
    let program = env!("CARGO_BIN_EXE_tm-hooks");
    let said = Command::new("timeout")
        .args([&NO_HANG.as_secs().to_string(), "dbus-run-session", "--", "sh", "-eu", "-c", &whole])
        .env_clear()
        .envs([("HOME", home.path().to_str().unwrap()), ("PATH", &std::env::var("PATH").unwrap())])
        .envs([("XDG_RUNTIME_DIR", home.path().to_str().unwrap()), ("URL", url), ("TOKEN", TOKEN), ("TM", program)])
        .current_dir(home.path())
        .stdin(Stdio::null())
        .said();
    assert_ne!(said.code, 124, "it hung: {}{}", said.out, said.err);
    said
}

const UNLOCKED: &str =
    "printf '%s' 'an invented password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";
/// The keyring of an earlier session, which nobody unlocks in this one.
const LOCKED: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1";
const ABSENT: &str = "true";
/// A program that owns the keyring's name, accepts every call and never answers; the script goes on once it owns the
/// name.
const SILENT: &str = "dbus-test-tool black-hole --name=org.freedesktop.secrets & \
    until dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
        org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q 'boolean true'; do :; done";

const LOGIN: &str = "printf '%s' \"$TOKEN\" | $TM login \"$URL\" --token-stdin --profile work\n";

struct Place {
    home: Home,
    served: Served,
    _database: Home,
}

fn place() -> Place {
    let (home, database) = (Home::new(), Home::new());
    let served = Served::on_database(&database, "sqlite::memory:");
    Place { home, served, _database: database }
}

#[test]
fn login_use_and_logout() {
    if skipped() {
        return;
    }
    let Place { home, served, .. } = place();
    let script =
        format!("{LOGIN} $TM list -o json\n$TM whoami -o json\n$TM logout\n$TM whoami --check || echo exit $?");
    let said = in_session(&home, &served.url, UNLOCKED, &script);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.err.contains("The token is in the keyring"), "{}", said.err);
    assert!(said.out.contains(r#""tokenSource":"keyring""#) && said.out.contains(r#""valid":true"#), "{}", said.out);
    assert!(said.err.contains("gone from the keyring") && said.out.ends_with("exit 4\n"), "{}{}", said.out, said.err);
    assert!(!said.out.contains(TOKEN) && !said.err.contains(TOKEN));
    assert!(!home.path().join(".config/tm-hooks/credentials.toml").exists());
    let config = std::fs::read_to_string(home.path().join(".config/tm-hooks/config.toml")).unwrap();
    assert!(config.contains("[profiles.work]") && !config.contains("token") && !config.contains(TOKEN), "{config}");
}

#[test]
fn locked() {
    if skipped() {
        return;
    }
    let Place { home, served, .. } = place();
    let first = in_session(&home, &served.url, UNLOCKED, LOGIN);
    assert_eq!(first.code, 0, "{}{}", first.out, first.err);
    let said = in_session(&home, &served.url, LOCKED, "$TM list || echo list $?\n$TM doctor -o json || echo doctor $?");
    assert!(said.out.starts_with("list 4\n") && said.out.ends_with("doctor 10\n"), "{}{}", said.out, said.err);
    assert!(said.err.contains("keyring") && said.err.contains("locked"), "{}", said.err);
    assert!(said.err.contains("--insecure-storage") && said.err.contains("TM_HOOKS_TOKEN"), "{}", said.err);
    let given = in_session(&home, &served.url, LOCKED, "TM_HOOKS_TOKEN=$TOKEN $TM list");
    assert_eq!(given.code, 0, "the environment does not come first: {}", given.err);
}

#[test]
fn absent() {
    if skipped() {
        return;
    }
    let Place { home, served, .. } = place();
    let said = in_session(&home, &served.url, ABSENT, LOGIN);
    assert_eq!(said.code, 4, "{}{}", said.out, said.err);
    assert!(said.err.contains("keyring") && said.err.contains("--insecure-storage"), "{}", said.err);
    assert!(!home.path().join(".config").exists(), "something was kept all the same");
    // There is no bus at all, as in a container.
    let bare = home.run_with_input(["login", &served.url, "--token-stdin"], TOKEN);
    assert!(bare.code == 4 && bare.err.contains("--insecure-storage"), "{}", bare.err);
    let file = in_session(&home, &served.url, ABSENT, &format!("{} --insecure-storage\n$TM list", LOGIN.trim()));
    assert_eq!(file.code, 0, "{}{}", file.out, file.err);
}

/// Runs a script with a silent keyring, after `login` stored the token there; checks what each command says then.
fn in_silence(served: &Served, logged_in: bool, script: &str) -> (Home, Said) {
    let home = Home::new();
    if logged_in {
        let config = format!("profile = \"work\"\n[profiles.work]\nurl = \"{}\"\ntoken = \"keyring\"\n", served.url);
        std::fs::create_dir_all(home.path().join(".config/tm-hooks")).unwrap();
        std::fs::write(home.path().join(".config/tm-hooks/config.toml"), config).unwrap();
    }
    let began = Instant::now();
    let said = in_session(&home, &served.url, SILENT, script);
    assert!(began.elapsed() < GIVEN_UP, "it took {:?}: {}{}", began.elapsed(), said.out, said.err);
    assert!(!said.out.contains(TOKEN) && !said.err.contains(TOKEN), "{}{}", said.out, said.err);
    (home, said)
}

#[test]
fn silent() {
    if skip::without(&["dbus-run-session", "dbus-test-tool", "dbus-send", "timeout"], "the keyring is not tried") {
        return;
    }
    let Place { served, .. } = place();
    // The cases run in parallel, because each waits as long as the keyring may take.
    let cases = [(LOGIN, false, 4), ("$TM list", true, 4), ("$TM logout", true, 4), ("$TM doctor -o json", true, 10)];
    std::thread::scope(|scope| {
        for (script, logged_in, code) in cases {
            let served = &served;
            scope.spawn(move || {
                let (home, said) = in_silence(served, logged_in, script);
                let text = format!("{script}: {}{}", said.out, said.err);
                assert_eq!(said.code, code, "{text}");
                assert!(text.contains("the keyring did not answer within 3 s; it may be locked"), "{text}");
                assert!(text.contains("--insecure-storage") && text.contains("TM_HOOKS_TOKEN"), "no next step: {text}");
                assert_eq!(home.path().join(".config").exists(), logged_in, "something was kept all the same: {text}");
            });
        }
    });
    let (_, given) = in_silence(&served, true, "TM_HOOKS_TOKEN=$TOKEN $TM list");
    assert_eq!(given.code, 0, "the environment does not come first: {}", given.err);
}

#[test]
fn silent_for_many_is_waited_for_once() {
    if skip::without(&["dbus-run-session", "dbus-test-tool", "dbus-send", "timeout"], "the keyring is not tried") {
        return;
    }
    let home = Home::new();
    let profile = |number| format!("[profiles.p{number}]\nurl = \"https://h.example/{number}\"\ntoken = \"keyring\"\n");
    std::fs::create_dir_all(home.path().join(".config/tm-hooks")).unwrap();
    std::fs::write(home.path().join(".config/tm-hooks/config.toml"), (0..8).map(profile).collect::<String>()).unwrap();
    let began = Instant::now();
    let said = in_session(&home, "https://h.example", SILENT, "$TM logout --all");
    assert!(began.elapsed() < GIVEN_UP, "each of them was waited for: {:?}", began.elapsed());
    said.exits(4).tells("8 of 8");
    assert_eq!(said.err.matches("did not answer").count(), 8, "{said}");
}
