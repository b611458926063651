//! `tm-hooks source received` lists what came to a source's address.

use crate::{
    commands::{
        Context,
        paging::{self, Amount},
    },
    domain::source::{Outcome, ReceivedQuery, ReceivedRequest},
    error::CliError,
    render::Listing,
};

use super::find;

/// List what came to a source's address, and what became of it
///
/// With -o json and -o ndjson a refused request comes whole, as `tm-hooks verify` reads it. Refused ones are kept for a
/// day, and only the newest of them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks source received TimeMoto
  tm-hooks source received TimeMoto --refused
  tm-hooks source received TimeMoto --refused -o ndjson | tm-hooks verify --secret-file timemoto.secret --delivery -")]
pub(super) struct Args {
    /// The source: its name, its id, or a unique beginning of its id; a terminal asks
    #[arg(required = true)]
    source: Option<String>,
    /// Only requests that were refused
    #[arg(long)]
    refused: bool,
    #[command(flatten)]
    amount: Amount,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let listing = Listing::new(&context.term, &context.view)?;
    let Args { source, refused, amount } = args;
    let client = &context.connect()?.client;
    let source = find::one_or_ask(client, source.as_deref(), context).await?;
    let outcome = refused.then_some(Outcome::Refused);
    let fetch =
        async |limit, cursor| client.received(source.id, &ReceivedQuery { outcome, limit: Some(limit), cursor }).await;
    let mut is_any_refused = false;
    let seen = |page: &[ReceivedRequest]| is_any_refused |= page.iter().any(|it| it.outcome == Outcome::Refused);
    let shown = paging::show(context, amount.of_history("request"), listing, fetch, seen).await?;
    let name = find::word(&source);
    if shown.count == 0 {
        context.term.note(&match refused {
            true => format!("Nothing was refused in the last day. All that came: tm-hooks source received {name}"),
            false => format!("Nothing has come yet. Wait for it: tm-hooks source wait {name}"),
        });
    }
    let next = format!(
        "Why, with the secret in FILE:\n  tm-hooks source received {name} --refused -o ndjson |\n    \
         tm-hooks verify --secret-file FILE --delivery -"
    );
    shown.print_notes(Some(next.as_str()).filter(|_| is_any_refused), context);
    Ok(())
}
