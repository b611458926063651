//! What is told of many events: which lines were refused and why, how far it came, and how to go on.

use std::path::{Path, PathBuf};

use crate::{
    commands::{Context, shell_word::quoted},
    domain::{problem::FieldError, record::AcceptedEvent},
    error::{CliError, Kind},
    render::words::count,
};

/// So many lines are told one by one.
const MOST_TOLD: u64 = 20;

/// Why nothing more is sent.
pub(super) struct Stop {
    pub(super) error: CliError,
    /// Whether the event of the last line may have been taken in all the same.
    pub(super) in_doubt: bool,
}

/// How far it is.
pub(super) struct Report {
    from: PathBuf,
    /// The line that was looked at last.
    pub(super) line: u64,
    sent: u64,
    deliveries: usize,
    refused: u64,
    /// The first of those that were refused, line by line.
    fields: Vec<FieldError>,
    /// The kind, the code and the hint of the refusals, where all are alike.
    alike: Option<(Kind, String, Option<String>)>,
    warned: u64,
}

impl Report {
    pub(super) fn of(from: &Path) -> Self {
        let from = from.to_owned();
        Report { from, line: 0, sent: 0, deliveries: 0, refused: 0, fields: Vec::new(), alike: None, warned: 0 }
    }

    /// Counts an event that was taken in, and tells what the service said of it.
    pub(super) fn accept(&mut self, accepted: &AcceptedEvent, context: &Context) {
        self.sent += 1;
        self.deliveries += accepted.deliveries.len();
        for warning in &accepted.warnings {
            self.warned += 1;
            if self.warned <= MOST_TOLD {
                context.term.warning(&format!("line {}: {warning}", self.line));
            }
        }
    }

    /// Counts an event that was refused, and tells why.
    pub(super) fn refuse(&mut self, error: CliError, context: &Context) {
        let this = (error.kind(), error.code_text().to_owned(), error.hint_text().map(str::to_owned));
        self.alike = if self.refused == 0 { Some(this) } else { self.alike.take().filter(|alike| *alike == this) };
        self.refused += 1;
        if self.refused > MOST_TOLD {
            return;
        }
        for (text, field) in refusals(self.line, &error) {
            context.term.failure(&text);
            self.fields.push(field);
        }
    }

    /// `1,204 sent, 2 refused, at line 1,206`
    pub(super) fn progress(&self) -> String {
        let refused = if self.refused > 0 { format!(", {} refused", self.refused) } else { String::new() };
        format!("{} sent{refused}, at line {}", self.sent, self.line)
    }

    /// Tells how it ended. Gives the verdict.
    pub(super) fn verdict(self, stopped: Option<Stop>, context: &Context) -> Result<(), CliError> {
        let sent = usize::try_from(self.sent).unwrap_or(usize::MAX);
        if let Some(stop) = stopped {
            return Err(self.stopped(stop));
        }
        if self.refused > MOST_TOLD {
            context.term.failure(&format!("and {} more", self.refused - MOST_TOLD));
        }
        if self.warned > MOST_TOLD {
            context.term.warning(&format!("and {} more warnings", self.warned - MOST_TOLD));
        }
        if sent > 0 {
            let to = match self.deliveries {
                0 => "; no enabled webhook wants them. See who wants what: tm-hooks list".to_owned(),
                1 => ", to be delivered once".to_owned(),
                several => format!(", to be delivered {several} times"),
            };
            context.term.success(&format!("Sent {}{to}", count(sent, "event")));
        }
        let Report { refused, alike, fields, .. } = self;
        if refused == 0 {
            if sent == 0 {
                context.term.note(&format!("there is no event in {}", self.from.display()));
            }
            return Ok(());
        }
        let message =
            format!("{refused} of {} could not be sent", count(sent.saturating_add(refused as usize), "event"));
        let error = match alike {
            Some((kind, code, hint)) if sent == 0 => {
                hint.into_iter().fold(CliError::new(kind, message).code(code), CliError::hint)
            }
            Some((_, _, hint)) => hint.into_iter().fold(CliError::new(Kind::SomeFailed, message), CliError::hint),
            None => CliError::new(Kind::SomeFailed, message),
        };
        // People have read them already.
        Err(if context.view.format.is_json() { error.fields(fields) } else { error })
    }

    /// Says where it stopped, and how to go on.
    fn stopped(&self, Stop { error, in_doubt }: Stop) -> CliError {
        let refused = if self.refused > 0 { format!(", {} refused", self.refused) } else { String::new() };
        let is_interrupted = error.kind() == Kind::Interrupted;
        // What failed was not taken in, and what was interrupted waited for the next line.
        let next = if is_interrupted && !in_doubt { self.line + 1 } else { self.line.max(1) };
        let doubt = match in_doubt {
            true => format!("; line {} may have been taken in", self.line),
            false => String::new(),
        };
        let rest = match self.from.to_str() {
            Some("-") => format!("… | tail -n +{next}"),
            _ => format!("tail -n +{next} {}", quoted(&self.from.to_string_lossy())),
        };
        let go_on = format!(
            "go on: {rest} | tm-hooks send --from -\nor run it again: an event with an id that is there already counts as sent"
        );
        let what = format!("stopped before line {next} ({} sent{refused}{doubt})", self.sent);
        let hint = match error.hint_text() {
            Some(hint) if !is_interrupted => format!("{hint}\n{go_on}"),
            _ => go_on,
        };
        error.attempting(&what).hint(hint)
    }
}

/// What is wrong with a line: for people, and as the field that it concerns.
fn refusals(line: u64, error: &CliError) -> Vec<(String, FieldError)> {
    if error.field_errors().is_empty() {
        return vec![(format!("line {line}: {error}"), FieldError::new(format!("line {line}"), error.to_string()))];
    }
    let refusal = |FieldError { field, message }: &FieldError| match field.as_str() {
        "" => (format!("line {line} {message}"), FieldError::new(format!("line {line}"), message.clone())),
        field => {
            let place = format!("line {line}, {field}");
            (format!("{place}: {message}"), FieldError::new(place, message.clone()))
        }
    };
    error.field_errors().iter().map(refusal).collect()
}
