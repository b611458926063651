//! `tm-hooks completions` prints scripts that let a shell complete commands, and answers their requests.
//!
//! A script does not know the commands. At each Tab it starts the program with `TM_HOOKS_COMPLETE` set and the command
//! line as arguments; the program answers before anything else, silently, and within a fixed time.

mod candidate;
mod engine;
mod fields;
mod line;
mod live;
mod local;
mod quoting;
mod request;
mod shell;
mod values;

use std::{
    process::ExitCode,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use clap::Command;

use crate::error::CliError;

use super::{Context, Process};
use live::Outside;
use request::Request;
use shell::{Shell, VARIABLE};

/// The time limit for the service, from the start. The rest, up to 300 ms, is for the start, the end and the shell.
const FOR_THE_SERVICE: Duration = Duration::from_millis(220);
/// The time limit for everything, so that an unresponsive network drive does not block either.
const IN_ALL: Duration = Duration::from_millis(260);

/// Print a completion script for a shell
///
/// It completes commands, flags and values, and what lives in the service: webhooks, tokens, ids. The service is asked at
/// each Tab, for a quarter of a second at most, with the token from TM_HOOKS_TOKEN, TM_HOOKS_TOKEN_FILE or the file of
/// `login --insecure-storage`. The keyring is never opened then, as it might ask for a password: with a token in it, the
/// service is left out.
///
/// The scripts ask the program for everything, and need not be renewed with it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bash, in ~/.bashrc:
    eval \"$(tm-hooks completions bash)\"
  or, where the package bash-completion is installed:
    mkdir -p ~/.local/share/bash-completion/completions
    tm-hooks completions bash > ~/.local/share/bash-completion/completions/tm-hooks
  zsh, in ~/.zshrc, below compinit:
    eval \"$(tm-hooks completions zsh)\"
  or, with fpath=(~/.zfunc $fpath) in ~/.zshrc, above compinit:
    mkdir -p ~/.zfunc
    tm-hooks completions zsh > ~/.zfunc/_tm-hooks
  fish:
    mkdir -p ~/.config/fish/completions
    tm-hooks completions fish > ~/.config/fish/completions/tm-hooks.fish
  elvish, in ~/.config/elvish/rc.elv:
    eval (tm-hooks completions elvish | slurp)
  PowerShell, in the file that $PROFILE names (this script alone was not yet tried in its shell):
    tm-hooks completions powershell | Out-String | Invoke-Expression")]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    context.term.write(args.shell.script());
    Ok(())
}

/// Whether a completion script started the program.
pub(super) fn is_asked(process: &Process) -> bool {
    process.environment.get(VARIABLE).is_some() && process.arguments.get(1).is_some_and(|first| first == "--")
}

/// Answers a completion script, with the arguments of `program`. Failures are silent and give an empty answer.
pub(super) fn answer(process: Process, program: fn() -> Command) -> ExitCode {
    let began = Instant::now();
    let Process { arguments, environment, term, clock, random } = process;
    // A message would appear in the middle of the person's line.
    std::panic::set_hook(Box::new(|_| {}));
    let (done, answered) = mpsc::channel();
    let answer = move || {
        let request = Request::read(&arguments, &environment)?;
        Some(request.answer(program, Outside { environment, clock, random }, began + FOR_THE_SERVICE))
    };
    // A thread that is too slow is abandoned, and the process ends.
    let _ = thread::Builder::new().spawn(move || done.send(answer()));
    if let Ok(Some(text)) = answered.recv_timeout(IN_ALL) {
        term.write(&text);
        term.flush();
    }
    ExitCode::SUCCESS
}
