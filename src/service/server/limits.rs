//! The limits of a connection: how long a caller may take for each step, and how large a request's head may be.

use std::time::Duration;

/// The largest head of a request, in bytes; also the size of the buffer for what is read ahead of a body.
pub const LARGEST_HEAD: usize = 64 * 1024;

/// How long a caller may take for each step.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The limit of the TLS handshake.
    pub handshake: Duration,
    /// The limit of a request's head, from its first byte; on a new connection, from the start.
    pub head: Duration,
    /// The limit of a request's body, from the end of its head.
    pub body: Duration,
    /// The longest time between two requests.
    pub idle: Duration,
    /// The longest time in which the caller reads nothing of the answer.
    pub answer: Duration,
    /// The limit after the service was asked to stop, for the rest of a body or for reading some of the answer.
    pub leaving: Duration,
}

impl Default for Limits {
    /// The limits that the documentation promises.
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
