//! Reports the results of changes: a message for people, the id or the object for scripts.

use crate::{
    error::{CliError, Kind},
    render::{self, Format, Record, View},
    term::{OutputError, Term},
};

use super::Context;

impl Context {
    /// Gives scripts the changed object: its id in a pipe, or the object; a terminal has the message.
    ///
    /// # Errors
    /// Fails if `--jq` fails, or fields are named that do not exist.
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

    /// Like [`Context::give_one`], for a command that may change several objects: a list if several were named.
    ///
    /// # Errors
    /// Fails if `--jq` fails, or fields are named that do not exist.
    pub(super) fn give<T: Record>(&self, records: &[T], as_list: bool) -> Result<(), CliError> {
        match (records, self.view.format) {
            (_, Format::Table) => records.iter().try_for_each(|record| self.give_one(record)),
            ([one], _) if !as_list => self.give_one(one),
            _ => render::list(&self.term, &self.view, records),
        }
    }

    /// Checks that something that is shown only once can be shown, before it is created.
    ///
    /// # Errors
    /// Fails if standard output cannot be written to or has no reader; nothing has been done then.
    pub(super) fn expect_output(&self, what: &str) -> Result<(), CliError> {
        self.term.check_output().map_err(|error| never_shown(error, what))
    }

    /// Checks that `--jq` shows something that is shown only once, before it is created; `samples` differ only in it.
    ///
    /// # Errors
    /// Fails if it does not show it, or fails; nothing has been done then.
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

    /// Like [`Context::expect_output`] for what can be shown again: the reader may be gone.
    ///
    /// # Errors
    /// Fails if standard output cannot be written to; nothing has been done then.
    pub(super) fn expect_writable_output(&self, what: &str) -> Result<(), CliError> {
        self.term.check_output().or_else(OutputError::unless_closed).map_err(|error| never_shown(error, what))
    }

    /// Asks the person to confirm a change if the profile is protected; `--yes` confirms it.
    ///
    /// # Errors
    /// Fails if the person declines or nobody can be asked.
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

    /// Asks the person for a confirmation; `--yes` confirms.
    ///
    /// # Errors
    /// Fails if the person declines or nobody can be asked.
    pub(super) async fn agree(&self, question: &str) -> Result<(), CliError> {
        if self.yes { Ok(()) } else { Ok(self.term.confirm(question, "--yes").await?) }
    }
}

fn never_shown(error: OutputError, what: &str) -> CliError {
    CliError::from(error)
        .attempting(&format!("{what} would never be seen, and nothing was done"))
        .hint("send standard output to where it is read or kept")
}

/// Combines the results of the work and of showing it: the work decides, and a failure to show is reported too.
///
/// # Errors
/// Fails if one of them failed.
pub(super) fn both(work: Result<(), CliError>, shown: Result<(), CliError>) -> Result<(), CliError> {
    match (work, shown) {
        (Err(work), Err(shown)) => Err(work.beside(shown)),
        (work, shown) => work.and(shown),
    }
}

/// Returns success if none has failed, also if there are none. The error tells some from all; `code` is that of all.
///
/// # Errors
/// Fails if any has failed; each failure was printed already.
pub(super) fn verdict(succeeded: u64, failed: u64, code: &'static str, message: String) -> Result<(), CliError> {
    match (failed, succeeded) {
        (0, _) => Ok(()),
        (_, 0) => Err(CliError::told(Kind::CheckFailed, message).code(code)),
        _ => Err(CliError::told(Kind::SomeFailed, message)),
    }
}

/// The failures of an operation on several objects, by name.
#[derive(Debug, Default)]
pub(super) struct Failures(Vec<(String, CliError)>);

impl Failures {
    /// Records a failure for `name`.
    pub(super) fn add(&mut self, name: &str, error: CliError) {
        self.0.push((name.to_owned(), error));
    }

    /// Returns success, the only failure, or a summary of how many of `total` failed.
    ///
    /// # Errors
    /// Fails if there was any failure.
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
    fn some_that_failed_are_told_from_all() {
        let told = |succeeded, failed| {
            let error = verdict(succeeded, failed, "test_failed", "no".to_owned()).err();
            error.map(|error| (error.kind(), error.code_text().to_owned()))
        };
        assert_eq!((told(0, 0), told(3, 0)), (None, None));
        assert_eq!(told(0, 2), Some((Kind::CheckFailed, "test_failed".to_owned())));
        assert_eq!(told(1, 1).unwrap().0, Kind::SomeFailed);
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
