//! `tm-hooks source edit` changes a source.

use std::path::PathBuf;

use crate::{
    commands::Context,
    domain::{
        patch::Patch,
        source::{Source, SourcePatch, SourceScheme},
    },
    error::CliError,
    render,
};

use super::{add, expectation::Expectation, find, secret};

/// Change a source's scheme, its secret, or what is expected of it
///
/// What is not named stays as it is. A source's name never changes, as its events are stored under it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks source edit TimeMoto --expect-within 24h --expect-days mon-fri --time-zone Europe/Berlin
  tm-hooks source edit TimeMoto --no-expect
  tm-hooks source edit TimeMoto --scheme learn")]
pub(super) struct Args {
    /// The source: its name, its id, or a unique beginning of its id; a terminal asks
    #[arg(required = true)]
    source: Option<String>,
    /// A file (or - for standard input) with a new secret
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// How its sender signs from now on: learn (begins anew), none, timemoto, standard, or a scheme's text
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<SourceScheme>,
    #[command(flatten)]
    expectation: Expectation,
    /// Expect nothing: any silence is in order
    #[arg(long, conflicts_with_all = ["expect_within", "expect_days", "time_zone"])]
    no_expect: bool,
    /// Deliver an event once more when it comes again with other content
    #[arg(long, conflicts_with = "no_redeliver_changed")]
    redeliver_changed: bool,
    /// Deliver an event once, whatever comes again
    #[arg(long)]
    no_redeliver_changed: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Source>(&context.view)?;
    let patch = patch(args, context)?;
    if patch == SourcePatch::default() {
        let flags = "--scheme, --secret-file, --expect-within, --expect-days, --time-zone, --no-expect, \
                     --redeliver-changed and --no-redeliver-changed";
        return Err(CliError::usage("nothing to change was named").hint(format!("name it with {flags}")));
    }
    let client = &context.connect()?.client;
    let source = find::one_or_ask(client, args.source.as_deref(), context).await?;
    let expects = source.expect_within_seconds.is_some() || !patch.expect_within_seconds.is_absent();
    let counts_days = !patch.expect_days.is_absent() || !patch.time_zone.is_absent();
    if counts_days && !expects {
        return Err(CliError::usage(format!("nothing is expected of {} yet", source.name))
            .hint("say how long nothing may come, too: --expect-within 24h"));
    }
    let changed = client
        .update_source(source.id, &patch, Some(source.revision))
        .await
        .map_err(|error| CliError::from(error).attempting(&format!("could not change {}", source.name)))?;
    tell(&source, &changed, context);
    context.give_one(&changed)
}

fn patch(args: &Args, context: &Context) -> Result<SourcePatch, CliError> {
    let Args { source: _, secret_file, scheme, expectation, no_expect, redeliver_changed, no_redeliver_changed } = args;
    let secret = secret_file.as_deref().map(|path| secret::read(path, context)).transpose()?;
    Ok(SourcePatch {
        secret: Patch::from_option(secret),
        scheme: Patch::from_option(scheme.clone()),
        enabled: Patch::Absent,
        expect_within_seconds: or_null(expectation.within_seconds(), *no_expect),
        expect_days: or_null(expectation.expect_days, *no_expect),
        time_zone: or_null(expectation.time_zone.clone(), *no_expect),
        redeliver_changed: Patch::from_option(
            (*redeliver_changed || *no_redeliver_changed).then_some(*redeliver_changed),
        ),
    })
}

fn or_null<T>(value: Option<T>, clears: bool) -> Patch<T> {
    if clears { Patch::Null } else { Patch::from_option(value) }
}

fn tell(before: &Source, after: &Source, context: &Context) {
    let Source { id, name, .. } = after;
    if before.revision == after.revision {
        return context.term.note(&format!("Nothing was changed: {name} ({id}) is as it was."));
    }
    let differences = [
        ("scheme", before.scheme != after.scheme),
        ("expected within", before.expect_within_seconds != after.expect_within_seconds),
        ("expected days", before.expect_days != after.expect_days),
        ("time zone", before.time_zone != after.time_zone),
        ("what becomes of changed events", before.redeliver_changed != after.redeliver_changed),
    ];
    let mut changed: Vec<&str> =
        differences.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect();
    // The secret is not shown, so that only the new revision tells.
    if changed.is_empty() {
        changed.push("secret");
    }
    context.term.success(&format!("Changed {name} ({id}): {}", changed.join(", ")));
    if before.scheme != after.scheme {
        add::note_unsigned(after, context);
        if after.scheme == SourceScheme::Learn {
            context.term.terminal_note("It learns anew: what comes is kept until two requests agree on a scheme.");
        }
    }
}
