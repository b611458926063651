//! The result of a retry as an exit code.

use crate::error::{CliError, Kind};

/// Returns success if none failed, also without any delivery.
pub(super) fn verdict(succeeded: u64, failed: u64) -> Result<(), CliError> {
    let message = format!("{failed} of {} failed", succeeded + failed);
    match (failed, succeeded) {
        (0, _) => Ok(()),
        (_, 0) => Err(CliError::told(Kind::CheckFailed, message).code("delivery_failed")),
        _ => Err(CliError::told(Kind::SomeFailed, message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_delivery_is_success_and_some_are_told_from_all() {
        let kind = |succeeded, failed| verdict(succeeded, failed).err().map(|error| error.kind());
        assert_eq!(kind(0, 0), None);
        assert_eq!(kind(3, 0), None);
        assert_eq!(kind(0, 2), Some(Kind::CheckFailed));
        assert_eq!(kind(1, 1), Some(Kind::SomeFailed));
    }
}
