//! The result of a retry as an exit code.

use crate::{commands::outcome, error::CliError};

/// Returns success if no delivery has failed, also if there are none.
pub(super) fn verdict(succeeded: u64, failed: u64) -> Result<(), CliError> {
    outcome::verdict(succeeded, failed, "delivery_failed", format!("{failed} of {} failed", succeeded + failed))
}
