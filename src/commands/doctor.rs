//! `tm-hooks doctor`: what works, what does not, and what to do about it.

mod files;
mod local;
mod network;
mod service;

use serde::Serialize;
use url::Url;

use crate::{
    config::{LOCAL, Source},
    credentials::{self, Token},
    error::{CliError, Kind},
    render::{self, Cell, Column, Importance, Record, words},
    term::Tone,
};

use super::{Context, globals::format_problem, outcome};

/// Check the profile, the way to its service, the clock and the token
///
/// Each line is ok, a warning, or a failure with the next step. The exit code is 10 when anything failed. It works when
/// the configuration file is broken, and says where. Files with keys and tokens are warned of when others may read them.
/// For the profile `local` it tries what `send` needs of the data folder and the database, and leaves nothing behind.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks doctor
  tm-hooks doctor --profile production -o json")]
pub struct Args {}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    Ok,
    Warning,
    Failure,
}

/// One line of the answer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Check {
    check: &'static str,
    status: Verdict,
    message: String,
    next_step: Option<String>,
}

impl Check {
    fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Check { check, status: Verdict::Ok, message: message.into(), next_step: None }
    }

    fn warning(check: &'static str, message: impl Into<String>, next_step: impl Into<String>) -> Self {
        Check { check, status: Verdict::Warning, message: message.into(), next_step: Some(next_step.into()) }
    }

    fn failure(check: &'static str, message: impl Into<String>, next_step: impl Into<String>) -> Self {
        Check { check, status: Verdict::Failure, message: message.into(), next_step: Some(next_step.into()) }
    }

    /// The failure that `error` tells of.
    fn failed(check: &'static str, error: impl Into<CliError>) -> Self {
        let error = error.into();
        let next_step = error.hint_text().map(|hint| hint.replace('\n', " "));
        Check { check, status: Verdict::Failure, message: error.to_string(), next_step }
    }
}

impl Record for Check {
    fn id(&self) -> String {
        self.check.to_owned()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::Key;
        vec![
            Column::new("check", "CHECK", Key, |check, _| Cell::plain(check.check)),
            Column::new("status", "STATUS", Key, |check, _| match check.status {
                Verdict::Ok => Cell::toned("ok", Tone::Good),
                Verdict::Warning => Cell::toned("warning", Tone::Warning),
                Verdict::Failure => Cell::toned("failure", Tone::Bad),
            }),
            Column::new("message", "WHAT", Key, |check, _| Cell::plain(&check.message)),
            Column::new("nextStep", "NEXT STEP", Key, |check, _| Cell::or_nothing(check.next_step.as_ref())),
        ]
    }
}

pub(super) async fn run(_: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Check>(&context.view)?;
    let mut checks = settings(context);
    checks.extend(files::checks(context));
    match context.settings.service() {
        // Which service it would be is not known.
        _ if context.settings.problem.is_some() => {}
        None => checks.extend(local::checks(context).await),
        Some(url) => checks.extend(elsewhere(url, context).await),
    }
    let shown = show(&checks, context);
    outcome::both(verdict(&checks), shown)
}

fn verdict(checks: &[Check]) -> Result<(), CliError> {
    match checks.iter().filter(|check| check.status == Verdict::Failure).count() {
        0 => Ok(()),
        failed => Err(CliError::told(Kind::CheckFailed, format!("{} failed", words::count(failed, "check")))),
    }
}

/// A line each on a terminal, with the next step below it; a table everywhere else.
fn show(checks: &[Check], context: &Context) -> Result<(), CliError> {
    if !context.view.is_for_people() || context.view.columns.is_some() {
        return render::list(&context.term, &context.view, checks);
    }
    let term = &context.term;
    for Check { check, status, message, next_step } in checks {
        let (tone, sign, word) = match status {
            Verdict::Ok => (Tone::Good, "✓", "ok"),
            Verdict::Warning => (Tone::Warning, "!", "warning"),
            Verdict::Failure => (Tone::Bad, "✗", "failure"),
        };
        let head = term.paint(tone, &format!("{sign} {word:<7}"));
        term.line(&format!("{head}  {check:<13}  {}", term.shown(message)));
        if let Some(next_step) = next_step {
            term.line(&format!("{:26}→ {}", "", term.shown(next_step)));
        }
    }
    term.flush();
    Ok(())
}

/// The file, the profile, and what is not as it is by default.
fn settings(context: &Context) -> Vec<Check> {
    let settings = &context.settings;
    let mut checks = Vec::new();
    let path = settings.file.path().display();
    match &settings.problem {
        Some(error) => {
            let name = if matches!(error, crate::config::ConfigError::UnknownProfile { .. }) {
                "profile"
            } else {
                "config file"
            };
            checks.push(Check::failure(name, error.to_string(), error.hint()));
        }
        None if settings.file.exists() => checks.push(files::config_file(settings.file.path())),
        None => checks.push(Check::ok("config file", format!("none at {path}"))),
    }
    if settings.problem.is_none() {
        let profile = settings.profile.value.as_deref().unwrap_or("none");
        let place = settings.service().map_or(LOCAL.to_owned(), Url::to_string);
        let protected = if settings.protected.value { "; changes are asked about first" } else { "" };
        checks.push(Check::ok("profile", format!("{profile} ({}): {place}{protected}", settings.profile.source)));
    }
    if let Some(error) = format_problem(&settings.output) {
        checks.push(Check::failed("output", error));
    }
    let changed = settings.in_force().into_iter().filter(|(name, _, source)| {
        *source != Source::Default && !matches!(*name, "profile" | "service" | "protected")
    });
    let changed: Vec<String> = changed.map(|(name, value, source)| format!("{name} {value} ({source})")).collect();
    let changed = if changed.is_empty() { "all as they are by default".to_owned() } else { changed.join(", ") };
    checks.push(Check::ok("settings", changed));
    checks
}

/// The way to a service elsewhere, as far as it leads.
async fn elsewhere(url: &Url, context: &Context) -> Vec<Check> {
    let (token_check, token) = token(url, context);
    let mut checks = vec![token_check];
    let (way, passable) = network::checks(url, context).await;
    checks.extend(way);
    if passable {
        checks.extend(service::checks(url, token, context).await);
    }
    checks
}

fn token(url: &Url, context: &Context) -> (Check, Option<Token>) {
    match credentials::find(url, &context.settings, &context.environment) {
        Ok(Some(token)) => (Check::ok("token", format!("from {}", token.source)), Some(token)),
        Ok(None) => {
            let next_step = format!("tm-hooks login {url}, or set TM_HOOKS_TOKEN");
            (Check::failure("token", format!("none for {url}"), next_step), None)
        }
        Err(error) => (Check::failed("token", error), None),
    }
}
