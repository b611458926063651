//! The program's arguments: the global flags, and the verbs with their properties.

use clap::CommandFactory;

use super::{
    add, api, attempts, audit, completions, config,
    context::Context,
    delete, disable, doctor, edit, enable, events,
    globals::{Does, Globals},
    help, list, login, logout, man, pin, profile, retry, secret, send, show, sign, source, stats, test, token, types,
    unpin, verify, versions, whoami,
};
#[cfg(feature = "service")]
use super::{demo, serve};
use crate::{config::Reading, error::CliError, term::for_help};

/// Administer webhooks: add, test, watch and repair them from a terminal
///
/// Without any configuration a webhook service runs inside this program and keeps its data in your home. With
/// --service, or TM_HOOKS_URL, it talks to a service somewhere else.
#[derive(Debug, clap::Parser)]
#[command(name = "tm-hooks", version, disable_help_subcommand = true, styles = for_help())]
#[command(arg_required_else_help = true, args_override_self = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) globals: Globals,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
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
    Verify(verify::Args),
    Sign(sign::Args),
    Source(source::Args),
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
    /// Whether it serves until it is stopped: on many threads, and with its own handling of Ctrl-C.
    pub(super) fn serves(&self) -> bool {
        #[cfg(feature = "service")]
        return matches!(self, Verb::Serve(_));
        #[cfg(not(feature = "service"))]
        false
    }

    /// Returns how much of the configuration file it needs.
    pub(super) fn reading(&self) -> Reading {
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

    /// Whether secrets in URLs are shown on a terminal.
    pub(super) fn reveals(&self) -> bool {
        matches!(self, Verb::List(list::Args { reveal: true, .. }) | Verb::Show(show::Args { reveal: true, .. }))
    }

    /// Returns what it does, which decides the flags that apply to it.
    pub(super) fn does(&self) -> Does {
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

    /// Whether it prints data, so that an unusable output stops it. `doctor` reports that instead.
    pub(super) fn prints_data(&self) -> bool {
        match self {
            #[cfg(feature = "service")]
            Verb::Serve(_) | Verb::Demo(_) => false,
            Verb::Completions(_) | Verb::Man(_) | Verb::Help(_) | Verb::Logout(_) | Verb::Doctor(_) => false,
            Verb::Config(args) => args.prints_data(),
            _ => true,
        }
    }

    /// Whether it changes something at the service or makes it send something, so that a protected profile asks first.
    /// The match names every verb, so that a new one must decide.
    pub(super) fn changes(&self) -> bool {
        match self {
            Verb::Add(_) | Verb::Edit(_) | Verb::Enable(_) | Verb::Disable(_) | Verb::Pin(_) | Verb::Unpin(_) => true,
            Verb::Delete(_) | Verb::Test(_) => true,
            Verb::Send(args) => args.changes(),
            Verb::Retry(args) => args.changes(),
            Verb::Versions(args) => args.changes(),
            Verb::Secret(args) => args.changes(),
            Verb::Source(args) => args.changes(),
            Verb::Api(args) => args.changes(),
            Verb::Token(args) => args.changes(),
            #[cfg(feature = "service")]
            Verb::Serve(_) | Verb::Demo(_) => false,
            Verb::List(_) | Verb::Show(_) | Verb::Attempts(_) | Verb::Events(_) | Verb::Types(_) => false,
            Verb::Verify(_)
            | Verb::Sign(_)
            | Verb::Stats(_)
            | Verb::Audit(_)
            | Verb::Completions(_)
            | Verb::Man(_)
            | Verb::Help(_) => false,
            // These only change this machine.
            Verb::Login(_) | Verb::Logout(_) | Verb::Whoami(_) | Verb::Profile(_) => false,
            Verb::Config(_) | Verb::Doctor(_) => false,
        }
    }

    /// Runs the verb.
    ///
    /// # Errors
    /// Fails if the verb does.
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
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
            Verb::Verify(args) => verify::run(&args, context).await,
            Verb::Sign(args) => sign::run(&args, context).await,
            Verb::Source(args) => source::run(&args, context).await,
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
            Verb::Man(args) => man::run(&args, command(), context),
            Verb::Help(args) => help::run(&args, command(), context),
        }
    }
}

/// Returns the program's arguments, for completions, the manual and help.
pub fn command() -> clap::Command {
    let examples = "Examples:\n  tm-hooks add https://erp.example.com/hooks --name ERP --events 'attendance.*'\n  \
                    tm-hooks list\n  tm-hooks test ERP\n  tm-hooks attempts ERP --status failed";
    Cli::command().after_help(format!("{examples}\n\nMore help:\n{}", help::topics()))
}
