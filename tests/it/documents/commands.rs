//! Runs every other command of the pages: those between backticks, each in its own home, and those of `sh` blocks, a
//! page's one after the other in one home.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    rc::Rc,
};

use crate::common::{Home, Run, Said, skip};

use super::{
    pages::{FOR_PIPELINES, PAGES, code_spans, place, read, shell_commands},
    receivers::Receivers,
};

/// What a command needs without a person and without a history.
struct Way {
    /// The start of the command; with a final `$`, the whole command.
    of: &'static str,
    /// The command to run before it, if the page has not run it.
    first: &'static str,
    /// The text to append to it.
    added: &'static str,
}

const fn way(of: &'static str, first: &'static str, added: &'static str) -> Way {
    Way { of, first, added }
}

const LOGIN: &str = "--token-file ~/.local/share/tm-hooks/admin-token --insecure-storage";
const WAYS: [Way; 13] = [
    way("tm-hooks add$", "", "URL --name ERP --events user.inserted"),
    way("tm-hooks delete", "", "--yes"),
    way("tm-hooks retry --failed", "", "--yes"),
    way("tm-hooks secret rotate", "", "--yes"),
    way("tm-hooks secret revoke", "tm-hooks secret rotate Payroll --yes", "--yes"),
    way("tm-hooks token revoke ci", "tm-hooks token create --name ci --scope webhooks:read", "--yes"),
    way("tm-hooks profile use", "tm-hooks profile add production https://hooks.havelblick.example", ""),
    way("tm-hooks login", "tm-hooks serve", LOGIN),
    way("tm-hooks logout", "tm-hooks serve && tm-hooks login SERVICE", ""),
    way("tm-hooks serve --secret-key-file new.key", "umask 077; openssl rand -hex 32 > new.key", ""),
    way("tm-hooks source received", "tm-hooks source add TimeMoto --if-not-exists", ""),
    way("tm-hooks source edit", "tm-hooks source add TimeMoto --if-not-exists", ""),
    way("openssl", "", "2> openssl.log"),
];

/// A home with a history, and the values that the pages' words stand for.
struct World {
    home: Home,
    receivers: Rc<Receivers>,
    attempt: String,
    webhook: String,
    serving: Option<Serving>,
}

impl World {
    fn new() -> Self {
        let home = Home::new();
        let receivers = Rc::new(Receivers::of(&home));
        home.ok(["add", &receivers.payroll(), "--name", "Payroll", "--events", "attendance.*,user.deleted"]);
        home.ok(["send", "attendance.inserted"]);
        let write = |name: &str, text: &str| std::fs::write(home.path().join(name), text).unwrap();
        write("event.json", r#"{"userFullName": "Mara Example"}"#);
        write("day.ndjson", r#"{"type": "user.deleted", "data": {"userFullName": "Mara Example"}}"#);
        let attempt = home.ok(["attempts", "-o", "id"]).trim().to_owned();
        let webhook = home.ok(["list", "-o", "id"]).trim().to_owned();
        record(&home, &attempt);
        World { home, receivers, attempt, webhook, serving: None }
    }

    /// A copy of this home.
    fn copy(&self) -> Self {
        let (home, receivers) = (self.home.copy(), Rc::clone(&self.receivers));
        World { home, receivers, attempt: self.attempt.clone(), webhook: self.webhook.clone(), serving: None }
    }

    /// A page's command with values that exist here.
    fn real(&self, command: &str) -> String {
        let receiver = self.receivers.payroll();
        let service = self.serving.as_ref().map_or("http://127.0.0.1:9", |serving| &serving.url);
        let words = [
            ("login URL", "login SERVICE"),
            ("https://hooks.example.com", "SERVICE"),
            ("http://127.0.0.1:8420", "SERVICE"),
            ("SERVICE", service),
            ("https://erp.example.com/timemoto", "URL"),
            ("URL ", &format!("{receiver} ")),
            ("<id>", &self.attempt),
            ("<attempt, delivery or event>", &self.attempt),
            ("<webhook>", &self.webhook),
            ("<verb>", "send"),
            (" NAME", " production"),
            ("=…", "=6f0c1a52-3b7e-4d1c-9a3f-2f5f1f8a9b10"),
            ("sqlite:/srv/tm-hooks/", "sqlite:"),
        ];
        words.iter().fold(command.to_owned(), |text, (word, real)| text.replace(word, real))
    }

    /// Runs a page's command; a command that serves goes on until the next one serves.
    #[track_caller]
    fn run(&mut self, command: &str) {
        let way = WAYS.iter().find(|way| format!("{command}$").starts_with(way.of));
        let (first, added) = way.map_or(("", ""), |way| (way.first, way.added));
        for step in first.split(" && ").filter(|step| !step.is_empty()) {
            match step.starts_with("tm-hooks serve") {
                true => self.run(step),
                false => drop(self.said(&self.real(step))),
            }
        }
        let command = self.real(&format!("{command} {added}"));
        match command.starts_with("tm-hooks serve ") {
            true => {
                // Two services would use one database while its key is changed.
                self.serving = None;
                self.serving = Some(Serving::start(self.shell(&format!("exec {command} --listen 127.0.0.1:0"))));
            }
            false => drop(self.said(&command).exits(0)),
        }
    }

    fn said(&self, command: &str) -> Said {
        self.shell(command).said()
    }

    fn shell(&self, line: &str) -> Command {
        let programs = Path::new(env!("CARGO_BIN_EXE_tm-hooks")).parent().unwrap();
        let mut command = Command::new("bash");
        command.args(["-c", line]).env_clear().envs(self.home.environment()).current_dir(self.home.path());
        command.env("PATH", format!("{}:{}", programs.display(), std::env::var("PATH").unwrap())).stdin(Stdio::null());
        command
    }
}

/// Writes a request to files, as a receiver records it, and the secret that signed it.
fn record(home: &Home, attempt: &str) {
    let write = |name: &str, text: String| std::fs::write(home.path().join(name), text).unwrap();
    let sent = |filter: &str| home.ok(["show", attempt, "--jq", filter]);
    write("payroll.secret", home.ok(["secret", "show", "Payroll", "--reveal"]));
    write("request.ndjson", sent(".request | tojson"));
    write("body.json", sent(".request.body").trim_end_matches('\n').to_owned());
    write("headers.txt", sent(r#".request.headers[] | "\(.name): \(.value)""#));
}

/// `tm-hooks serve` as a page starts it; it is killed when this is dropped.
struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    #[track_caller]
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let serving = Serving { child, url: url.trim().to_owned() };
        assert!(serving.url.starts_with("http"), "{command:?} does not serve");
        serving
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Checks that what a cargo command names exists, because running it would take minutes.
#[track_caller]
fn is_there(command: &str) {
    let manifest = read("Cargo.toml");
    let words: Vec<&str> = command.split_whitespace().collect();
    let named = |flag: &str| words.iter().position(|word| *word == flag).map(|at| words[at + 1]);
    if let Some(bench) = named("--bench") {
        assert!(manifest.contains(&format!("[[bench]]\nname = \"{bench}\"")), "{command}");
    }
    if let Some(profile) = named("--profile").filter(|profile| *profile != "release") {
        assert!(manifest.contains(&format!("[profile.{profile}]")), "{command}");
    }
    assert!(["run", "install", "bench", "test"].contains(&words[1]), "{command}");
    assert!(place("Cargo.lock").exists());
}

/// Whether the text is a command to run and not only a name of one.
fn is_a_command(span: &str) -> bool {
    span.starts_with("tm-hooks ") || span.starts_with("cargo ") || span.contains("$(tm-hooks ")
}

#[test]
fn what_stands_between_backticks_runs() {
    let (world, mut count) = (World::new(), 0);
    for path in PAGES {
        for command in code_spans(&read(path)).iter().filter(|span| is_a_command(span)) {
            count += 1;
            match command.starts_with("cargo ") {
                true => is_there(command),
                false => world.copy().run(command),
            }
        }
    }
    assert!(count > 60, "the pages lost their commands: {count}");
}

#[test]
fn the_blocks_of_a_shell_run() {
    if skip::without(&["openssl"], "no key is made as the pages say") {
        return;
    }
    for path in PAGES.into_iter().filter(|path| *path != FOR_PIPELINES) {
        let mut world = World::new();
        for command in shell_commands(&read(path)) {
            match command.starts_with("cargo ") {
                true => is_there(&command),
                false => world.run(&command),
            }
        }
    }
}
