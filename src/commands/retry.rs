//! `tm-hooks retry` retries single deliveries at once, or all undelivered ones of a window of time.

mod arguments;
mod bulk;
mod picking;
mod single;
mod verdict;
mod waiting;

use crate::error::CliError;

use super::Context;

pub use arguments::Args;

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    if args.failed { bulk::run(args, context).await } else { single::run(args, context).await }
}
