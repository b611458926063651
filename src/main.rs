//! The binary `tm-hooks`.

use std::process::ExitCode;

use tm_hooks::commands::{self, Process};

fn main() -> ExitCode {
    commands::main_with(Process::real())
}
