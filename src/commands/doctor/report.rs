//! Reports all checks, for people, for programs and as an exit code.

use crate::{
    commands::Context,
    config::LOCAL,
    error::{CliError, Kind},
    render::{self, words},
    term::{Sign, Tone, hang},
};

use super::check::{CheckResult, CheckStatus};

/// Fails if any check failed.
pub(super) fn verdict(checks: &[CheckResult]) -> Result<(), CliError> {
    match checks.iter().filter(|check| check.status == CheckStatus::Failure).count() {
        0 => Ok(()),
        failed => Err(CliError::told(Kind::CheckFailed, format!("{} failed", words::count(failed, "check")))),
    }
}

/// Prints a line per check on a terminal, with the next step below it, and a table elsewhere.
pub(super) fn show(checks: &[CheckResult], context: &Context) -> Result<(), CliError> {
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
    for CheckResult { check, status, message, next_step } in checks {
        let sign = match status {
            CheckStatus::Ok => Sign::Done,
            CheckStatus::Warning => Sign::Look,
            CheckStatus::Failure => Sign::Failed,
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

/// Summarises the checks: `1 failed, 2 to look at, 5 in order.`
fn summary(checks: &[CheckResult]) -> String {
    let verdicts =
        [(CheckStatus::Failure, "failed"), (CheckStatus::Warning, "to look at"), (CheckStatus::Ok, "in order")];
    let counted =
        verdicts.map(|(verdict, words)| (checks.iter().filter(|check| check.status == verdict).count(), words));
    let parts: Vec<String> =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")).collect();
    format!("{}.", parts.join(", "))
}
