//! The limits of an attempt: how long each step may take, and how much of an answer is read.

use std::time::Duration;

/// The most of an answer's body that is read, in bytes.
pub const MOST_READ: usize = 64 * 1024;
/// The most of an answer's body that is kept, in bytes; its headers may take as much again.
pub const MOST_KEPT: usize = 16 * 1024;
/// The largest head of an answer, in bytes.
pub const LARGEST_HEAD: usize = 64 * 1024;
/// The most that one exchange may receive, in bytes: enough for the largest head and body in the smallest chunks. It
/// stops data that is neither, such as endless interim answers.
pub const MOST_RECEIVED: usize = 1024 * 1024;

/// How long each step of an attempt may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The limit of a name look-up.
    pub dns: Duration,
    /// The limit of connecting, for all addresses of a name together.
    pub connect: Duration,
    /// The limit of the TLS handshake.
    pub tls: Duration,
    /// The limit of the whole attempt, including the answer's body.
    pub total: Duration,
    /// How long an idle connection is kept. Common servers close idle connections after 60 s or more.
    pub idle: Duration,
    /// How long a connection may be reused, so that a receiver whose name moves to another address is followed soon.
    pub life: Duration,
}

impl Default for Limits {
    /// The limits that the documentation promises.
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

/// A limit as errors show it: `20 s`.
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
