//! `tm-hooks types` lists the types of events.

use crate::{domain::event::EventType, error::CliError, render, term::Tone};

use super::{Context, unknown_type};

/// List the types of events, with an example payload each
///
/// It lists the known types, then others that the service has accepted. The examples are invented. Name a type to see
/// its example; JSON has all of them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks types
  tm-hooks types attendance.inserted
  tm-hooks types --json=type,example")]
pub struct Args {
    /// Show the example of this type
    #[arg(value_name = "TYPE")]
    event_type: Option<EventType>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let connection = context.connect()?;
    let types = connection.client.event_types().await?.data;
    let Some(wanted) = args.event_type else {
        render::list(&context.term, &context.view, &types)?;
        context.term.terminal_note("");
        context.term.terminal_note("See an example payload: tm-hooks types attendance.inserted");
        return Ok(());
    };
    let seen: Vec<EventType> = types.iter().map(|info| info.event_type).collect();
    let info = types.into_iter().find(|info| info.event_type == wanted);
    let unknown = || unknown_type::never_seen(wanted, &seen).hint("see them all: tm-hooks types");
    let info = info.ok_or_else(unknown)?;
    if context.view.format == render::Format::Table {
        if context.view.is_for_people() {
            let name = context.term.paint(Tone::Subject, wanted.as_str());
            context.term.line(&format!("{name}   {}", info.description));
        }
        return render::value(&context.term, &context.view, &info.example);
    }
    render::one(&context.term, &context.view, &info)
}
