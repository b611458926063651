//! What a change says when it is done: a message for people, the id or the object for scripts.

use crate::{
    error::{CliError, Kind},
    render::{self, Format, Record, View},
    term::{OutputError, Term},
};

use super::Context;

impl Context {
    /// Hands scripts what was changed: ids in a pipe, the object elsewhere; a terminal has read the message.
    ///
    /// # Errors
    /// When `--jq` fails, or fields were named that it does not have.
    pub(super) fn give_one<T: Record>(&self, record: &T) -> Result<(), CliError> {
        match self.view.format {
            Format::Table if self.view.terminal => Ok(()),
            Format::Table => {
                self.term.line(&record.id());
                Ok(())
            }
            _ => render::one(&self.term, &self.view, record),
        }
    }

    /// As [`Context::give_one`], for a command that may change several: a list as soon as several were named.
    ///
    /// # Errors
    /// When `--jq` fails, or fields were named that it does not have.
    pub(super) fn give<T: Record>(&self, records: &[T], as_list: bool) -> Result<(), CliError> {
        match (records, self.view.format) {
            (_, Format::Table) => records.iter().try_for_each(|record| self.give_one(record)),
            ([one], _) if !as_list => self.give_one(one),
            _ => render::list(&self.term, &self.view, records),
        }
    }

    /// Makes sure that what is shown once will be shown: asked before it is made.
    ///
    /// # Errors
    /// When standard output cannot be written to, or nobody reads it. Then nothing has been done yet.
    pub(super) fn expect_output(&self, what: &str) -> Result<(), CliError> {
        self.term.check_output().map_err(|error| never_shown(error, what))
    }

    /// Makes sure that `--jq` shows what is shown once: asked before it is made, with `samples` that differ in it alone.
    ///
    /// # Errors
    /// When it does not, or fails. Then nothing has been done yet.
    pub(super) fn expect_filter_to_show<T>(
        &self,
        what: &str,
        samples: &[T],
        show: impl Fn(&Term, &View, &T) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        if self.view.jq.is_none() || render::tells_apart(samples, &self.view, show)? {
            return Ok(());
        }
        Err(CliError::usage(format!("with this --jq {what} would be made and never shown"))
            .hint("let the filter give it whole, or leave out --jq; nothing was done"))
    }

    /// As [`Context::expect_output`], but a reader may be gone: for what can be shown again.
    ///
    /// # Errors
    /// When standard output cannot be written to. Then nothing has been done yet.
    pub(super) fn expect_writable_output(&self, what: &str) -> Result<(), CliError> {
        self.term.check_output().or_else(OutputError::unless_closed).map_err(|error| never_shown(error, what))
    }

    /// Whether the person agrees to a change, where the profile is protected; `--yes` does.
    ///
    /// # Errors
    /// When the person does not, or nobody is there.
    pub(super) async fn agree_to_change(&self) -> Result<(), CliError> {
        let Some(service) = self.settings.service().filter(|_| self.settings.protected.value) else { return Ok(()) };
        let profile = self.settings.profile.value.as_deref().unwrap_or("this service");
        self.agree(&format!("{profile} is protected: {service}\nMake this change there?")).await.map_err(|error| {
            match error.kind() {
                Kind::AnswerNeeded => error.attempting(&format!("profile {profile} ({service}) is protected")),
                _ => error,
            }
        })
    }

    /// Whether the person agrees; `--yes` does.
    ///
    /// # Errors
    /// When the person does not, or nobody is there.
    pub(super) async fn agree(&self, question: &str) -> Result<(), CliError> {
        if self.yes { Ok(()) } else { Ok(self.term.confirm(question, "--yes").await?) }
    }
}

fn never_shown(error: OutputError, what: &str) -> CliError {
    CliError::from(error)
        .attempting(&format!("{what} would never be seen, and nothing was done"))
        .hint("send standard output to where it is read or kept")
}

/// What became of the work, and of showing it: the work decides, and a failure to show it is told beside.
///
/// # Errors
/// When one of them failed.
pub(super) fn both(work: Result<(), CliError>, shown: Result<(), CliError>) -> Result<(), CliError> {
    match (work, shown) {
        (Err(work), Err(shown)) => Err(work.beside(shown)),
        (work, shown) => work.and(shown),
    }
}

/// The result of doing something to several things: the failure of each that failed, by name.
#[derive(Debug, Default)]
pub(super) struct Failures(Vec<(String, CliError)>);

impl Failures {
    /// Notes that it failed for `name`.
    pub(super) fn add(&mut self, name: &str, error: CliError) {
        self.0.push((name.to_owned(), error));
    }

    /// Nothing, the only failure, or a summary: of `total`, some failed.
    ///
    /// # Errors
    /// When there was any failure.
    pub(super) fn summary(mut self, total: usize, what: &str) -> Result<(), CliError> {
        let failed = self.0.len();
        match (failed, total) {
            (0, _) => return Ok(()),
            (1, 1) => return Err(self.0.remove(0).1),
            _ => {}
        }
        let first = self.0[0].1.kind();
        let same = self.0.iter().all(|(_, error)| error.kind() == first);
        let (first_code, first_hint) = (self.0[0].1.code_text().to_owned(), self.0[0].1.hint_text().map(str::to_owned));
        let alike = self.0.iter().all(|(_, error)| error.code_text() == first_code);
        let hint = first_hint.filter(|hint| self.0.iter().all(|(_, error)| error.hint_text() == Some(hint)));
        let kind = if failed == total && same { first } else { Kind::SomeFailed };
        let fields = self
            .0
            .into_iter()
            .map(|(name, error)| crate::domain::problem::FieldError::new(name, error.to_string()))
            .collect();
        let failure = CliError::new(kind, format!("{failed} of {total} could not be {what}")).fields(fields);
        let failure = if kind == first && alike { failure.code(first_code) } else { failure };
        Err(hint.into_iter().fold(failure, CliError::hint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(kinds: &[Kind], total: usize) -> Kind {
        let mut failures = Failures::default();
        for (number, kind) in kinds.iter().enumerate() {
            failures.add(&format!("wh_{number}"), CliError::new(*kind, "no"));
        }
        failures.summary(total, "enabled").unwrap_err().kind()
    }

    #[test]
    fn the_work_decides_and_what_could_not_be_shown_is_told_beside() {
        let failed = |kind| Err(CliError::new(kind, "no"));
        let kind = |work, shown| both(work, shown).err().map(|error| error.kind());
        assert_eq!(kind(Ok(()), Ok(())), None);
        assert_eq!(kind(Ok(()), failed(Kind::Unexpected)), Some(Kind::Unexpected));
        assert_eq!(kind(failed(Kind::CheckFailed), Ok(())), Some(Kind::CheckFailed));
        assert_eq!(kind(failed(Kind::CheckFailed), failed(Kind::Unexpected)), Some(Kind::CheckFailed));
    }

    #[test]
    fn some_failures_are_told_from_all() {
        assert!(Failures::default().summary(3, "enabled").is_ok());
        assert_eq!(failed(&[Kind::Conflict], 1), Kind::Conflict);
        assert_eq!(failed(&[Kind::Conflict], 2), Kind::SomeFailed);
        assert_eq!(failed(&[Kind::Conflict, Kind::Conflict], 2), Kind::Conflict);
        assert_eq!(failed(&[Kind::Conflict, Kind::Temporary], 2), Kind::SomeFailed);
    }
}
