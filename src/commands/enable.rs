//! `tm-hooks enable` enables webhooks.

use crate::error::CliError;

use super::{Context, switch};

/// Enable webhooks: they receive events again
///
/// Deliveries that were held are sent over the next 30 seconds. Earlier failures are forgotten, and so is any pause
/// that the receiver asked for. Events that came while the webhook was disabled have no deliveries; `tm-hooks retry
/// --failed <webhook> --since <time>` makes them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks enable Payroll
  tm-hooks enable --all")]
pub struct Args {
    #[command(flatten)]
    which: switch::Which,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    switch::run(&args.which, true, context).await
}
