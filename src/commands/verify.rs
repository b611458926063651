//! `tm-hooks verify` says whether a request is genuine, why not, and by which scheme.

mod args;
mod found;
mod given;
mod judged;

pub use args::Args;

use crate::{
    error::{CliError, Kind},
    render,
};

use super::Context;
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
    let wrong: Vec<&Judged> = judged.iter().filter(|judged| !judged.genuine).collect();
    match wrong.as_slice() {
        [] => Ok(()),
        [one] if judged.len() == 1 => {
            Err(CliError::told(Kind::CheckFailed, one.message.clone()).code(one.code.as_str()))
        }
        all if all.len() == judged.len() => {
            Err(CliError::told(Kind::CheckFailed, "none of the requests is genuine").code("not_genuine"))
        }
        some => Err(CliError::told(
            Kind::SomeFailed,
            format!("{} of {} requests are not genuine", some.len(), judged.len()),
        )),
    }
}
