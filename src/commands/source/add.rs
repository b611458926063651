//! `tm-hooks source add` adds a source, and says what to do at its sender's.

use std::path::PathBuf;

use crate::{
    commands::Context,
    domain::source::{NewSource, Source, SourceScheme, check_name},
    error::{CliError, Kind},
    render,
    term::{Field, Text},
};

use super::{address::Address, expectation::Expectation, find, secret};

/// Add a source, and show the URL for TimeMoto Cloud
///
/// On a terminal it asks for what is missing. The secret may be left empty and set later: TimeMoto shows it only once
/// its webhook exists there. Without --scheme the source learns how its sender signs: it keeps the first genuine request
/// until a second, different one confirms the scheme, and then delivers both.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks source add TimeMoto
  tm-hooks source add TimeMoto --secret-file timemoto.secret --expect-within 24h --expect-days mon-fri
  tm-hooks source add 'Door system' --scheme 'hmac-sha256 header=X-Signature' --if-not-exists")]
pub(super) struct Args {
    /// Its name, which no other source has; it never changes; a terminal asks
    #[arg(required = true)]
    name: Option<String>,
    /// A file (or - for standard input) with the secret that its sender signs with; a terminal asks
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// How its sender signs: learn, none, timemoto, standard, or a scheme's text; default: learn
    ///
    /// With none it takes unsigned requests of anybody who knows its URL. `tm-hooks help schemes` has the words of a
    /// text, `tm-hooks verify --detect` finds it.
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<SourceScheme>,
    #[command(flatten)]
    expectation: Expectation,
    /// Deliver an event once more when it comes again with other content
    #[arg(long)]
    redeliver_changed: bool,
    /// When a source with this name is there already, leave it as it is and succeed
    #[arg(long)]
    if_not_exists: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Source>(&context.view)?;
    let Args { name, secret_file, scheme, expectation, redeliver_changed, if_not_exists } = args;
    if expectation.expect_within.is_none() && (expectation.expect_days.is_some() || expectation.time_zone.is_some()) {
        return Err(CliError::usage("--expect-days and --time-zone have no use without --expect-within")
            .hint("say how long nothing may come: --expect-within 24h"));
    }
    if let Some(name) = name {
        check_name(name).map_err(|error| refused(name).fields(vec![error]))?;
    }
    let from_file = secret_file.as_deref().map(|path| secret::read(path, context)).transpose()?;
    let client = &context.connect()?.client;
    let name = match name {
        Some(name) => name.clone(),
        None => ask_name(context).await?,
    };
    if *if_not_exists && let Some(source) = find::look_up(client, &name).await? {
        return there_already(&source, context);
    }
    let scheme = scheme.clone().unwrap_or_default();
    let secret = match from_file {
        None if !scheme.is_none() && context.term.may_ask() => secret::ask_if_known(&name, context).await?,
        given => given,
    };
    let new = NewSource {
        name,
        secret,
        scheme,
        enabled: true,
        expect_within_seconds: expectation.within_seconds(),
        expect_days: expectation.expect_days,
        time_zone: expectation.time_zone.clone(),
        redeliver_changed: *redeliver_changed,
    };
    match client.add_source(&new).await {
        Ok(source) => {
            tell(&source, context);
            context.give_one(&source)
        }
        // Another program added it meanwhile.
        Err(error) if *if_not_exists && error.code() == "name_taken" => {
            there_already(&find::one(client, &new.name).await?, context)
        }
        Err(error) => Err(CliError::from(error).attempting(&format!("could not add {}", new.name))),
    }
}

fn refused(name: &str) -> CliError {
    CliError::new(Kind::Refused, format!("could not add {name}")).code("invalid")
}

async fn ask_name(context: &Context) -> Result<String, CliError> {
    let text = Text { default: Some("TimeMoto".to_owned()), ..Text::default() };
    let check = async |name: &str| check_name(name).map_err(|error| format!("it {}", error.message));
    Ok(context.term.form("NAME")?.text(&Field::alone("Name"), text, check).await?)
}

fn there_already(source: &Source, context: &Context) -> Result<(), CliError> {
    context.term.note(&format!("{} ({}) is there already; nothing was changed", source.name, source.id));
    context.give_one(source)
}

/// Says what the source does, its URL, and what to do at its sender's.
fn tell(source: &Source, context: &Context) {
    let Source { id, name, scheme, has_secret, .. } = source;
    let Address { url, lacks } = Address::of(source, context);
    let how = match scheme {
        SourceScheme::Learn => "It learns from the first requests how its sender signs.".to_owned(),
        none if none.is_none() => "It takes unsigned requests.".to_owned(),
        known => format!("Its sender signs by {known}."),
    };
    let term = &context.term;
    term.success(&format!("Added {name} ({id}). {how}\n  Its URL:\n     {url}"));
    if let Some(lacks) = lacks {
        term.note(lacks);
    }
    note_unsigned(source, context);
    let word = find::word(source);
    let mut steps =
        vec!["In TimeMoto Cloud's Developer Options, create a webhook with this URL and all events.".to_owned()];
    if !has_secret && !scheme.is_none() {
        steps.push(format!("Copy its Secret, and paste it here:\n     tm-hooks source secret set {word}"));
    }
    steps.push(format!("Press \"Send test webhook\" there, and see it come in:\n     tm-hooks source wait {word}"));
    let steps = steps.iter().enumerate().map(|(number, step)| format!("  {}. {step}", number + 1));
    term.note(&format!("\n{}", steps.collect::<Vec<_>>().join("\n")));
}

/// Says what it means that requests need no signature.
pub(super) fn note_unsigned(source: &Source, context: &Context) {
    if source.scheme.is_none() {
        context.term.note("note: whoever knows its URL can send events: keep it secret");
    }
}
