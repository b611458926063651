//! Every verb has its faces.

use std::{fs, path::Path};

use tm_hooks::commands;

/// The words of every command: the program itself, its verbs, their sub-verbs.
pub fn paths(command: &clap::Command) -> Vec<Vec<String>> {
    let mut paths = vec![Vec::new()];
    for sub in command.get_subcommands() {
        let name = sub.get_name().to_owned();
        paths.extend(paths_below(sub).map(|rest| [vec![name.clone()], rest].concat()));
    }
    paths
}

fn paths_below(command: &clap::Command) -> impl Iterator<Item = Vec<String>> {
    paths(command).into_iter()
}

/// The tests that a verb's file must have: of a verb with sub-verbs each one's, and its own where it runs alone.
fn wanted(verb: &clap::Command) -> Vec<String> {
    let mut subs: Vec<String> = verb.get_subcommands().map(|sub| sub.get_name().replace('-', "_") + "_").collect();
    if subs.is_empty() || !verb.is_subcommand_required_set() {
        subs.push(String::new());
    }
    subs.iter().flat_map(|sub| ["good", "empty", "wrong"].map(|face| format!("#[test]\nfn {sub}{face}()"))).collect()
}

#[test]
fn every_verb_has_a_good_an_empty_and_a_wrong_face() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faces");
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
    let compiled = read("mod.rs");
    let mut missing = Vec::new();
    for verb in commands::command().get_subcommands() {
        let (module, file) = (format!("mod {};", verb.get_name()), format!("{}.rs", verb.get_name()));
        if !compiled.lines().any(|line| line == module) {
            missing.push(format!("mod.rs: {module}"));
        }
        let text = read(&file);
        let absent = wanted(verb).into_iter().filter(|test| !text.contains(test.as_str()));
        missing.extend(absent.map(|test| format!("{file}: {}", test.replace('\n', " "))));
    }
    assert!(missing.is_empty(), "tests/it/faces lacks:\n{}", missing.join("\n"));
}
