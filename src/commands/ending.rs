//! How a command ends, for whoever has called it.

use std::process::ExitCode;

use super::outcome;
use crate::{
    error::{self, CliError, Kind},
    term::{OutputError, Term, signals},
};

/// Hands out what was written, and tells of failures. The work decides on the exit code; where it succeeded, and what was
/// written for somebody who still reads is lost, that is the failure.
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
