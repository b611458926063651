//! How long a caller may take for each step, and how much a head may be.

use std::time::Duration;

/// The largest head of a request, in bytes; what is read ahead of a body has no more room either.
pub const LARGEST_HEAD: usize = 64 * 1024;

/// How long a caller may take for each step.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The TLS handshake.
    pub handshake: Duration,
    /// A request's head, from its first byte or, of a new connection, from the beginning.
    pub head: Duration,
    /// A request's body, from the end of its head.
    pub body: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// Taking in any of the answer.
    pub answer: Duration,
    /// When the service stops: a body that is still on its way, or taking in any of the answer.
    pub leaving: Duration,
}

impl Default for Limits {
    /// What the documentation promises.
    fn default() -> Self {
        Limits {
            handshake: Duration::from_secs(5),
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            idle: Duration::from_secs(60),
            answer: Duration::from_secs(30),
            leaving: Duration::from_secs(2),
        }
    }
}
