//! Standard output as this process inherited it.
//!
//! Before `main` Rust's runtime opens `/dev/null` in place of a standard stream that is closed, and from then on nothing
//! tells `>&-` from `>/dev/null`: the one loses what was asked for, the other throws it away on purpose. So it is looked
//! at earlier, among the initialisers that the system's loader runs.

use std::sync::atomic::{AtomicBool, Ordering};

static STDOUT_WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether standard output was closed when this process began.
pub(super) fn stdout_was_closed() -> bool {
    STDOUT_WAS_CLOSED.load(Ordering::Relaxed)
}

/// The loader calls what stands in this section: on Linux and other systems with ELF, and on Apple's. Elsewhere a closed
/// stream is not told from `/dev/null`.
#[cfg(unix)]
#[expect(unsafe_code, reason = "a section is named; what stands in it must be a function of C, and is one")]
#[used]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
static LOOK: extern "C" fn() = look;

/// One system call and one store: nothing of the standard library, which has not begun yet.
#[cfg(unix)]
extern "C" fn look() {
    let closed = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err();
    STDOUT_WAS_CLOSED.store(closed, Ordering::Relaxed);
}
