//! Which requests are sent again, and after how long.

use std::time::Duration;

/// The first wait, doubled with every further try.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest wait before a try, whatever the service asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How often a request is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many tries may follow the first: 0 for none.
    pub retries: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy { retries: 3 }
    }
}

impl RetryPolicy {
    /// How long to wait before try number `number` (1 is the first repetition), if there is one: exponential with up
    /// to half as much again by `jitter` (0 to 1), and at least what the service asked for. A service that asks for
    /// more than 30 s is not waited for.
    pub fn wait(self, number: u32, retry_after: Option<Duration>, jitter: f64) -> Option<Duration> {
        if number > self.retries || retry_after.is_some_and(|asked| asked > LONGEST_WAIT) {
            return None;
        }
        let own = FIRST_WAIT.saturating_mul(1 << (number - 1).min(10)).mul_f64(1.0 + jitter.clamp(0.0, 1.0) / 2.0);
        Some(own.min(LONGEST_WAIT).max(retry_after.unwrap_or_default()))
    }
}

/// A request is about to be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryNotice {
    /// Why.
    pub reason: String,
    /// After how long.
    pub wait: Duration,
    /// Which repetition it is, from 1.
    pub number: u32,
    /// How many there are at most.
    pub of: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_heed_the_service() {
        let policy = RetryPolicy { retries: 3 };
        assert_eq!(policy.wait(1, None, 0.0), Some(Duration::from_millis(250)));
        assert_eq!(policy.wait(3, None, 1.0), Some(Duration::from_millis(1500)));
        assert_eq!(policy.wait(4, None, 0.0), None);
        assert_eq!(policy.wait(1, Some(Duration::from_secs(2)), 0.0), Some(Duration::from_secs(2)));
        assert_eq!(policy.wait(1, Some(Duration::from_secs(31)), 0.0), None);
        assert_eq!(RetryPolicy { retries: 0 }.wait(1, None, 0.0), None);
    }
}
