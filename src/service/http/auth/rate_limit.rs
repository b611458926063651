//! Limits the rate of requests for each token.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::domain::ids::TokenId;

/// How far a token may be ahead of its rate: bursts of up to one second's requests are allowed.
const BURST: Duration = Duration::from_secs(1);
/// Above this number of tokens the limit forgets those that are not ahead of their rate.
const MANY: usize = 1_000;

/// A separate rate limit for each token; the admin token is one of them.
pub(super) struct RateLimit {
    /// The time between two requests.
    between: Duration,
    /// The time at which each token is no longer ahead of its rate.
    even_at: Mutex<HashMap<Option<TokenId>, Instant>>,
}

impl RateLimit {
    /// Allows one request in `between` on average.
    pub fn new(between: Duration) -> Self {
        RateLimit { between, even_at: Mutex::default() }
    }

    /// Admits a request, or returns how long to wait.
    pub fn admit(&self, token: Option<TokenId>, now: Instant) -> Result<(), Duration> {
        let mut all = self.even_at.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > MANY {
            all.retain(|_, even_at| *even_at > now);
        }
        let even_at = all.entry(token).or_insert(now);
        let next = (*even_at).max(now) + self.between;
        let wait = next.duration_since(now).saturating_sub(BURST.max(self.between));
        if !wait.is_zero() {
            return Err(wait);
        }
        *even_at = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seconds_requests_may_come_at_once_and_then_at_the_pace() {
        let (limit, start) = (RateLimit::new(Duration::from_millis(250)), Instant::now());
        let admitted = |at: Duration| limit.admit(None, start + at);
        for _ in 0..4 {
            assert_eq!(admitted(Duration::ZERO), Ok(()));
        }
        assert_eq!(admitted(Duration::ZERO), Err(Duration::from_millis(250)));
        assert_eq!(admitted(Duration::from_millis(200)), Err(Duration::from_millis(50)));
        assert_eq!(admitted(Duration::from_millis(250)), Ok(()), "what was refused did not count");
        let other = Some(TokenId::from_bytes([7; 16]));
        assert_eq!(limit.admit(other, start + Duration::from_millis(250)), Ok(()), "each by itself");
        let slow = RateLimit::new(Duration::from_secs(10));
        assert_eq!(slow.admit(None, start), Ok(()));
        assert_eq!(slow.admit(None, start), Err(Duration::from_secs(10)));
    }
}
