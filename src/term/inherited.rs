//! The state of standard output when this process began.
//!
//! Before `main`, Rust's runtime opens `/dev/null` in place of a closed standard stream. After that, `>&-` and
//! `>/dev/null` look the same, but the first loses output and the second discards it on purpose. So an initialiser,
//! which the system's loader runs earlier, checks the stream.

use std::sync::atomic::{AtomicBool, Ordering};

static STDOUT_WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether standard output was closed when this process began.
pub(super) fn stdout_was_closed() -> bool {
    STDOUT_WAS_CLOSED.load(Ordering::Relaxed)
}

/// The loader calls the functions in this section: on systems with ELF such as Linux, and on Apple's. On other systems
/// a closed stream looks like `/dev/null`.
#[cfg(unix)]
#[expect(unsafe_code, reason = "a section is named; what stands in it must be a function of C, and is one")]
#[used]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
static LOOK: extern "C" fn() = look;

/// Makes one system call and one store. The standard library must not be used, as it is not initialised yet.
#[cfg(unix)]
extern "C" fn look() {
    let closed = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err();
    STDOUT_WAS_CLOSED.store(closed, Ordering::Relaxed);
}
