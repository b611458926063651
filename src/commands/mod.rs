//! The commands: one file a verb, with its arguments, its help and its code.

mod add;
mod api;
pub mod arguments;
mod attempts;
mod audit;
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
mod events;
mod form;
mod globals;
mod help;
mod input;
mod kept_token;
mod list;
mod login;
mod logout;
mod man;
mod misunderstood;
mod outcome;
mod paging;
mod pick;
mod pin;
mod process;
mod profile;
mod reference;
mod retry;
mod secret;
mod send;
#[cfg(feature = "service")]
mod serve;
mod show;
mod stats;
mod switch;
mod test;
mod token;
mod types;
mod unknown_type;
mod unnamed;
mod unpin;
mod versions;
mod whoami;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

pub use context::Context;
use context::Needs;
pub use process::Process;

use crate::{
    config::Reading,
    error::{self, CliError, Kind},
    term::{OutputError, Term, for_help, signals},
};
use globals::{Does, Globals, Typed};

/// Administer webhooks: add, test, watch and repair them from a terminal
///
/// Without any configuration a webhook service runs inside this program and keeps its data in your home. With
/// --service, or TM_HOOKS_URL, it talks to a service somewhere else.
#[derive(Debug, clap::Parser)]
#[command(name = "tm-hooks", version, disable_help_subcommand = true, styles = for_help())]
#[command(arg_required_else_help = true, args_override_self = true)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    List(list::Args),
    Show(show::Args),
    Add(add::Args),
    Edit(edit::Args),
    Enable(enable::Args),
    Disable(disable::Args),
    Pin(pin::Args),
    Unpin(unpin::Args),
    Versions(versions::Args),
    Delete(delete::Args),
    Test(test::Args),
    Attempts(attempts::Args),
    Events(events::Args),
    Types(types::Args),
    Send(send::Args),
    Retry(retry::Args),
    Stats(stats::Args),
    Secret(secret::Args),
    Api(api::Args),
    Login(login::Args),
    Logout(logout::Args),
    Whoami(whoami::Args),
    Profile(profile::Args),
    Config(config::Args),
    Doctor(doctor::Args),
    Token(token::Args),
    Audit(audit::Args),
    #[cfg(feature = "service")]
    Serve(serve::Args),
    #[cfg(feature = "service")]
    Demo(demo::Args),
    Completions(completions::Args),
    Man(man::Args),
    Help(help::Args),
}

impl Verb {
    /// Whether it serves until it is stopped: on many threads, and with its own answer to Ctrl-C.
    fn serves(&self) -> bool {
        #[cfg(feature = "service")]
        return matches!(self, Verb::Serve(_));
        #[cfg(not(feature = "service"))]
        false
    }

    /// How far it depends on the configuration file.
    fn reading(&self) -> Reading {
        match self {
            #[cfg(feature = "service")]
            Verb::Serve(_) | Verb::Demo(_) => Reading::NoFile,
            Verb::Completions(_) | Verb::Man(_) | Verb::Help(_) => Reading::Nothing,
            Verb::Config(args) if args.only_wants_the_path() => Reading::NoFile,
            Verb::Doctor(_) => Reading::WhateverItIs,
            Verb::Login(_) | Verb::Logout(_) | Verb::Profile(_) | Verb::Config(_) => Reading::AnyProfile,
            _ => Reading::Whole,
        }
    }

    /// Whether what is secret in URLs is shown on a terminal.
    fn reveals(&self) -> bool {
        matches!(self, Verb::List(list::Args { reveal: true, .. }) | Verb::Show(show::Args { reveal: true, .. }))
    }

    /// What it does, as far as flags are concerned that not every verb can heed.
    fn does(&self) -> Does {
        match self {
            #[cfg(feature = "service")]
            Verb::Serve(_) => Does::Neither("serve"),
            #[cfg(feature = "service")]
            Verb::Demo(_) => Does::Neither("demo"),
            Verb::Completions(_) => Does::Neither("completions"),
            Verb::Man(_) => Does::Neither("man"),
            Verb::Help(_) => Does::Neither("help"),
            Verb::Login(_) | Verb::Logout(_) | Verb::Profile(_) | Verb::Config(_) => Does::Keeps,
            Verb::Stats(_) => Does::Counts,
            _ => Does::Asks,
        }
    }

    /// Whether it prints data, so that an output that cannot be used stops it. `doctor` tells of it instead.
    fn prints_data(&self) -> bool {
        match self {
            #[cfg(feature = "service")]
            Verb::Serve(_) | Verb::Demo(_) => false,
            Verb::Completions(_) | Verb::Man(_) | Verb::Help(_) | Verb::Logout(_) | Verb::Doctor(_) => false,
            Verb::Config(args) => args.prints_data(),
            _ => true,
        }
    }

    /// Whether it changes something at the service, or has it send something: a protected profile is asked about then.
    /// Every verb is named, so that a new one says what it does.
    fn changes(&self) -> bool {
        match self {
            Verb::Add(_) | Verb::Edit(_) | Verb::Enable(_) | Verb::Disable(_) | Verb::Pin(_) | Verb::Unpin(_) => true,
            Verb::Delete(_) | Verb::Test(_) | Verb::Send(_) => true,
            Verb::Retry(args) => args.changes(),
            Verb::Versions(args) => args.changes(),
            Verb::Secret(args) => args.changes(),
            Verb::Api(args) => args.changes(),
            Verb::Token(args) => args.changes(),
            #[cfg(feature = "service")]
            Verb::Serve(_) | Verb::Demo(_) => false,
            Verb::List(_) | Verb::Show(_) | Verb::Attempts(_) | Verb::Events(_) | Verb::Types(_) => false,
            Verb::Stats(_) | Verb::Audit(_) | Verb::Completions(_) | Verb::Man(_) | Verb::Help(_) => false,
            // These change what is on this machine.
            Verb::Login(_) | Verb::Logout(_) | Verb::Whoami(_) | Verb::Profile(_) => false,
            Verb::Config(_) | Verb::Doctor(_) => false,
        }
    }

    async fn run(self, context: &Context) -> Result<(), CliError> {
        if self.changes() {
            context.agree_to_change().await?;
        }
        match self {
            Verb::List(args) => list::run(&args, context).await,
            Verb::Show(args) => show::run(&args, context).await,
            Verb::Add(args) => add::run(&args, context).await,
            Verb::Edit(args) => edit::run(&args, context).await,
            Verb::Enable(args) => enable::run(&args, context).await,
            Verb::Disable(args) => disable::run(&args, context).await,
            Verb::Pin(args) => pin::run(&args, context).await,
            Verb::Unpin(args) => unpin::run(&args, context).await,
            Verb::Versions(args) => versions::run(&args, context).await,
            Verb::Delete(args) => delete::run(&args, context).await,
            Verb::Test(args) => test::run(&args, context).await,
            Verb::Attempts(args) => attempts::run(&args, context).await,
            Verb::Events(args) => events::run(&args, context).await,
            Verb::Types(args) => types::run(&args, context).await,
            Verb::Send(args) => send::run(&args, context).await,
            Verb::Retry(args) => retry::run(&args, context).await,
            Verb::Stats(args) => stats::run(&args, context).await,
            Verb::Secret(args) => secret::run(&args, context).await,
            Verb::Api(args) => api::run(&args, context).await,
            Verb::Login(args) => login::run(&args, context).await,
            Verb::Logout(args) => logout::run(&args, context),
            Verb::Whoami(args) => whoami::run(&args, context).await,
            Verb::Profile(args) => profile::run(&args, context),
            Verb::Config(args) => config::run(&args, context),
            Verb::Doctor(args) => doctor::run(&args, context).await,
            Verb::Token(args) => token::run(&args, context).await,
            Verb::Audit(args) => audit::run(&args, context).await,
            #[cfg(feature = "service")]
            Verb::Serve(args) => serve::run(&args, context).await,
            #[cfg(feature = "service")]
            Verb::Demo(args) => demo::run(&args, context).await,
            Verb::Completions(args) => completions::run(&args, context),
            Verb::Man(args) => man::run(&args, context),
            Verb::Help(args) => help::run(&args, context),
        }
    }
}

/// The program's arguments, for completions and the manual; its help is laid out from them.
pub fn command() -> clap::Command {
    let examples = "Examples:\n  tm-hooks add https://erp.example.com/hooks --name ERP --events 'attendance.*'\n  \
                    tm-hooks list\n  tm-hooks test ERP\n  tm-hooks attempts ERP --status failed";
    Cli::command().after_help(format!("{examples}\n\nMore help:\n{}", help::topics()))
}

/// The names of what `tm-hooks help` explains besides commands.
pub fn topics() -> Vec<&'static str> {
    help::TOPICS.map(|(name, ..)| name).to_vec()
}

/// Parses, runs, reports: everything between the process and its exit code.
pub fn main_with(process: Process) -> ExitCode {
    if completions::is_asked(&process) {
        return completions::answer(process);
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
    // The configuration file may have chosen an output too.
    let as_json = as_json || context.view.format.is_json();
    if let Err(error) = typed.check_target_and_output(does, context.settings.is_local(), context.view.format) {
        return error::report(&error, &context.term, as_json);
    }
    conclude(execute(verb, &context), &context.term, as_json)
}

/// Hands out what was written, and tells of failures. The work decides on the exit code; where it succeeded, and what was
/// written for somebody who still reads is lost, that is the failure.
fn conclude(worked: Result<(), CliError>, term: &Term, as_json: bool) -> ExitCode {
    let shown = term.loss().or_else(OutputError::unless_closed).map_err(|lost| {
        let error = CliError::from(lost);
        match term.unsaid() {
            Some(done) => error.hint(format!("it was done all the same: {done}")),
            None => error,
        }
    });
    match outcome::both(worked, shown) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = error::report(&error, term, as_json);
            if error.kind() == Kind::Interrupted {
                signals::end_by_signal();
            }
            code
        }
    }
}

/// Runs a verb on a runtime of the right size, until it ends or a signal ends it.
fn execute(verb: Verb, context: &Context) -> Result<(), CliError> {
    let serves = verb.serves();
    let runtime = runtime(serves).map_err(|error| CliError::new(Kind::Unexpected, "could not start").source(error))?;
    let ended = runtime.block_on(async {
        outlive_files_that_may_not_grow();
        if serves {
            return verb.run(context).await;
        }
        signals::listen();
        let ended = tokio::select! {
            ended = verb.run(context) => ended,
            ending = signals::ending() => {
                if ending.is_interrupt() && !ending.while_asking {
                    context.term.end_line();
                }
                Err(CliError::new(Kind::Interrupted, "interrupted"))
            }
        };
        if ended.is_err() {
            signals::noticed();
            #[cfg(feature = "service")]
            context.let_go().await;
        }
        ended
    });
    // A question that nobody answers any more must not keep the program.
    runtime.shutdown_background();
    ended
}

/// Where files may not grow any further (`ulimit -f`, `LimitFSIZE`), writing to one fails and is told, instead of ending
/// the process before it can say what was done.
#[cfg(unix)]
fn outlive_files_that_may_not_grow() {
    use tokio::signal::unix::{SignalKind, signal};
    // The handler stays when the listener is dropped. Where there can be none, it is as it was.
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
        term::{Captured, Environment, Terminals},
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
