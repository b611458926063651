//! `tm-hooks doctor` checks what works, and suggests how to repair what does not.

mod check;
mod files;
mod local;
mod network;
mod report;
mod service;
mod settings;
mod sources;

use url::Url;

use crate::{
    credentials::{self, Token},
    error::CliError,
    render,
};

use super::{Context, outcome};

pub(super) use check::CheckResult;

/// Check the profile, the way to its service, and the token
///
/// It also checks the clock. Each line is ok, a warning, or a failure with the next step. The exit code is 10 when
/// anything failed. It works when the configuration file is broken, and says where. It warns about files with keys and
/// tokens that others may read. For the profile `local` it tries what `send` needs of the data folder and the database,
/// and leaves nothing behind.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks doctor
  tm-hooks doctor --profile production -o json")]
pub struct Args {}

pub(super) async fn run(_: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<CheckResult>(&context.view)?;
    let mut checks = settings::checks(context);
    checks.extend(files::checks(context));
    match context.settings.service() {
        // The service is not known.
        _ if context.settings.problem.is_some() => {}
        None => checks.extend(local::checks(context).await),
        Some(url) => checks.extend(elsewhere(url, context).await),
    }
    let shown = report::show(&checks, context);
    outcome::both(report::verdict(&checks), shown)
}

/// Checks the connection to a remote service, as far as it works.
async fn elsewhere(url: &Url, context: &Context) -> Vec<CheckResult> {
    let (token_check, token) = token(url, context);
    let mut checks = vec![token_check];
    let (way, passable) = network::checks(url, context).await;
    checks.extend(way);
    if passable {
        checks.extend(service::checks(url, token, context).await);
    }
    checks
}

fn token(url: &Url, context: &Context) -> (CheckResult, Option<Token>) {
    match credentials::find(url, &context.settings, &context.environment) {
        Ok(Some(token)) => (CheckResult::ok("token", format!("from {}", token.source)), Some(token)),
        Ok(None) => {
            let next_step = format!("tm-hooks login {url}, or set TM_HOOKS_TOKEN");
            (CheckResult::failure("token", format!("none for {url}"), next_step), None)
        }
        Err(error) => (CheckResult::failed("token", error), None),
    }
}
