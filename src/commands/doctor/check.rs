//! The result of a check.

use serde::Serialize;

use crate::{
    error::CliError,
    render::{Cell, Column, Importance, Record},
    term::Tone,
};

/// The status of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::commands) enum CheckStatus {
    Ok,
    Warning,
    Failure,
}

/// One line of the report.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::commands) struct CheckResult {
    pub(super) check: &'static str,
    pub(super) status: CheckStatus,
    pub(super) message: String,
    pub(super) next_step: Option<String>,
}

impl CheckResult {
    pub(super) fn ok(check: &'static str, message: impl Into<String>) -> Self {
        CheckResult { check, status: CheckStatus::Ok, message: message.into(), next_step: None }
    }

    pub(super) fn warning(check: &'static str, message: impl Into<String>, next_step: impl Into<String>) -> Self {
        CheckResult { check, status: CheckStatus::Warning, message: message.into(), next_step: Some(next_step.into()) }
    }

    pub(super) fn failure(check: &'static str, message: impl Into<String>, next_step: impl Into<String>) -> Self {
        CheckResult { check, status: CheckStatus::Failure, message: message.into(), next_step: Some(next_step.into()) }
    }

    /// Makes a failure of an error.
    pub(super) fn failed(check: &'static str, error: impl Into<CliError>) -> Self {
        let error = error.into();
        let next_step = error.hint_text().map(|hint| hint.replace('\n', " "));
        CheckResult { check, status: CheckStatus::Failure, message: error.to_string(), next_step }
    }
}

impl Record for CheckResult {
    fn id(&self) -> String {
        self.check.to_owned()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::Key;
        vec![
            Column::new("check", "CHECK", Key, |check, _| Cell::plain(check.check)),
            Column::new("status", "STATUS", Key, |check, _| match check.status {
                CheckStatus::Ok => Cell::plain("ok"),
                CheckStatus::Warning => Cell::plain("warning"),
                CheckStatus::Failure => Cell::toned("failure", Tone::Trouble),
            }),
            Column::new("message", "WHAT", Key, |check, _| Cell::plain(&check.message)),
            Column::new("nextStep", "NEXT STEP", Key, |check, _| Cell::or_nothing(check.next_step.as_ref())),
        ]
    }
}
