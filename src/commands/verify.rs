//! `tm-hooks verify` says whether a request is genuine, why not, and by which scheme.

mod args;
mod found;
mod given;
mod judged;

pub use args::Args;

use crate::{error::CliError, render};

use super::{Context, outcome};
use given::Given;
pub(super) use judged::Judged;

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    if args.detect {
        let given = Given::read(args, context).await?;
        return found::tell(&given, context);
    }
    render::check::<Judged>(&context.view)?;
    let given = Given::read(args, context).await?;
    let judged = given.judge(args.scheme.as_ref(), args.tolerance(), context.now());
    judged::show(&judged, context)?;
    verdict(&judged)
}

/// Returns the exit code: 10 if none is genuine, 11 if some are not.
fn verdict(judged: &[Judged]) -> Result<(), CliError> {
    let wrong = judged.iter().filter(|judged| !judged.genuine).count();
    let (code, message) = match judged {
        [one] => (one.code.as_str(), one.message.clone()),
        all if wrong == all.len() => ("not_genuine", "none of the requests is genuine".to_owned()),
        some => ("not_genuine", format!("{wrong} of {} requests are not genuine", some.len())),
    };
    outcome::verdict((judged.len() - wrong) as u64, wrong as u64, code, message)
}
