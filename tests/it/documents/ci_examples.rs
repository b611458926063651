//! Runs every example of docs/ci.md and of `help filtering` and `help scripting` with the real program, a real service
//! and a real receiver.

use std::{
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
};

use crate::common::{
    Home, Run, Said,
    receiver::{Receiver, status},
    service::{Served, TOKEN, sqlite},
};

use super::pages::{FOR_PIPELINES, blocks, read};

/// A service, and a receiver whose answers the test sets.
struct World {
    home: Home,
    served: Served,
    receiver: Receiver,
    answers: Arc<AtomicU16>,
}

impl World {
    fn new() -> Self {
        let home = Home::new();
        let served = Served::on_database(&home, &sqlite(home.path().join("hooks.db")));
        let answers = Arc::new(AtomicU16::new(204));
        let told = Arc::clone(&answers);
        let receiver = Receiver::answering(move |_, _| status(told.load(Ordering::SeqCst)));
        World { home, served, receiver, answers }
    }

    fn answer(&self, code: u16) {
        self.answers.store(code, Ordering::SeqCst);
    }

    /// Runs lines as a CI does, with the values of its secret store.
    fn run(&self, shell: &[&str], lines: &str) -> Said {
        let programs = Path::new(env!("CARGO_BIN_EXE_tm-hooks")).parent().unwrap();
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).args(["-c", lines]).env_clear().current_dir(self.home.path());
        command.env("PATH", path).env("HOME", self.home.path()).env("CI", "true");
        command.env("TM_HOOKS_URL", &self.served.url).env("TM_HOOKS_TOKEN", TOKEN);
        command.env("RECEIVER_URL", self.receiver.url());
        for name in ["GITHUB_ENV", "GITHUB_STEP_SUMMARY"] {
            command.env(name, self.home.path().join(name));
        }
        // These variables come from earlier steps.
        let handed_on = std::fs::read_to_string(self.home.path().join("GITHUB_ENV")).unwrap_or_default();
        command.envs(handed_on.lines().filter_map(|line| line.split_once('=')));
        command.said()
    }

    fn ok(&self, lines: &str) -> String {
        self.run(&["sh"], lines).ok()
    }
}

/// The lines below `key` with a larger indentation, without it.
fn below<'a>(yaml: &'a str, key: &str) -> Vec<Vec<&'a str>> {
    let lines: Vec<&str> = yaml.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let found = lines.iter().enumerate().filter(|(_, line)| line.trim_start() == key);
    found
        .map(|(at, line)| {
            let inside = lines[at + 1..].iter().take_while(|next| indent(next) > indent(line));
            inside.map(|line| line.trim_start()).collect()
        })
        .collect()
}

fn scripts() -> Vec<String> {
    blocks(&read(FOR_PIPELINES), "sh")
}

#[test]
fn the_shell_scripts_pass_and_fail_as_they_say() {
    let world = World::new();
    let [check, reasons] = &scripts()[..] else { panic!("docs/ci.md lost a script") };
    world.ok(check);
    // The second time the webhook already exists.
    world.ok(check);
    assert_eq!(world.ok("tm-hooks list -o id").lines().count(), 1);
    assert!(world.ok(reasons).ends_with("all is well\n"));

    world.answer(500);
    assert_eq!(world.run(&["sh"], check).code, 10, "a test that is not answered with 2xx");
    assert_eq!(world.run(&["sh"], "tm-hooks send attendance.inserted --wait").code, 10);
    world.answer(204);
    let failing = world.run(&["sh"], check);
    assert_eq!(failing.code, 10, "all attempts of a day failed\n{}{}", failing.out, failing.err);
    let told = world.ok(reasons);
    assert!(told.contains("attendance.inserted\t500"), "{told}");
    assert_eq!(world.run(&["sh"], &format!("TM_HOOKS_TOKEN=wrong; export TM_HOOKS_TOKEN; {check}")).code, 4);
}

#[test]
fn the_workflow_of_github_runs_step_by_step() {
    let world = World::new();
    let page = read(FOR_PIPELINES);
    let workflow = &blocks(&page, "yaml")[0];
    assert!(workflow.contains("TM_HOOKS_TOKEN: ${{ secrets.TM_HOOKS_TOKEN }}"));
    let steps: Vec<String> = below(workflow, "run: |").into_iter().map(|lines| lines.join("\n")).collect();
    assert_eq!(steps.len(), 4);
    let run = |step: &String| world.run(&["bash", "-e", "-o", "pipefail"], step);
    for step in &steps {
        let said = run(step);
        assert_eq!(said.code, 0, "{step}\n{}{}", said.out, said.err);
    }
    world.answer(503);
    world.run(&["sh"], "tm-hooks send attendance.inserted --wait").exits(10);
    let codes: Vec<i32> = steps.iter().map(|step| run(step).code).collect();
    assert_eq!(codes, [0, 10, 10, 0]);
    let summary = std::fs::read_to_string(world.home.path().join("GITHUB_STEP_SUMMARY")).unwrap();
    assert!(
        summary.lines().all(|line| line.starts_with("- ")) && summary.contains("attendance.inserted: 503"),
        "{summary}"
    );
}

#[test]
fn the_job_of_gitlab_runs() {
    let world = World::new();
    let page = read(FOR_PIPELINES);
    let job = &blocks(&page, "yaml")[1];
    let lines = |key: &str| {
        let items = below(job, key).remove(0);
        items.iter().map(|line| line.strip_prefix("- ").unwrap()).collect::<Vec<_>>().join("\n")
    };
    let script = format!("set -e\n{}", lines("script:"));
    world.ok(&script);
    world.ok(&lines("after_script:"));
    let failed = std::fs::read_to_string(world.home.path().join("failed.csv")).unwrap();
    assert_eq!(failed.lines().count(), 1, "a header and no failures: {failed}");
    world.answer(500);
    assert_eq!(world.run(&["sh"], &script).code, 10);
    world.ok(&lines("after_script:"));
    assert!(std::fs::read_to_string(world.home.path().join("failed.csv")).unwrap().contains(",test,"));
}

#[test]
fn the_filters_give_what_the_page_shows() {
    let world = World::new();
    world.ok(&scripts()[0]);
    world.ok("tm-hooks send attendance.inserted --wait");
    let page = read(FOR_PIPELINES);
    let block = blocks(&page, "console").remove(0);
    let examples: Vec<(&str, String)> = block
        .split("$ ")
        .skip(1)
        .map(|example| example.split_once('\n').unwrap())
        .map(|(command, shown)| (command, shown.to_owned()))
        .collect();
    assert!(examples.len() >= 10);
    for (command, shown) in examples {
        assert_eq!(world.ok(command), shown, "{command}");
    }
}

#[test]
fn the_examples_of_help_run() {
    let world = World::new();
    let here = |text: &str| text.replace("https://erp.example.com/timemoto", &world.receiver.url());
    world.ok(&scripts()[0]);
    for topic in ["scripting", "filtering"] {
        let text = world.ok(&format!("tm-hooks help {topic}"));
        let commands: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  $ ")).collect();
        assert!(commands.len() >= 5, "{topic}");
        for command in commands {
            world.ok(&here(command));
        }
    }
}
