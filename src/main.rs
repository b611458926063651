//! The binary `tm-hooks`.

use std::process::ExitCode;

use tm_hooks::commands::{self, Process};

/// Much of what the service allocates is freed by another thread; this allocator does that at little cost.
#[cfg(feature = "service")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    commands::main_with(Process::real())
}
