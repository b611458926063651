//! The binary `tm-hooks`.

use std::process::ExitCode;

use tm_hooks::commands::{self, Process};

/// Much of what the service allocates is freed by another thread; this allocator does that at little cost.
#[cfg(feature = "service")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    commands::main_with(Process::real())
}
