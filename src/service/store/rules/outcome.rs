//! How an attempt ended, in one number.

/// How an attempt ended: whether it failed, and the status of the answer, if there was one. A 2xx may have failed,
/// when its body never came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service::store) struct Outcome {
    pub failed: bool,
    pub http_status: Option<u16>,
}

/// More than any HTTP status.
const FAILED: i64 = 1000;

impl Outcome {
    /// The first number of those that failed; all below did not.
    pub const FIRST_FAILED: i64 = FAILED;
    /// More than any number of an outcome.
    pub const END: i64 = 2048;

    /// Its number: the status, or 0 without an answer, and 1,000 more when it failed.
    pub fn code(self) -> i64 {
        i64::from(self.failed) * FAILED + i64::from(self.http_status.unwrap_or(0))
    }

    /// The outcome with this number.
    pub fn from_code(code: i64) -> Self {
        let status = u16::try_from(code % FAILED).unwrap_or(0);
        Outcome { failed: code >= FAILED, http_status: (status > 0).then_some(status) }
    }
}
