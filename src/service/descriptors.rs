//! Divides the files and connections that this process may have open among the service's parts.

use std::io;

/// Descriptors kept for the database, its readers, the log, name look-ups and the standard streams, beyond those open
/// at the start.
const RESERVE: u64 = 32;
/// The highest number of callers, even if the system allows more, because each one costs memory.
const MOST_CONNECTIONS: u64 = 4096;
/// The highest number of requests in flight; half as many idle connections are kept.
const MOST_IN_FLIGHT: u64 = 512;

/// How many descriptors each part may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Connections of callers of this service.
    pub connections: usize,
    /// Requests to receivers.
    pub in_flight: usize,
}

impl Shares {
    /// The shares that this process may use now.
    pub fn now() -> Shares {
        Shares::of(limit(), open())
    }

    /// The shares of `limit` descriptors of which `open` are in use. Deliveries get three quarters; what they cannot
    /// use goes to callers.
    fn of(limit: u64, open: u64) -> Shares {
        let free = limit.saturating_sub(open).saturating_sub(RESERVE).max(8);
        let (quarter, deliveries) = (free / 4, MOST_IN_FLIGHT + MOST_IN_FLIGHT / 2);
        let connections = quarter.max(free.saturating_sub(deliveries)).min(MOST_CONNECTIONS);
        let in_flight = ((free - connections).min(deliveries) * 2 / 3).max(1);
        let share = |share: u64| usize::try_from(share).unwrap_or(usize::MAX);
        Shares { connections: share(connections), in_flight: share(in_flight) }
    }
}

/// Whether an error says that this process or the whole system has no descriptor left. Such an error is the service's
/// failure, not a receiver's.
pub fn are_lacking(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        error
            .raw_os_error()
            .is_some_and(|code| code == Errno::MFILE.raw_os_error() || code == Errno::NFILE.raw_os_error())
    }
    #[cfg(not(unix))]
    {
        // The number is WSAEMFILE.
        error.raw_os_error() == Some(10024)
    }
}

/// Whether there is no descriptor left now.
pub fn none_left() -> bool {
    std::fs::File::open("/dev/null").is_err_and(|error| are_lacking(&error))
}

/// Raises the limit of descriptors to the highest value that the system allows. The usual lower limit is meant for
/// programs that cannot use more than 1,024.
#[cfg(unix)]
pub fn take_all() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current: Some(_), maximum } = getrlimit(Resource::Nofile) else { return };
    // If the system has an undeclared bound of its own, the limit stays as it was.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// This system has no such limit to raise.
#[cfg(not(unix))]
pub fn take_all() {}

#[cfg(unix)]
fn limit() -> u64 {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[cfg(not(unix))]
fn limit() -> u64 {
    u64::MAX
}

/// The number of open descriptors; if the system does not tell, as many as a service has at its start.
fn open() -> u64 {
    std::fs::read_dir("/dev/fd").map_or(16, |entries| entries.count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_deliveries_and_the_database_share_what_there_is() {
        let of = |limit| {
            let Shares { connections, in_flight } = Shares::of(limit, 16);
            (connections, in_flight)
        };
        assert_eq!(of(64), (4, 8));
        assert_eq!(of(256), (52, 104));
        assert_eq!(of(1024), (244, 488));
        assert_eq!(of(4096), (3280, 512));
        assert_eq!(of(u64::MAX), (4096, 512));
        assert_eq!(of(0), (2, 4), "it is tried all the same");
    }

    #[test]
    fn all_together_stay_below_the_limit() {
        for limit in 64..5000 {
            let Shares { connections, in_flight } = Shares::of(limit, 16);
            let idle = in_flight / 2;
            assert!((connections + in_flight + idle) as u64 + 16 + RESERVE <= limit, "{limit}");
        }
    }

    #[test]
    fn only_a_lack_of_descriptors_is_one() {
        assert!(are_lacking(&io::Error::from_raw_os_error(24)));
        assert!(are_lacking(&io::Error::from_raw_os_error(23)));
        assert!(!are_lacking(&io::Error::from_raw_os_error(111)));
        assert!(!are_lacking(&io::Error::other("something")));
    }
}
