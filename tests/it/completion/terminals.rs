//! Tests real shells on a real terminal: keys are typed, Tab among them, and assertions read the line that a person
//! sees or the output of the completed command.

use std::path::{Path, PathBuf};

use super::with_webhooks;
use crate::common::{
    Home, Run,
    service::{Served, TOKEN},
    skip,
    terminal::{Session, Terminal},
    wire::{Step, Wire},
};

/// Keys that clear the line and the screen.
const CLEAR: &str = "\u{5}\u{15}\u{c}";
/// The key that moves the cursor left.
const LEFT: &str = "\u{1b}[D";

#[derive(Clone, Copy)]
struct Shell {
    name: &'static str,
    arguments: &'static [&'static str],
    /// Sources the script as `tm-hooks completions --help` says.
    set_up: &'static str,
}

const BASH: Shell = Shell {
    name: "bash",
    arguments: &["--norc", "--noprofile", "-i"],
    set_up: "PS1='$ '; eval \"$(tm-hooks completions bash)\"",
};
const ZSH: Shell = Shell {
    name: "zsh",
    arguments: &["-f", "-i"],
    set_up: "PROMPT='$ '; autoload -Uz compinit; compinit -D -u; eval \"$(tm-hooks completions zsh)\"",
};
const FISH: Shell = Shell {
    name: "fish",
    arguments: &["--no-config", "-i"],
    set_up: "set -g fish_autosuggestion_enabled 0; function fish_prompt; echo -n '$ '; end; \
             mkdir -p ~/.config/fish/completions; tm-hooks completions fish > ~/.config/fish/completions/tm-hooks.fish; \
             set -p fish_complete_path ~/.config/fish/completions",
};
const ELVISH: Shell = Shell {
    name: "elvish",
    arguments: &["-norc"],
    set_up: "set edit:prompt = { put '$ ' }; set edit:rprompt = { }; eval (tm-hooks completions elvish | slurp)",
};

fn path_of(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

impl Shell {
    /// Starts the shell without any setup; none if it is not installed.
    fn bare(self, home: &Home, variables: &[(&str, &str)]) -> Option<Session> {
        if skip::without(&[self.name], "completion is not tried in it") {
            return None;
        }
        let ours = Path::new(env!("CARGO_BIN_EXE_tm-hooks")).parent().unwrap().to_str().unwrap();
        let path = format!("{ours}:{}", std::env::var("PATH").unwrap());
        let terminal = Terminal::of(home).env("PATH", &path);
        let terminal = variables.iter().fold(terminal, |terminal, (name, value)| terminal.env(name, value));
        Some(terminal.start_program(path_of(self.name)?.to_str().unwrap(), self.arguments))
    }

    fn start(self, home: &Home, variables: &[(&str, &str)]) -> Option<Session> {
        let mut session = self.bare(home, variables)?;
        runs(&mut session, self.set_up);
        Some(session)
    }
}

/// Runs a line without output, and waits until the shell is ready for the next one.
#[track_caller]
fn runs(session: &mut Session, line: &str) {
    let clear = r"printf '\033[H\033[2J'";
    session.types(&format!("{line}; {clear}\r")).wait_until("the prompt", |screen| screen.trim() == "$");
}

/// Clears the line and the screen.
fn cleared(session: &mut Session) -> &mut Session {
    session.types(CLEAR).wait_until("an empty line", |screen| screen.trim() == "$")
}

/// Types these keys and waits until the line is this one. The number of blanks that a shell adds does not count.
#[track_caller]
fn completes(session: &mut Session, keys: &str, line: &str) {
    let is_there = |screen: &str| {
        screen.lines().any(|row| row.split_whitespace().skip(1).eq(line.split_whitespace()) && row.starts_with('$'))
    };
    cleared(session).types(keys).wait_until(&format!("the line {line:?}"), is_there);
}

/// Types these keys and waits until all these words are listed below the line.
#[track_caller]
fn lists(session: &mut Session, keys: &str, words: &[&str]) {
    cleared(session).types(keys).wait_until(&format!("{words:?}"), |screen| {
        let below: Vec<&str> = screen.lines().skip(1).collect();
        words.iter().all(|word| below.iter().any(|row| row.contains(word)))
    });
}

/// Types these keys, which run a command, and waits for this row of output.
#[track_caller]
fn says(session: &mut Session, keys: &str, row: &str) {
    let is_there = |screen: &str| screen.lines().skip(1).any(|shown| shown == row);
    cleared(session).types(keys).wait_until(&format!("the row {row:?}"), is_there);
}

/// Names that a shell would split or run, each with its beginning.
const NAMES: [(&str, &str); 11] = [
    ("Payroll EU", "Pay"),
    ("it's \"x\"", "it"),
    ("cost $HOME `id` $(id)", "cost"),
    ("Löhne 東京", "L"),
    ("ERP: prod", "ERP"),
    ("ops@erp", "ops"),
    ("wow! yes", "wow"),
    ("100% *", "100"),
    ("back\\slash\\", "back"),
    ("semi;colon&|<>()[]{}?", "semi"),
    ("key=value", "key"),
];

/// A home with everything that can be completed.
fn furnished() -> Home {
    let home = with_webhooks(&NAMES.map(|(name, _)| name));
    home.ok(["add", "http://127.0.0.1:9/hooks", "--name", "Simple", "--events", "*"]);
    home.ok(["profile", "add", "production", "https://hooks.example.com"]);
    home.ok(["token", "create", "--name", "pipeline", "--scope", "admin"]);
    // A pattern that a script does not quote would expand to these.
    std::fs::write(home.path().join("attendance.x"), "").unwrap();
    std::fs::create_dir(home.path().join("show")).unwrap();
    std::fs::write(home.path().join("a token.txt"), "").unwrap();
    home
}

fn everything_is_completed(shell: Shell) {
    let home = furnished();
    let id = home.ok(["show", "Simple", "--jq", ".id"]).trim().to_owned();
    let Some(mut session) = shell.start(&home, &[]) else { return };
    let session = &mut session;
    for (typed, rest) in [
        ("tm-hooks sh", "ow"),
        ("tm-hooks secret rot", "ate"),
        ("tm-hooks list --sor", "t"),
        ("tm-hooks stats --by w", "ebhook"),
        ("tm-hooks stats --by=w", "ebhook"),
        ("tm-hooks attempts --status f", "ailed"),
        ("tm-hooks list -o nd", "json"),
        ("tm-hooks list -ond", "json"),
        ("tm-hooks show Sim", "ple"),
        ("tm-hooks enable key=value Sim", "ple"),
        ("tm-hooks attempts Sim", "ple"),
        (&format!("tm-hooks show {}", &id[..10]), &id[10..]),
        ("tm-hooks -p prod", "uction"),
        ("tm-hooks profile use prod", "uction"),
        // A value may have the name of a command.
        ("tm-hooks -p test secret rot", "ate"),
        ("tm-hooks list --event user.d", "eleted"),
        ("tm-hooks add --events attendance.inserted,user.d", "eleted"),
        ("tm-hooks edit Simple --events +user.inserted,-attendance.d", "eleted"),
        ("tm-hooks edit Simple --events=-attendance.d", "eleted"),
        ("tm-hooks list --json=na", "me"),
        ("tm-hooks list --json=id,na", "me"),
        ("tm-hooks list --columns id,na", "me"),
        ("tm-hooks list --columns=id,na", "me"),
        ("tm-hooks token revoke pipe", "line"),
        ("tm-hooks config set retr", "ies"),
        ("tm-hooks config set output nd", "json"),
        ("tm-hooks help exit", "-codes"),
    ] {
        completes(session, &format!("{typed}\t"), &format!("{typed}{rest}"));
    }
    let back = LEFT.repeat(" --json".len());
    completes(session, &format!("tm-hooks show Sim --json{back}\t"), "tm-hooks show Simple --json");
    let back = LEFT.repeat(" -q".len());
    completes(session, &format!("tm-hooks token revoke  -q{back}\t"), "tm-hooks token revoke pipeline -q");
    lists(session, "tm-hooks \t\t", &["attempts", "versions", "help"]);
    lists(session, "tm-hooks list --\t\t", &["--failing", "--json", "--columns"]);
    lists(session, "tm-hooks stats --by \t\t", &["webhook", "event", "code", "hour", "day"]);
    lists(session, "tm-hooks list -o \t\t", &["table", "json", "ndjson", "csv", "tsv", "id"]);
    lists(session, "tm-hooks versions default \t\t\t", &["v1", "v2"]);
    lists(session, "tm-hooks show \t\t", &["Simple", "Payroll EU", "it's \"x\"", "Löhne 東京"]);
    lists(session, "tm-hooks edit Simple --events +\t\t", &["attendance.inserted", "user.*"]);
    lists(session, "tm-hooks list --json=id,\t\t", &["name", "errorRate"]);
}

/// Runs the completed commands, and checks that each name is one word and the right one.
fn every_name_is_one_word(shell: Shell) {
    let home = furnished();
    let Some(mut session) = shell.start(&home, &[]) else { return };
    for (name, beginning) in NAMES {
        for open in ["", "'", "\""] {
            says(&mut session, &format!("tm-hooks show {open}{beginning}\t--jq .name\r"), name);
        }
    }
    says(&mut session, "tm-hooks login --token-file 'a t\t\u{1}echo \r", "tm-hooks login --token-file a token.txt");
}

#[test]
fn bash_completes_everything() {
    everything_is_completed(BASH);
}

#[test]
fn zsh_completes_everything() {
    everything_is_completed(ZSH);
}

#[test]
fn fish_completes_everything() {
    everything_is_completed(FISH);
}

#[test]
fn a_name_is_one_word_in_bash() {
    every_name_is_one_word(BASH);
}

#[test]
fn a_name_is_one_word_in_zsh() {
    every_name_is_one_word(ZSH);
}

#[test]
fn a_name_is_one_word_in_fish() {
    every_name_is_one_word(FISH);
}

#[test]
fn elvish_completes_words_names_and_fields() {
    let home = with_webhooks(&["Payroll EU", "Simple"]);
    // Elvish shows a menu even for one value, and quotes more than it needs to, so each line is tried in a new shell.
    for (typed, line) in [
        ("tm-hooks sh", "tm-hooks show"),
        ("tm-hooks show Sim", "tm-hooks show Simple"),
        ("tm-hooks show Pay", "tm-hooks show 'Payroll EU'"),
        ("tm-hooks stats --by w", "tm-hooks stats --by webhook"),
        ("tm-hooks list --json=id,na", "tm-hooks list '--json=id,name'"),
        (
            "tm-hooks add --events attendance.inserted,user.d",
            "tm-hooks add --events 'attendance.inserted,user.deleted'",
        ),
    ] {
        let Some(mut session) = ELVISH.bare(&home, &[]) else { return };
        session.types(&format!("{}\r", ELVISH.set_up));
        session.wait_until("the prompt", |screen| screen.lines().last().is_some_and(|row| row.trim() == "$"));
        session.types(&format!("{typed}\t")).wait_until(line, |screen| {
            screen.lines().any(|row| row.split_whitespace().skip(1).eq(line.split_whitespace()) && row.starts_with('$'))
        });
    }
}

#[test]
fn what_lives_in_a_service_elsewhere_is_completed() {
    let home = Home::new();
    let served = Served::on_database(&home, "sqlite::memory:");
    let add = ["add", "http://127.0.0.1:9/hooks", "--events", "*", "--name", "Payroll EU"];
    served.client(&home).args(add).said().exits(0);
    served.client(&home).args(["token", "create", "--name", "pipeline", "--scope", "admin"]).said().exits(0);
    for shell in [BASH, ZSH, FISH] {
        let there = [("TM_HOOKS_URL", served.url.as_str()), ("TM_HOOKS_TOKEN", TOKEN)];
        let Some(mut session) = shell.start(&home, &there) else { continue };
        says(&mut session, "tm-hooks show Pay\t--jq .name\r", "Payroll EU");
        completes(&mut session, "tm-hooks token revoke pipe\t", "tm-hooks token revoke pipeline");
    }
}

#[test]
fn a_service_that_hangs_leaves_nothing_on_the_line() {
    let home = Home::new();
    let silent = Wire::script(vec![Step::Head, Step::UntilClosed]);
    for shell in [BASH, ZSH, FISH] {
        let there = [("TM_HOOKS_URL", silent.url()), ("TM_HOOKS_TOKEN", "invented".to_owned())];
        let there = there.each_ref().map(|(name, value)| (*name, value.as_str()));
        let Some(mut session) = shell.start(&home, &there) else { continue };
        completes(&mut session, "tm-hooks show Pay\tx", "tm-hooks show Payx");
        assert_eq!(session.screen().lines().count(), 1, "{}", session.screen());
    }
}

#[test]
fn zsh_completes_at_the_first_tab_from_a_folder_of_fpath() {
    let home = with_webhooks(&["Simple"]);
    let folder = home.path().join(".zfunc");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("_tm-hooks"), home.ok(["completions", "zsh"])).unwrap();
    let Some(mut session) = ZSH.bare(&home, &[]) else { return };
    runs(&mut session, "PROMPT='$ '; fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit -D -u");
    completes(&mut session, "tm-hooks show Sim\t", "tm-hooks show Simple");
}

#[test]
fn bash_completes_beside_the_package_of_completions() {
    let package = "/usr/share/bash-completion/bash_completion";
    if !Path::new(package).exists() {
        return skip::installable("the package bash-completion is missing, so completion is not tried beside it");
    }
    let home = with_webhooks(&["Payroll EU"]);
    let folder = home.path().join(".local/share/bash-completion/completions");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("tm-hooks"), home.ok(["completions", "bash"])).unwrap();
    let Some(mut session) = BASH.bare(&home, &[]) else { return };
    runs(&mut session, &format!("PS1='$ '; source {package}"));
    completes(&mut session, "tm-hooks sh\t", "tm-hooks show");
    says(&mut session, "tm-hooks show Pay\t--jq .name\r", "Payroll EU");
    completes(&mut session, "tm-hooks list --json=id,na\t", "tm-hooks list --json=id,name");
    // The package passes on words that it has composed itself.
    completes(&mut session, "sudo tm-hooks list --sor\t", "sudo tm-hooks list --sort");
}

#[test]
fn bash_completes_whatever_its_options_are() {
    let home = furnished();
    let Some(mut session) = BASH.start(&home, &[]) else { return };
    runs(&mut session, "set -u; shopt -s nullglob failglob nocasematch; IFS=x");
    completes(&mut session, "tm-hooks show Sim\t", "tm-hooks show Simple");
    completes(
        &mut session,
        "tm-hooks edit Simple --events attendance.\\*,user.d\t",
        "tm-hooks edit Simple --events attendance.\\*,user.deleted",
    );
    cleared(&mut session);
    runs(&mut session, "COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]/}");
    completes(&mut session, "tm-hooks list --json=id,na\t", "tm-hooks list --json=id,name");
    // The line has another command, and a variable before it.
    completes(
        &mut session,
        "echo a; TM_HOOKS_NO_INPUT=1 tm-hooks show Sim\t",
        "echo a; TM_HOOKS_NO_INPUT=1 tm-hooks show Simple",
    );
    cleared(&mut session);
    runs(&mut session, "alias th=tm-hooks; complete -F _tm_hooks th");
    completes(&mut session, "th show Sim\t", "th show Simple");
}
