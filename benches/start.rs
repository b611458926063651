//! Measures the cost of a start: run times beside `/bin/true` and `curl`, and the memory of `list`, all in one run.
//!
//! `cargo bench --bench start` builds the program as it is shipped; `cargo bench --profile release --bench start` sooner.
//! Memory is measured by GNU time (Debian's package `time`).

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The number of runs of each command. They take turns, so that disturbances affect all.
const ROUNDS: usize = 200;
/// The number of unmeasured runs.
const WARM_UP: usize = 5;
/// An invented token.
const TOKEN: &str = "an-invented-token-of-a-benchmark";
const PROGRAM: &str = env!("CARGO_BIN_EXE_tm-hooks");
/// The number of webhooks to list.
const WEBHOOKS: usize = 10;

/// A service in memory, until it is dropped.
struct Service {
    child: Child,
    url: String,
}

impl Service {
    fn start(home: &std::path::Path) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--database", "sqlite::memory:"])
            .args(["--allow-http", "--allow-cidr", "127.0.0.0/8"])
            .env("TM_HOOKS_ADMIN_TOKEN", TOKEN)
            .env("HOME", home)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Service { child, url: url.trim().to_owned() }
    }

    fn client(&self, home: &std::path::Path, arguments: &[&str]) -> Command {
        let mut command = quiet(PROGRAM, arguments);
        command.env("HOME", home).env("TM_HOOKS_URL", &self.url).env("TM_HOOKS_TOKEN", TOKEN);
        command
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn quiet(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Runs a command and returns its time, or `None` if it fails.
fn timed(command: &mut Command) -> Option<Duration> {
    let began = Instant::now();
    let ended = command.status().ok()?;
    ended.success().then(|| began.elapsed())
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

/// Returns the peak memory of a command in bytes, as the system reports it to the parent.
fn peak(service: &Service, home: &std::path::Path) -> Option<u64> {
    // The parent's memory counts too before the program is executed, so it must be small: GNU time is.
    let command = service.client(home, &[]);
    let mut measuring = Command::new("/usr/bin/time");
    measuring.args(["-f", "%M", PROGRAM, "list"]).stdout(Stdio::null());
    measuring.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = measuring.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stderr).ok()?.trim().parse::<u64>().ok()? * 1024)
}

fn main() {
    let home = tempfile::TempDir::new().unwrap();
    let service = Service::start(home.path());
    for number in 0..WEBHOOKS {
        let (url, name) = (format!("http://127.0.0.1:9/{number}"), format!("Webhook {number}"));
        let added = service.client(home.path(), &["add", &url, "--name", &name, "--events", "*"]).status();
        assert!(added.unwrap().success(), "could not add a webhook");
    }
    let (url, bearer) = (format!("{}/v1/webhooks?limit=50", service.url), format!("Authorization: Bearer {TOKEN}"));
    let mut commands = [
        ("/bin/true", quiet("/bin/true", &[])),
        ("--version", quiet(PROGRAM, &["--version"])),
        ("--help", quiet(PROGRAM, &["--help"])),
        ("list", service.client(home.path(), &["list"])),
        ("curl, the same URL", quiet("curl", &["--silent", "--fail", "--header", &bearer, &url])),
    ];
    let mut times: [Vec<Duration>; 5] = Default::default();
    for round in 0..WARM_UP + ROUNDS {
        for ((_, command), times) in commands.iter_mut().zip(&mut times) {
            times.extend(timed(command).filter(|_| round >= WARM_UP));
        }
    }
    let medians = times.map(median);
    println!("median of {ROUNDS} runs, taking turns");
    for ((name, _), median) in commands.iter().zip(medians) {
        match median {
            Some(median) => println!("  {name:<20} {:>8.2} ms", median.as_secs_f64() * 1e3),
            None => println!("  {name:<20} not here"),
        }
    }
    let [nothing, version, help, list, curl] = medians;
    let times_true = |what: Option<Duration>| Some(what?.as_secs_f64() / nothing?.as_secs_f64());
    verdict("--version, at most 3 times /bin/true", times_true(version), |times| times <= 3.0, "times");
    verdict("--help, at most 3 times /bin/true", times_true(help), |times| times <= 3.0, "times");
    let share = list.zip(curl).map(|(list, curl)| list.as_secs_f64() / curl.as_secs_f64());
    verdict("list, faster than curl", share, |share| share < 1.0, "times curl");
    let megabytes = peak(&service, home.path()).map(|bytes| bytes as f64 / 1e6);
    let size = std::fs::metadata(PROGRAM).ok().map(|program| program.len() as f64 / 1e6);
    verdict("size of the program, below 16 MB", size, |size| size < 16.0, "MB");
    verdict("peak memory of list, below 10 MB", megabytes, |megabytes| megabytes < 10.0, "MB");
}

fn verdict(what: &str, figure: Option<f64>, good: impl Fn(f64) -> bool, unit: &str) {
    match figure {
        Some(figure) => println!("  {} {what}: {figure:.2} {unit}", if good(figure) { "ok  " } else { "MISS" }),
        None => println!("  ?    {what}: could not be measured"),
    }
}
