//! Decides which requests are repeated, and after which wait.

use std::time::Duration;

/// The first wait; each further attempt doubles it.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest wait before an attempt, whatever the service asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The number of repetitions of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many attempts may follow the first one; 0 for none.
    pub retries: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy { retries: 3 }
    }
}

impl RetryPolicy {
    /// Returns the wait before repetition `number` (from 1), or `None` for no repetition. It is exponential, plus up to
    /// half of itself by `jitter` (0 to 1), and at least what the service asked for; more than 30 s is not waited for.
    pub fn wait(self, number: u32, retry_after: Option<Duration>, jitter: f64) -> Option<Duration> {
        if number > self.retries || retry_after.is_some_and(|asked| asked > LONGEST_WAIT) {
            return None;
        }
        let own = FIRST_WAIT.saturating_mul(1 << (number - 1).min(10)).mul_f64(1.0 + jitter.clamp(0.0, 1.0) / 2.0);
        Some(own.min(LONGEST_WAIT).max(retry_after.unwrap_or_default()))
    }
}

/// A notice that a request will be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryNotice {
    /// The reason.
    pub reason: String,
    /// The wait before it.
    pub wait: Duration,
    /// The number of the repetition, from 1.
    pub number: u32,
    /// The largest number of repetitions.
    pub of: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_follow_the_service() {
        let policy = RetryPolicy { retries: 3 };
        assert_eq!(policy.wait(1, None, 0.0), Some(Duration::from_millis(250)));
        assert_eq!(policy.wait(3, None, 1.0), Some(Duration::from_millis(1500)));
        assert_eq!(policy.wait(4, None, 0.0), None);
        assert_eq!(policy.wait(1, Some(Duration::from_secs(2)), 0.0), Some(Duration::from_secs(2)));
        assert_eq!(policy.wait(1, Some(Duration::from_secs(31)), 0.0), None);
        assert_eq!(RetryPolicy { retries: 0 }.wait(1, None, 0.0), None);
    }
}
