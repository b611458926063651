//! An attempt's outcome as one number.

/// The outcome of an attempt: whether it failed, and the answer's status, if there was one. An attempt with a 2xx
/// failed if its body did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service::store) struct Outcome {
    pub failed: bool,
    pub http_status: Option<u16>,
}

/// The number added for a failure; more than any HTTP status.
const FAILED: i64 = 1000;

impl Outcome {
    /// The first number of failed attempts; all below did not fail.
    pub const FIRST_FAILED: i64 = FAILED;
    /// A number above all outcomes.
    pub const END: i64 = 2048;

    /// The outcome's number: the status or 0 without an answer, plus 1,000 for a failure.
    pub fn code(self) -> i64 {
        i64::from(self.failed) * FAILED + i64::from(self.http_status.unwrap_or(0))
    }

    /// The outcome with this number.
    pub fn from_code(code: i64) -> Self {
        let status = u16::try_from(code % FAILED).unwrap_or(0);
        Outcome { failed: code >= FAILED, http_status: (status > 0).then_some(status) }
    }
}
