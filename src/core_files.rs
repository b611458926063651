//! Forbids core files: the memory of client and service holds tokens and secrets, and a crash must not write them to a
//! disk.

/// Forbids core files of this process from now on, even if its parent allowed them. Makes two system calls and opens no
/// file.
///
/// `PR_SET_DUMPABLE` would also work, but it would hide the program from its owner's `strace`.
#[cfg(unix)]
pub fn forbid() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = Some(lowered(getrlimit(Resource::Core).maximum));
    // A process may always lower its own limit. If a sandbox forbids it, the program still runs.
    let _ = setrlimit(Resource::Core, Rlimit { current: limit, maximum: limit });
}

/// This system writes no core files.
#[cfg(not(unix))]
pub fn forbid() {}

/// Returns the core limit in bytes for a process that was allowed `maximum` (`None` has no bound). A process may not
/// raise its limit.
///
/// If `core_pattern` begins with `|`, as in most distributions, Linux pipes cores to a program and ignores every limit
/// except 1 (`fs/coredump.c`). No core fits into one byte, so none is written to a file either.
#[cfg(unix)]
fn lowered(maximum: Option<u64>) -> u64 {
    let enough = if cfg!(target_os = "linux") { 1 } else { 0 };
    maximum.map_or(enough, |maximum| maximum.min(enough))
}

#[cfg(all(test, unix))]
mod tests {
    use super::lowered;

    #[test]
    fn a_limit_is_lowered_and_never_raised() {
        assert!(lowered(None) <= 1);
        assert!(lowered(Some(4096)) <= 1);
        assert_eq!(lowered(Some(0)), 0, "a hard limit cannot be raised, and the whole call would fail");
    }
}
