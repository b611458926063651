//! No core files: tokens and secrets are in the memory of the client and of the service, and a crash must not leave
//! them on a disk.

/// Has the system keep nothing of this process's memory when it crashes, from now on; whoever starts it may have asked
/// for more. Two system calls, and no file is opened.
///
/// `PR_SET_DUMPABLE` would do it too, but would also hide from an owner's `strace` what their own program does.
#[cfg(unix)]
pub fn forbid() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = Some(lowered(getrlimit(Resource::Core).maximum));
    // Lowering one's own limit is always allowed; where a sandbox forbids it, the program is still of use.
    let _ = setrlimit(Resource::Core, Rlimit { current: limit, maximum: limit });
}

/// Here the system writes none.
#[cfg(not(unix))]
pub fn forbid() {}

/// The largest core file, in bytes, of a process that was allowed `maximum`; none is boundless. What was allowed may not
/// be exceeded.
///
/// Linux hands cores to a program when `core_pattern` begins with `|`, as most distributions have it, and heeds no limit
/// then, 0 included; but with a limit of 1 it does not (`fs/coredump.c`). No core fits in one byte, so none is written to
/// a file either.
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
