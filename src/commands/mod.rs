//! The commands: one file per verb, with its arguments, its help and its code. They get all inputs from [`Context`],
//! and rules that are functions of values belong in `domain`.

mod add;
mod api;
pub mod arguments;
mod attempts;
mod audit;
mod cli;
pub mod completions;
mod config;
mod connect;
mod context;
mod delete;
#[cfg(feature = "service")]
mod demo;
mod diagnosis;
mod disable;
mod doctor;
mod edit;
mod enable;
mod ending;
mod events;
mod form;
mod globals;
mod help;
mod input;
mod kept_token;
mod list;
mod login;
mod logout;
mod made;
mod man;
mod misunderstood;
mod outcome;
mod paging;
mod pick;
mod pin;
mod polling;
mod process;
mod profile;
mod reference;
mod retry;
mod secret;
mod send;
#[cfg(feature = "service")]
mod serve;
mod shell_word;
mod show;
mod sign;
mod source;
mod stats;
mod switch;
mod test;
mod token;
mod types;
mod unknown_type;
mod unnamed;
mod unpin;
mod verify;
mod versions;
mod whoami;

use std::{process::ExitCode, sync::atomic::Ordering};

use clap::FromArgMatches;

pub use cli::command;
pub use context::Context;
pub use process::Process;

use crate::{
    config::Reading,
    error::{self, CliError, Kind},
    term::signals,
};
use cli::{Cli, Verb};
use context::Needs;
use ending::conclude;
use globals::Typed;

/// Returns the names of the help topics.
pub fn topics() -> Vec<&'static str> {
    help::named_topics().map(|(name, _)| name).collect()
}

/// Parses the arguments, runs the verb and reports failures: everything between the process and its exit code.
pub fn main_with(process: Process) -> ExitCode {
    if completions::is_asked(&process) {
        return completions::answer(process, command);
    }
    let Process { arguments, environment, term, clock, random } = process;
    let as_json = globals::wants_json(&arguments, &environment);
    let program = help::laid_out(command()).term_width(term.width().min(help::WIDEST));
    let parsed = program
        .try_get_matches_from(&arguments)
        .or_else(|error| unnamed::read(error, &arguments, &term))
        .and_then(|matches| Ok((Typed::of(&matches), Cli::from_arg_matches(&matches)?)));
    let (typed, Cli { globals, verb }) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return misunderstood::report(&error, &term, as_json),
    };
    let does = verb.does();
    if let Err(error) = typed.check_verb(does, as_json) {
        return error::report(&error, &term, as_json);
    }
    let needs = Needs { reading: verb.reading(), data: verb.prints_data() };
    let mut context = match Context::new(term, clock, random, environment, &globals, needs) {
        Ok(context) => context,
        Err((term, error)) => return error::report(&error, &term, as_json),
    };
    context.view.reveal = verb.reveals();
    context.writes = verb.changes();
    if needs.reading != Reading::Nothing {
        help::warn_of_misspelt_variables(&context.environment, &context.term);
    }
    // The configuration file may also choose the output.
    let as_json = as_json || context.view.format.is_json();
    if let Err(error) = typed.check_target_and_output(does, context.settings.is_local(), context.view.format) {
        return error::report(&error, &context.term, as_json);
    }
    conclude(execute(verb, &context), &context.term, as_json)
}

/// Runs a verb on a runtime of its size, until it ends or a signal interrupts it.
fn execute(verb: Verb, context: &Context) -> Result<(), CliError> {
    let serves = verb.serves();
    let runtime = runtime(serves).map_err(|error| CliError::new(Kind::Unexpected, "could not start").source(error))?;
    let ended = runtime.block_on(async {
        outlive_files_that_may_not_grow();
        if serves {
            return verb.run(context).await;
        }
        signals::listen();
        let mut running = Box::pin(verb.run(context));
        let ended = tokio::select! {
            ended = &mut running => ended,
            ending = signals::ending() => {
                let end_line = || {
                    if ending.is_interrupt() && !ending.while_asking {
                        context.term.end_line();
                    }
                };
                if context.ends_itself.load(Ordering::SeqCst) {
                    end_line();
                    signals::noticed();
                    running.await
                } else {
                    // A spinner is cleared first, while the cursor is still in its line.
                    drop(running);
                    end_line();
                    Err(CliError::new(Kind::Interrupted, "interrupted"))
                }
            }
        };
        if ended.is_err() {
            signals::noticed();
            #[cfg(feature = "service")]
            context.interrupt_deliveries().await;
        }
        ended
    });
    // An open question must not delay the end of the program.
    runtime.shutdown_background();
    ended
}

/// Catches the signal for a file that exceeds its size limit (`ulimit -f`, `LimitFSIZE`): the write then fails and is
/// reported, instead of killing the process.
#[cfg(unix)]
fn outlive_files_that_may_not_grow() {
    use tokio::signal::unix::{SignalKind, signal};
    // The handler stays after the listener is dropped. If it cannot be installed, the default remains.
    let _ = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
}

#[cfg(not(unix))]
fn outlive_files_that_may_not_grow() {}

#[cfg(feature = "service")]
fn runtime(serves: bool) -> std::io::Result<tokio::runtime::Runtime> {
    if serves {
        return tokio::runtime::Builder::new_multi_thread().enable_all().build();
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

#[cfg(not(feature = "service"))]
fn runtime(_serves: bool) -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsString, sync::Arc};

    use super::*;
    use crate::{
        domain::{random::SystemRandom, time::SystemClock},
        term::{Captured, Environment, Term, Terminals},
    };

    fn started(words: &[&str]) -> (ExitCode, Captured) {
        let (term, captured) = Term::captured("", Terminals::default(), 80);
        let process = Process {
            arguments: std::iter::once("tm-hooks").chain(words.iter().copied()).map(OsString::from).collect(),
            environment: Environment::default(),
            term,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        };
        (main_with(process), captured)
    }

    #[test]
    fn the_arguments_are_consistent() {
        command().debug_assert();
    }

    #[test]
    fn every_verb_has_a_summary_and_examples() {
        for verb in command().get_subcommands() {
            assert!(verb.get_about().is_some(), "{} has no summary", verb.get_name());
            let after = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains("Examples:"), "{} has no examples", verb.get_name());
        }
    }

    #[test]
    fn help_knows_bold_alone() {
        let help = command().render_long_help().ansi().to_string();
        let codes = help.split("\u{1b}[").skip(1).map(|part| part.split('m').next().unwrap_or_default());
        assert!(help.contains("\u{1b}[1m") && codes.into_iter().all(|code| matches!(code, "0" | "1")), "{help:?}");
    }

    #[test]
    fn help_and_version_need_nothing() {
        for words in [&["--help"][..], &["--version"], &["help"], &["help", "man"], &["completions", "--help"]] {
            let (code, captured) = started(words);
            assert_eq!(code, ExitCode::SUCCESS, "{words:?}");
            assert!(!captured.out().is_empty() && captured.err().is_empty(), "{words:?}: {}", captured.err());
        }
    }

    #[test]
    fn usage_errors_are_two_in_words_and_in_json() {
        let (code, captured) = started(&["completions", "-o", "yaml"]);
        assert_eq!(code, ExitCode::from(2));
        assert!(captured.err().starts_with("error: invalid value 'yaml' for '--output"), "{}", captured.err());
        let (code, captured) = started(&["frobnicate", "--json"]);
        assert_eq!(code, ExitCode::from(2));
        let error: serde_json::Value = serde_json::from_str(&captured.err()).unwrap();
        assert_eq!(error["error"]["code"], "usage");
        assert_eq!(captured.out(), "");
    }

    #[test]
    fn a_setting_that_cannot_be_used_is_a_usage_error() {
        let (code, captured) = started(&["-p", "nowhere", "list"]);
        assert_eq!(code, ExitCode::from(2));
        assert!(captured.err().contains("there is no profile \"nowhere\" (from --profile)"), "{}", captured.err());
    }
}
