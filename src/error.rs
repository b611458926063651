//! Errors for the person at the keyboard: their kinds, the exit code of each in one table, and the only printer of
//! errors.

mod from_api;
mod kind;

use std::{borrow::Cow, fmt, process::ExitCode};

pub use kind::{EXIT_CODES, Kind};
use serde_json::{Map, Value, json};

use crate::{
    config::ConfigError,
    credentials::CredentialError,
    domain::problem::FieldError,
    term::{OutputError, PromptError, Term},
};

/// A failure, described for the person who typed the command.
pub struct CliError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    message: String,
    hint: Option<String>,
    code: Option<Cow<'static, str>>,
    status: Option<u16>,
    request_id: Option<String>,
    fields: Vec<FieldError>,
    source: Option<anyhow::Error>,
    already_told: bool,
    beside: Option<CliError>,
}

impl CliError {
    /// Makes a failure of this kind. The message says what was attempted, and on what.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        CliError(Box::new(Inner {
            kind,
            message: message.into(),
            hint: None,
            code: None,
            status: None,
            request_id: None,
            fields: Vec::new(),
            source: None,
            already_told: false,
            beside: None,
        }))
    }

    /// Makes a failure for a wrong command line.
    pub fn usage(message: impl Into<String>) -> Self {
        CliError::new(Kind::Usage, message)
    }

    /// Makes a failure whose details were already shown as data: only the exit code remains.
    pub fn told(kind: Kind, message: impl Into<String>) -> Self {
        let mut error = CliError::new(kind, message);
        error.0.already_told = true;
        error
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds the service's own code.
    #[must_use]
    pub fn code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Adds the HTTP status and the id of the failed request.
    #[must_use]
    pub fn answer(mut self, status: Option<u16>, request_id: Option<String>) -> Self {
        self.0.status = status;
        self.0.request_id = request_id;
        self
    }

    /// Adds what is wrong, field by field.
    #[must_use]
    pub fn fields(mut self, fields: Vec<FieldError>) -> Self {
        self.0.fields = fields;
        self
    }

    /// Adds the error that caused this one.
    #[must_use]
    pub fn source(mut self, source: impl Into<anyhow::Error>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Prefixes the message with what was attempted.
    #[must_use]
    pub fn attempting(mut self, what: &str) -> Self {
        self.0.message = format!("{what}: {}", self.0.message);
        self
    }

    /// Adds another failure to report. The kind, and so the exit code, stays that of this one.
    #[must_use]
    pub fn beside(mut self, other: CliError) -> Self {
        self.0.beside = Some(other);
        self
    }

    /// Returns its kind.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Returns the message: what was attempted, and on what.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns what to do next, if known.
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// What is wrong, field by field.
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// Returns its code for programs: the service's own, or else its kind's.
    pub fn code_text(&self) -> &str {
        self.0.code.as_deref().unwrap_or(self.0.kind.code())
    }

    /// Returns one JSON object: `{"error": {…}}`.
    pub fn to_json(&self) -> Value {
        let Inner { kind, status, request_id, fields, .. } = &*self.0;
        let mut error = Map::new();
        error.insert("code".into(), self.code_text().into());
        error.insert("message".into(), self.with_beside(CliError::to_string, "; also: ").into());
        let hint = self.with_beside(|error| error.hint_text().unwrap_or_default().to_owned(), "\n");
        error.insert("hint".into(), Some(hint).filter(|hint| !hint.is_empty()).into());
        error.insert("status".into(), (*status).into());
        error.insert("requestId".into(), request_id.clone().into());
        error.insert("retryable".into(), kind.is_retryable().into());
        if !fields.is_empty() {
            let fields =
                fields.iter().map(|FieldError { field, message }| json!({ "field": field, "message": message }));
            error.insert("fields".into(), fields.collect());
        }
        json!({ "error": error })
    }

    /// Joins `text` of this failure and of the one beside it, unless it is empty.
    fn with_beside(&self, text: impl Fn(&CliError) -> String, between: &str) -> String {
        let both = std::iter::once(self).chain(&self.0.beside).map(text).filter(|text| !text.is_empty());
        both.collect::<Vec<_>>().join(between)
    }

    /// Returns the message and its causes after colons, each once.
    fn chain(&self, message: &str) -> String {
        let mut text = message.to_owned();
        for cause in self.0.source.iter().flat_map(|source| source.chain()) {
            let cause = cause.to_string();
            if !text.contains(&cause) {
                text.push_str(": ");
                text.push_str(&cause);
            }
        }
        text
    }

    /// Returns the lines after the first: fields, the request's id if the service itself failed, and the hint.
    fn further_lines(&self) -> String {
        let mut lines: Vec<String> = self.0.fields.iter().map(|f| format!("  {}: {}", f.field, f.message)).collect();
        if let (Some(500..), Some(id)) = (self.0.status, &self.0.request_id) {
            lines.push(format!("  request: {id}"));
        }
        if let Some(hint) = &self.0.hint {
            lines.push(format!("  hint: {}", hint.replace('\n', "\n        ")));
        }
        lines.join("\n")
    }
}

impl fmt::Debug for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain(&self.0.message))
    }
}

impl From<OutputError> for CliError {
    fn from(error: OutputError) -> Self {
        match error {
            closed @ OutputError::Closed => CliError::new(Kind::Unexpected, closed.to_string()),
            failed @ OutputError::Failed(_) => {
                CliError::new(Kind::Unexpected, failed.to_string()).code("output_lost").source(failed)
            }
        }
    }
}

impl From<PromptError> for CliError {
    fn from(error: PromptError) -> Self {
        let message = error.to_string();
        match error {
            PromptError::NobodyToAsk(flag) => {
                CliError::new(Kind::AnswerNeeded, message).hint(format!("answer with {flag}"))
            }
            PromptError::Interrupted => CliError::new(Kind::Interrupted, message),
            PromptError::Declined => CliError::new(Kind::Declined, "nothing was done"),
            PromptError::Failed(source) => CliError::new(Kind::Unexpected, message).source(source),
        }
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        let hint = error.hint();
        let failure = match &error {
            ConfigError::InUse(_) => CliError::new(Kind::Temporary, error.to_string()).code("file_in_use"),
            _ => CliError::usage(error.to_string()),
        };
        failure.hint(hint)
    }
}

impl From<CredentialError> for CliError {
    fn from(error: CredentialError) -> Self {
        let error = match error {
            CredentialError::Config(error) => return error.into(),
            error => error,
        };
        let hint = error.hint();
        let failure = match &error {
            CredentialError::Keyring(_) => {
                CliError::new(Kind::Unauthenticated, error.to_string()).code("keyring_unavailable")
            }
            _ => CliError::usage(error.to_string()),
        };
        failure.hint(hint)
    }
}

impl From<anyhow::Error> for CliError {
    fn from(error: anyhow::Error) -> Self {
        CliError::new(Kind::Unexpected, error.to_string()).source(error)
    }
}

/// Reports a failure and returns the exit code. It is the only printer of errors.
pub fn report(error: &CliError, term: &Term, as_json: bool) -> ExitCode {
    let kind = error.kind();
    match kind {
        _ if as_json => term.machine_error(&error.to_json().to_string()),
        // Whoever has interrupted it knows; how to go on is worth a word.
        Kind::Interrupted if error.hint_text().is_none() => {}
        // A declined question is not an error.
        Kind::Declined => term.note("Nothing was done."),
        _ if error.0.already_told => {}
        _ => term.error(&error.to_string(), &error.further_lines()),
    }
    if let (false, Some(beside)) = (as_json, &error.0.beside) {
        term.error(&beside.to_string(), &beside.further_lines());
    }
    ExitCode::from(kind.exit_code())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::Terminals;

    fn printed(error: &CliError, as_json: bool) -> String {
        let (term, captured) = Term::captured("", Terminals::default(), 80);
        let _ = report(error, &term, as_json);
        assert_eq!(captured.out(), "");
        captured.err()
    }

    fn refused() -> CliError {
        CliError::new(Kind::Refused, "could not add the webhook")
            .code("invalid_url")
            .answer(Some(422), Some("rq_1".to_owned()))
            .fields(vec![FieldError { field: "url".to_owned(), message: "must be HTTPS".to_owned() }])
            .hint("start the service with --allow-http\nor use https")
    }

    #[test]
    fn people_read_fields_and_a_hint() {
        let text = "error: could not add the webhook\n  url: must be HTTPS\n  hint: start the service with \
                    --allow-http\n        or use https\n";
        assert_eq!(printed(&refused(), false), text);
    }

    #[test]
    fn programs_read_one_object() {
        let text = printed(&refused(), true);
        assert_eq!(
            text,
            "{\"error\":{\"code\":\"invalid_url\",\"message\":\"could not add the webhook\",\"hint\":\"start the service \
             with --allow-http\\nor use https\",\"status\":422,\"requestId\":\"rq_1\",\"retryable\":false,\"fields\":\
             [{\"field\":\"url\",\"message\":\"must be HTTPS\"}]}}\n"
        );
        let plain = printed(&CliError::new(Kind::Temporary, "no answer"), true);
        assert!(plain.contains("\"hint\":null,\"status\":null,\"requestId\":null,\"retryable\":true}"), "{plain}");
    }

    #[test]
    fn causes_follow_and_are_said_once() {
        let io = std::io::Error::other("disk full");
        let error = CliError::new(Kind::Unexpected, "could not save").source(io);
        assert_eq!(printed(&error, false), "error: could not save: disk full\n");
        let twice = CliError::from(anyhow::anyhow!("boom"));
        assert_eq!(printed(&twice, false), "error: boom\n");
    }

    #[test]
    fn a_failure_beside_another_is_told_and_changes_no_exit_code() {
        let full = || CliError::from(OutputError::Failed(std::io::Error::other("disk full"))).hint("make room");
        let both = || CliError::new(Kind::NotFound, "no such webhook").hint("look").beside(full());
        assert_eq!(
            printed(&both(), false),
            "error: no such webhook\n  hint: look\nerror: could not write to standard output: disk full\n  hint: make room\n"
        );
        let json = both().to_json();
        assert_eq!(json["error"]["code"], "not_found");
        assert_eq!(json["error"]["message"], "no such webhook; also: could not write to standard output: disk full");
        assert_eq!(json["error"]["hint"], "look\nmake room");
        let (term, _) = Term::captured("", Terminals::default(), 80);
        assert_eq!(report(&both(), &term, false), ExitCode::from(3));
        let told = CliError::told(Kind::CheckFailed, "the test failed").beside(full());
        assert!(printed(&told, false).starts_with("error: could not write"));
    }

    #[test]
    fn a_no_is_no_error() {
        let no = CliError::from(PromptError::Declined);
        assert_eq!(printed(&no, false), "Nothing was done.\n");
        assert!(printed(&no, true).contains("\"code\":\"declined\",\"message\":\"nothing was done\""));
        assert_eq!(no.kind().exit_code(), 1);
    }

    #[test]
    fn what_was_told_is_silent() {
        assert_eq!(printed(&CliError::told(Kind::CheckFailed, "the test failed"), false), "");
        assert!(printed(&CliError::told(Kind::CheckFailed, "the test failed"), true).contains("check_failed"));
    }
}
