//! `tm-hooks source secret` gives a source the secret that its sender signs with.

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;

use crate::{
    commands::{Context, input},
    domain::{
        patch::Patch,
        source::{SenderSecret, Source, SourcePatch, SourceState},
    },
    error::CliError,
    render,
    signing::SharedSecret,
};

use super::find;

/// Give a source the secret that its sender signs with
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  tm-hooks source secret set TimeMoto")]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Set the secret, or replace it: requests are judged by it from now on
    ///
    /// TimeMoto Cloud shows it with its webhook, under Developer Options. On a terminal it is asked for and not shown;
    /// the service never shows it again.
    #[command(after_help = "Examples:
  tm-hooks source secret set TimeMoto
  tm-hooks source secret set TimeMoto --secret-file timemoto.secret
  pass timemoto | tm-hooks source secret set TimeMoto --secret-file -")]
    Set(SetArgs),
}

#[derive(Debug, clap::Args)]
struct SetArgs {
    /// The source: its name, its id, or a unique beginning of its id; a terminal asks
    #[arg(required = true)]
    source: Option<String>,
    /// A file (or - for standard input) with the secret; a terminal asks
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Source>(&context.view)?;
    let Action::Set(SetArgs { source, secret_file }) = &args.action;
    let from_file = secret_file.as_deref().map(|path| read(path, context)).transpose()?;
    let client = &context.connect()?.client;
    let source = find::one_or_ask(client, source.as_deref(), context).await?;
    let secret = match from_file {
        Some(secret) => secret,
        None => ask(&source.name, context).await?,
    };
    let patch = SourcePatch { secret: Patch::Value(secret), ..SourcePatch::default() };
    let changed = client.update_source(source.id, &patch, None).await?;
    let word = if source.has_secret { "Replaced" } else { "Set" };
    let next = match changed.state {
        SourceState::Learning => "\n  Send a test from there, and see it come in:  tm-hooks source wait ",
        SourceState::Ready => "\n  See what comes in:  tm-hooks source received ",
    };
    let name = find::word(&changed);
    context.term.success(&format!("{word} the secret of {} ({}){next}{name}", changed.name, changed.id));
    context.give_one(&changed)
}

/// Reads the secret from a file, or from standard input for `-`. No error repeats it.
///
/// # Errors
/// Fails if the file cannot be read or holds no secret.
pub(super) fn read(path: &Path, context: &Context) -> Result<SenderSecret, CliError> {
    let text = input::text(path, "--secret-file", context)?;
    let secret = SenderSecret::read(&text)
        .map_err(|why| CliError::usage(format!("{} holds no secret: {why}", path.display())))?;
    warn_of_oddities(&secret, context);
    Ok(secret)
}

/// Asks for the secret until it is one.
///
/// # Errors
/// Fails if nobody answers.
async fn ask(name: &str, context: &Context) -> Result<SenderSecret, CliError> {
    loop {
        if let Some(secret) = typed(&format!("Secret of {name} (it is not shown):"), context).await? {
            return Ok(secret);
        }
        context.term.failure("It is needed: TimeMoto Cloud shows it with its webhook, under Developer Options.");
    }
}

/// Asks for the secret of a source that may get it later: an empty answer is none.
///
/// # Errors
/// Fails if nobody answers.
pub(super) async fn ask_if_known(name: &str, context: &Context) -> Result<Option<SenderSecret>, CliError> {
    typed(&format!("Secret of {name} (it is not shown; empty as long as there is none):"), context).await
}

async fn typed(question: &str, context: &Context) -> Result<Option<SenderSecret>, CliError> {
    loop {
        let answer = context.term.ask_secret(question, "--secret-file").await?;
        if answer.expose_secret().trim().is_empty() {
            return Ok(None);
        }
        match SenderSecret::read(answer.expose_secret()) {
            Ok(secret) => {
                warn_of_oddities(&secret, context);
                return Ok(Some(secret));
            }
            Err(why) => context.term.failure(&format!("That is none: {why}.")),
        }
    }
}

/// Says what is odd of a secret, without repeating it: it may be something else that was copied.
fn warn_of_oddities(secret: &SenderSecret, context: &Context) {
    if let Some(oddity) = SharedSecret::read(secret.expose()).ok().and_then(|secret| secret.oddity()) {
        context.term.alert("odd_secret", &format!("the secret {oddity}"));
    }
}
