//! How a command waits for something that it has to ask for again and again.

use std::{future::Future, time::Duration};

/// The first pause between two looks; each next one doubles, up to the longest.
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);

/// The pauses between the looks.
pub(super) struct Pauses(Duration);

impl Pauses {
    /// Begins with the shortest pause.
    pub(super) fn new() -> Self {
        Pauses(FIRST)
    }

    /// Waits until the next look.
    pub(super) async fn pause(&mut self) {
        tokio::time::sleep(self.next()).await;
    }

    fn next(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (pause * 2).min(LONGEST);
        pause
    }
}

/// Returns the result of a future, or `None` if there is a timeout and it comes first.
///
/// # Errors
/// Fails if the future fails.
pub(super) async fn within<T, E>(
    timeout: Option<Duration>,
    future: impl Future<Output = Result<T, E>>,
) -> Result<Option<T>, E> {
    match timeout {
        None => future.await.map(Some),
        Some(timeout) => tokio::time::timeout(timeout, future).await.ok().transpose(),
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[test]
    fn pauses_double_up_to_a_second() {
        let mut pauses = Pauses::new();
        let milliseconds: Vec<_> = (0..7).map(|_| pauses.next().as_millis()).collect();
        assert_eq!(milliseconds, [50, 100, 200, 400, 800, 1_000, 1_000]);
    }

    #[tokio::test]
    async fn only_a_timeout_ends_a_wait() {
        let timeout = Some(Duration::from_millis(1));
        assert_eq!(within(timeout, pending::<Result<(), ()>>()).await, Ok(None));
        assert_eq!(within(None, ready(Ok::<_, ()>(7))).await, Ok(Some(7)));
        assert_eq!(within(timeout, ready(Err::<(), _>("no"))).await, Err("no"));
    }
}
