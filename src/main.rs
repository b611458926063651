//! The binary `tm-hooks`.

use std::process::ExitCode;

use tm_hooks::{
    commands::{self, Process},
    core_files,
};

/// Much of what the service allocates is freed by another thread; this allocator does that at little cost.
#[cfg(feature = "service")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    core_files::forbid();
    commands::main_with(Process::real())
}
