//! Tests completion: the program's answers, and what real shells make of them on a real terminal.

mod answers;
mod scripts;
mod terminals;

use crate::common::{Home, Run, Said};

/// The program's answer to fish's script while the last word is being typed.
fn asked(home: &Home, words: &[&str]) -> Said {
    asked_with(home, words, &[])
}

fn asked_with(home: &Home, words: &[&str], variables: &[(&str, &str)]) -> Said {
    let mut program = home.program();
    program.env("TM_HOOKS_COMPLETE", "fish").envs(variables.iter().copied());
    program.args(["--", &words.len().to_string(), "tm-hooks"]).args(words).said()
}

/// The offered values without their descriptions. Nothing else may be written.
#[track_caller]
fn values(said: Said) -> Vec<String> {
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    said.out.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

/// A home with webhooks of these names.
fn with_webhooks(names: &[&str]) -> Home {
    let home = Home::new();
    for name in names {
        home.ok(["add", "http://127.0.0.1:9/hooks", "--name", name, "--events", "*"]);
    }
    home
}
