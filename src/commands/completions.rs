//! `tm-hooks completions`: scripts that let a shell complete our commands, and the answers to what these ask.
//!
//! A script knows nothing of the commands. At each Tab it starts the program with `TM_HOOKS_COMPLETE` set and the command line
//! as arguments; the program answers before anything else is done, silently, and within a fixed time.

mod engine;
mod fields;
mod line;
mod live;
mod quoting;
mod request;
mod values;

use std::{
    process::ExitCode,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use crate::{domain::name::is_invisible, error::CliError};

use super::{Context, Process, command};
use live::Outside;
use request::Request;

/// Names the shell that asks. It counts only when the first argument is `--`, with which no command begins.
const VARIABLE: &str = "TM_HOOKS_COMPLETE";
/// How long the service may take, from the start. The rest, up to 300 ms, is for the start, the end and the shell.
const FOR_THE_SERVICE: Duration = Duration::from_millis(220);
/// How long all of it may take: a folder on a network drive that does not answer holds up nobody either.
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
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// The shells that there are scripts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell", alias = "pwsh")]
    Pwsh,
    Zsh,
}

impl Shell {
    /// Its script, as it lies in `completions/`.
    fn script(self) -> &'static str {
        match self {
            Shell::Bash => include_str!("../../completions/tm-hooks.bash"),
            Shell::Elvish => include_str!("../../completions/tm-hooks.elv"),
            Shell::Fish => include_str!("../../completions/tm-hooks.fish"),
            Shell::Pwsh => include_str!("../../completions/_tm-hooks.ps1"),
            Shell::Zsh => include_str!("../../completions/_tm-hooks"),
        }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    context.term.write(args.shell.script());
    Ok(())
}

/// Something that can be written where the cursor is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    /// What is written.
    value: String,
    /// One line for people; may be empty.
    about: String,
}

impl Candidate {
    fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Candidate { value: value.into(), about: about.into() }
    }

    /// Whether it can be typed, and harms neither a shell nor a terminal: one line, not empty, nothing invisible.
    fn is_safe(&self) -> bool {
        !self.value.is_empty() && !self.value.contains(is_invisible)
    }
}

/// What a shell is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    /// One of these.
    Candidates(Vec<Candidate>),
    /// A file, which shells complete best.
    Files,
}

impl From<Vec<Candidate>> for Answer {
    fn from(candidates: Vec<Candidate>) -> Self {
        Answer::Candidates(candidates)
    }
}

/// Whether a completion script has started the program.
pub(super) fn is_asked(process: &Process) -> bool {
    process.environment.get(VARIABLE).is_some() && process.arguments.get(1).is_some_and(|first| first == "--")
}

/// Answers a completion script. Nothing is said of a failure: the answer is empty then.
pub(super) fn answer(process: Process) -> ExitCode {
    let began = Instant::now();
    let Process { arguments, environment, term, clock, random } = process;
    // A person is in the middle of a line, where no message may come up.
    std::panic::set_hook(Box::new(|_| {}));
    let (done, answered) = mpsc::channel();
    let answer = move || {
        let request = Request::read(&arguments, &environment)?;
        Some(request.answer(Outside { environment, clock, random }, began + FOR_THE_SERVICE))
    };
    // Whoever does not answer in time is left behind: the process ends all the same.
    let _ = thread::Builder::new().spawn(move || done.send(answer()));
    if let Ok(Some(text)) = answered.recv_timeout(IN_ALL) {
        term.write(&text);
        term.flush();
    }
    ExitCode::SUCCESS
}
