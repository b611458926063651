//! `tm-hooks source` administers sources: where events come in from outside.

mod add;
mod address;
mod delete;
mod edit;
mod expectation;
mod find;
mod holder;
mod list;
mod received;
mod secret;
mod show;
mod switch;
mod wait;

pub(super) use find::named;
pub(super) use holder::{explained, name as name_of};

use crate::error::CliError;

use super::Context;

/// Take events in from outside: TimeMoto Cloud's own webhooks
///
/// A source is an address of the service. What its sender signs with the source's secret is taken in and delivered to
/// every webhook that wants it; all else is refused. A source learns how its sender signs from the first requests.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks source add TimeMoto
  tm-hooks source secret set TimeMoto
  tm-hooks source wait TimeMoto --timeout 10m
  tm-hooks source list
  tm-hooks source received TimeMoto --refused")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Add(add::Args),
    List(list::Args),
    Show(show::Args),
    Edit(edit::Args),
    /// Enable sources: their requests are taken again
    #[command(after_help = "Examples:\n  tm-hooks source enable TimeMoto\n  tm-hooks source enable --all")]
    Enable(switch::Which),
    /// Disable sources: their requests are answered with 404
    ///
    /// Unlike a webhook, a disabled source misses what comes meanwhile, unless its sender sends it again.
    #[command(after_help = "Examples:\n  tm-hooks source disable TimeMoto\n  tm-hooks source disable --all")]
    Disable(switch::Which),
    Delete(delete::Args),
    Secret(secret::Args),
    Received(received::Args),
    Wait(wait::Args),
}

impl Args {
    /// Whether it changes something at the service.
    pub(super) fn changes(&self) -> bool {
        match self.action {
            Action::List(_) | Action::Show(_) | Action::Received(_) | Action::Wait(_) => false,
            Action::Add(_)
            | Action::Edit(_)
            | Action::Enable(_)
            | Action::Disable(_)
            | Action::Delete(_)
            | Action::Secret(_) => true,
        }
    }
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    match &args.action {
        Action::Add(args) => add::run(args, context).await,
        Action::List(args) => list::run(args, context).await,
        Action::Show(args) => show::run(args, context).await,
        Action::Edit(args) => edit::run(args, context).await,
        Action::Enable(which) => switch::run(which, true, context).await,
        Action::Disable(which) => switch::run(which, false, context).await,
        Action::Delete(args) => delete::run(args, context).await,
        Action::Secret(args) => secret::run(args, context).await,
        Action::Received(args) => received::run(args, context).await,
        Action::Wait(args) => wait::run(args, context).await,
    }
}
