//! How long each step of an attempt may take, and how much of an answer is taken in.

use std::time::Duration;

/// How much of an answer's body is read, in bytes.
pub const MOST_READ: usize = 64 * 1024;
/// How much of an answer's body is kept, in bytes; of the values of its headers as much again.
pub const MOST_KEPT: usize = 16 * 1024;
/// How large an answer's head may be, in bytes.
pub const LARGEST_HEAD: usize = 64 * 1024;
/// How much is received in one exchange before it is broken off, in bytes: room for the largest head and body in the
/// smallest chunks. It stops what counts as neither, such as interim answers without end.
pub const MOST_RECEIVED: usize = 1024 * 1024;

/// How long each step of an attempt may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Looking up a name.
    pub dns: Duration,
    /// Connecting, all addresses of a name together.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// The attempt in all, the answer's body included.
    pub total: Duration,
    /// How long an idle connection is kept. Common servers close theirs after 60 s or more.
    pub idle: Duration,
    /// For how long a connection is kept again after an answer: a receiver whose name moves to another address is
    /// followed soon, however much is sent to it.
    pub life: Duration,
}

impl Default for Limits {
    /// What the documentation promises.
    fn default() -> Self {
        Limits {
            dns: Duration::from_secs(3),
            connect: Duration::from_secs(5),
            tls: Duration::from_secs(5),
            total: Duration::from_secs(20),
            idle: Duration::from_secs(30),
            life: Duration::from_secs(60),
        }
    }
}

/// A limit as errors name it: `20 s`.
pub fn in_words(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_the_documented_ones() {
        let Limits { dns, connect, tls, total, idle, life } = Limits::default();
        let steps = [dns, connect, tls, total, idle, life].map(in_words);
        assert_eq!(steps, ["3 s", "5 s", "5 s", "20 s", "30 s", "60 s"]);
        assert_eq!((MOST_READ, MOST_KEPT), (65_536, 16_384));
    }
}
