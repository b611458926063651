//! `tm-hooks unpin` removes the pins of webhooks.

use crate::error::CliError;

use super::{Context, pin};

/// Let webhooks use the global version again
///
/// As long as none is set, that is the latest stable one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks unpin Payroll")]
pub struct Args {
    /// Webhooks: ids, names, or unique beginnings of ids; a terminal asks for one
    #[arg(required = true, value_name = "WEBHOOK")]
    webhooks: Vec<String>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    pin::set(&args.webhooks, async || Ok(None), context).await.map(drop)
}
