//! `tm-hooks disable` disables webhooks.

use crate::error::CliError;

use super::{Context, switch};

/// Disable webhooks: they receive nothing
///
/// Their waiting deliveries are held. Events are still recorded while a webhook is disabled, but no deliveries are made
/// for it. Once it is enabled again, `tm-hooks retry --failed <webhook> --since <time>` makes them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks disable Payroll
  tm-hooks disable --all")]
pub struct Args {
    #[command(flatten)]
    which: switch::Which,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    switch::run(&args.which, false, context).await
}
