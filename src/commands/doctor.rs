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
    term::{Sign, Tone, hang},
};

use super::{Context, globals::format_problem, outcome};

/// Check the profile, the way to its service, and the token
///
/// The clock is looked at, too. Each line is ok, a warning, or a failure with the next step. The exit code is 10 when
/// anything failed. It works when the configuration file is broken, and says where. Files with keys and tokens are
/// warned of when others may read them. For the profile `local` it tries what `send` needs of the data folder and the
/// database, and leaves nothing behind.
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
                Verdict::Ok => Cell::plain("ok"),
                Verdict::Warning => Cell::plain("warning"),
                Verdict::Failure => Cell::toned("failure", Tone::Trouble),
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
    let settings = &context.settings;
    let service = settings.service().map_or_else(|| LOCAL.to_owned(), ToString::to_string);
    let profile = settings.profile.value.as_ref().filter(|profile| **profile != service);
    let name = term.paint(Tone::Subject, profile.unwrap_or(&service));
    term.line(&profile.map_or_else(|| name.clone(), |_| format!("{name}   {service}")));
    term.line("");
    let widest = checks.iter().map(|check| check.check.len()).max().unwrap_or_default();
    let below = "  ✗ ".chars().count() + widest + 3;
    let prose = |text: &str| hang(&term.shown(&context.environment.shortened(text)), term.width(), below);
    for Check { check, status, message, next_step } in checks {
        let sign = match status {
            Verdict::Ok => Sign::Done,
            Verdict::Warning => Sign::Look,
            Verdict::Failure => Sign::Failed,
        };
        let letter = sign.tone().paint_sign(term.signs().of_sign(sign), term.has_color());
        term.line(&format!("  {letter} {check:<widest$}   {}", prose(message)));
        if let Some(next_step) = next_step {
            term.line(&format!("{:below$}{}", "", prose(next_step)));
        }
    }
    term.line(&format!("\n{}", summary(checks)));
    term.flush();
    Ok(())
}

/// `1 failed, 2 to look at, 5 in order.`
fn summary(checks: &[Check]) -> String {
    let verdicts = [(Verdict::Failure, "failed"), (Verdict::Warning, "to look at"), (Verdict::Ok, "in order")];
    let counted =
        verdicts.map(|(verdict, words)| (checks.iter().filter(|check| check.status == verdict).count(), words));
    let parts: Vec<String> =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")).collect();
    format!("{}.", parts.join(", "))
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
