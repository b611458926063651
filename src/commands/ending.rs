//! Ends a command: writes the rest, reports failures, and returns the exit code.

use std::process::ExitCode;

use super::outcome;
use crate::{
    error::{self, CliError, Kind},
    term::{OutputError, Term, signals},
};

/// Flushes the output and reports failures. The work decides the exit code; if it succeeded but output for an existing
/// reader was lost, that is the failure.
pub(super) fn conclude(worked: Result<(), CliError>, term: &Term, as_json: bool) -> ExitCode {
    let shown = term.loss().or_else(OutputError::unless_closed).map_err(|lost| {
        let error = CliError::from(lost);
        match term.unsaid() {
            Some(done) => error.hint(format!("it was done all the same: {done}")),
            None => error,
        }
    });
    match outcome::both(worked, shown) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = error::report(&error, term, as_json);
            if error.kind() == Kind::Interrupted {
                signals::end_by_signal();
            }
            code
        }
    }
}
