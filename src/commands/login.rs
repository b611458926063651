//! `tm-hooks login` checks a token and stores it.

mod note;

use std::path::{Path, PathBuf};

use url::Url;
use zeroize::Zeroizing;

use crate::{
    config::{ConfigDir, SettingSource, TokenPlace, service_url},
    credentials::{self, CredentialError, Token, TokenSource},
    domain::encoding,
    error::{CliError, Kind},
    render,
    term::{Field, PromptError, Text},
};

use super::{
    Context,
    whoami::{self, CallerIdentity},
};
use note::{LoggedIn, Note};

/// The longest token that is read from standard input, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Log in to a service: check a token, and keep it in the keyring
///
/// The token is asked for, or read from standard input or a file; it is never an argument. It is checked first, then
/// kept in the operating system's keyring, or with --insecure-storage in a file that only you can read. The service gets
/// a profile, named by --profile or after its host; the first one becomes the default.
///
/// In pipelines leave it out, and set TM_HOOKS_URL and TM_HOOKS_TOKEN.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks login https://hooks.example.com
  tm-hooks login https://hooks.example.com --profile production < token.txt --token-stdin
  tm-hooks login https://hooks.example.com --token-file ~/hooks.token --insecure-storage")]
pub struct Args {
    /// The service's URL (default: the one of the profile in use)
    #[arg(value_name = "URL", value_parser = url_argument)]
    url: Option<Url>,
    /// Read the token from standard input
    #[arg(long, conflicts_with = "token_file")]
    token_stdin: bool,
    /// Read the token from a file; - is standard input
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Keep the token in a file that only you can read, instead of in the keyring
    #[arg(long)]
    insecure_storage: bool,
}

fn url_argument(text: &str) -> Result<Url, String> {
    service_url(text, SettingSource::Flag("URL")).map_err(|error| error.to_string())
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<CallerIdentity>(&context.view)?;
    if let Some(variable) = credentials::variable_in_force(&context.environment) {
        let message = format!("{variable} is set, and goes before every token that is kept");
        return Err(CliError::usage(message)
            .hint(format!("unset {variable} to log in; or go on without logging in: it is used as it is")));
    }
    let url = url(args, context).await?;
    // This fails early, before anybody types a token; the name is chosen again while the file is locked.
    note::profile(&url, &context.settings.file, context)?;
    let token = token(args, &url, context).await?;
    let client = context.reach(&url, Some(token.clone()))?.client;
    let me = client.me().await.map_err(|error| whoami::not_accepted(&url, error))?;
    let dir = context.settings.config_dir()?;
    let LoggedIn { profile, place, is_default, left_behind } = keep(args, &url, &token, &dir, context).await?;
    let kept_in = described(place, &dir);
    let default = if is_default { ", which is used from now on" } else { "" };
    let name = &me.name;
    context
        .term
        .success(&format!("Logged in to {url} as {name}. The token is in {kept_in}.\n  Profile {profile}{default}."));
    if !is_default && context.settings.named_profile.is_none() {
        context.term.terminal_note(&format!(
            "  Use it:  tm-hooks --profile {profile} list, or: tm-hooks profile use {profile}"
        ));
    }
    let source = match place {
        TokenPlace::Keyring => TokenSource::Keyring.to_string(),
        TokenPlace::File => dir.credentials().display().to_string(),
    };
    context.give_one(&CallerIdentity::known(Some(profile), &url, source, me))?;
    left_behind.map_or(Ok(()), Err)
}

fn described(place: TokenPlace, dir: &ConfigDir) -> String {
    match place {
        TokenPlace::Keyring => "the keyring".to_owned(),
        TokenPlace::File => format!("{}, which only you can read", dir.credentials().display()),
    }
}

async fn url(args: &Args, context: &Context) -> Result<Url, CliError> {
    match args.url.as_ref().or(context.settings.service()) {
        Some(url) => Ok(url.clone()),
        None => {
            let field = Field::alone("URL of the service");
            let check = async |text: &str| check_url(text);
            let text = context.term.form("URL").map_err(named)?.text(&field, Text::default(), check).await?;
            Ok(service_url(&text, SettingSource::Default)?)
        }
    }
}

/// If nobody can be asked, the hint is the whole command.
fn named(error: PromptError) -> CliError {
    match error {
        PromptError::NobodyToAsk(_) => CliError::new(Kind::AnswerNeeded, "no service is named to log in to")
            .hint("tm-hooks login https://hooks.example.com"),
        other => other.into(),
    }
}

fn check_url(text: &str) -> Result<(), String> {
    url_argument(text).map(drop)
}

async fn token(args: &Args, url: &Url, context: &Context) -> Result<Token, CliError> {
    let file = args.token_file.as_deref().filter(|file| *file != Path::new("-"));
    if let Some(file) = file {
        return Ok(credentials::from_file(context.environment.expanded(file))?);
    }
    if args.token_stdin || args.token_file.is_some() {
        let failed = |error| CliError::usage("could not read the token from standard input").source(error);
        let bytes = Zeroizing::new(context.term.read_input(LONGEST).map_err(failed)?);
        let text = encoding::text(&bytes).map_err(|error| {
            CliError::usage(format!("could not read the token from standard input: {error}")).hint(error.hint())
        })?;
        return Ok(credentials::usable(text, TokenSource::File("standard input".into()))?);
    }
    let question = format!("Token for {url} (it is not shown):");
    let secret = context.term.ask_secret(&question, "--token-stdin or --token-file").await?;
    Ok(credentials::usable(secrecy::ExposeSecret::expose_secret(&secret), TokenSource::Typed)?)
}

/// Stores the token in the keyring, or in the file if that was requested or is agreed to now.
async fn keep(args: &Args, url: &Url, token: &Token, dir: &ConfigDir, context: &Context) -> Result<LoggedIn, CliError> {
    let place = if args.insecure_storage { TokenPlace::File } else { TokenPlace::Keyring };
    match Note::write(url, place, dir, context)?.keep(token)? {
        Ok(logged_in) => Ok(logged_in),
        Err(why @ CredentialError::Keyring(_)) if context.term.may_ask() => {
            let question = format!("{why}\nKeep the token in {}, readable by you alone?", dir.credentials().display());
            context.term.confirm(&question, "--insecure-storage").await?;
            Ok(Note::write(url, TokenPlace::File, dir, context)?.keep(token)??)
        }
        Err(why) => Err(why.into()),
    }
}
