//! Adapts clap's completion engine, which is not stable yet; no other module uses it.

use std::{ffi::OsStr, path::Path};

use clap::{Arg, Command, ValueHint, builder::PossibleValue};
use clap_complete::engine::{self, ArgValueCompleter, CompletionCandidate, PathCompleter};

use super::{
    candidate::{Candidate, Completion, beginning},
    line::Line,
    live::Live,
};

/// Returns the possible values for a typed beginning. The parts of a list are completed one by one.
pub(super) type Values = fn(&str, &Live) -> Completion;

/// Returns how an argument of a verb, by its id, is completed.
pub(super) type Completers = fn(&[&str], &str) -> Option<Values>;

/// Returns the possible texts at the cursor; `of` returns how arguments are completed.
pub(super) fn answer(program: Command, live: &Live, of: Completers) -> Completion {
    let line = live.line.clone();
    let mut program = with_completers(program, &line.verb, live, of);
    let words = line.words.iter().map(Into::into).collect();
    let here = std::env::current_dir().ok();
    let found = engine::complete(&mut program, words, line.words.len() - 1, here.as_deref()).unwrap_or_default();
    if found.iter().any(|candidate| candidate.get_value().as_encoded_bytes().ends_with(FILES.as_bytes())) {
        return Completion::Files;
    }
    Completion::Candidates(chosen(found.iter().filter_map(read).collect(), &line))
}

/// Marks a candidate for all files. Other candidates never contain this character.
const FILES: &str = "\u{1}files";

/// Removes unsafe candidates, and flags before one was begun, unless there is nothing else.
fn chosen(found: Vec<Candidate>, line: &Line) -> Vec<Candidate> {
    let mut safe: Vec<Candidate> = found.into_iter().filter(Candidate::is_safe).collect();
    let is_flag = |candidate: &Candidate| candidate.value.starts_with('-');
    if line.current().is_empty() && !safe.iter().all(is_flag) {
        safe.retain(|candidate| !is_flag(candidate));
    }
    safe
}

fn read(candidate: &CompletionCandidate) -> Option<Candidate> {
    let about = candidate.get_help().map(ToString::to_string).unwrap_or_default();
    Some(Candidate::new(candidate.get_value().to_str()?, about.lines().next().unwrap_or_default()))
}

/// Returns the program with completers on the arguments of this verb.
fn with_completers(command: Command, verb: &[String], live: &Live, of: Completers) -> Command {
    match verb {
        [] => command.mut_args(|arg| with_completer(arg, live, of)),
        [name, below @ ..] => command.mut_subcommand(name, |command| with_completers(command, below, live, of)),
    }
}

fn with_completer(arg: Arg, live: &Live, of: Completers) -> Arg {
    let verb: Vec<&str> = live.line.verb.iter().map(String::as_str).collect();
    if let Some(values) = of(&verb, arg.get_id().as_str()) {
        let live = live.clone();
        return arg.add(ArgValueCompleter::new(move |typed: &OsStr| completed(values, typed, &live)));
    }
    if is_path(&arg) {
        return arg.add(ArgValueCompleter::new(|_: &OsStr| vec![CompletionCandidate::new(FILES)]));
    }
    arg
}

/// Whether an argument takes the name of a file.
pub(super) fn is_path(arg: &Arg) -> bool {
    matches!(
        arg.get_value_hint(),
        ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath | ValueHint::ExecutablePath
    )
}

fn completed(values: Values, typed: &OsStr, live: &Live) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else { return Vec::new() };
    let candidates = match values(typed, live) {
        Completion::Files => vec![Candidate::new(FILES, "")],
        Completion::Candidates(candidates) => beginning(candidates, typed),
    };
    candidates.into_iter().map(written).collect()
}

fn written(Candidate { value, about }: Candidate) -> CompletionCandidate {
    CompletionCandidate::new(value).help((!about.is_empty()).then(|| about.into()))
}

/// Returns the files that begin with this path.
pub(super) fn files(typed: &str) -> Vec<Candidate> {
    use clap_complete::engine::ValueCompleter;
    let found = PathCompleter::any().complete(Path::new(typed).as_os_str());
    found.iter().filter(|file| !file.is_hide_set()).filter_map(read).collect()
}

/// Returns the values of an enumeration of clap's.
pub(super) fn possible(values: impl IntoIterator<Item = PossibleValue>) -> Vec<Candidate> {
    engine::possible_value_candidates(values).iter().filter_map(read).collect()
}
