//! Handles Ctrl-C on systems without Unix signals.

/// The reason why the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Whether a question was open, and its line was ended.
    pub while_asking: bool,
}

impl Ending {
    /// Whether it is Ctrl-C.
    pub fn is_interrupt(self) -> bool {
        true
    }
}

/// Starts listening.
pub fn listen() {}

/// Waits for Ctrl-C.
pub async fn ending() -> Ending {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    Ending { while_asking: false }
}

/// Reports that the command has noticed the signal and cleans up.
pub fn noticed() {}

/// Does nothing: Ctrl-C has an exit code.
pub fn end_by_signal() {}

/// Does nothing: there are no other signals.
pub fn for_the_terminal() {}

/// Returns `false`: nothing is ignored.
pub fn ignores_hang_up() -> bool {
    false
}

/// Returns `false`: Windows ends the programs of a closed window.
pub fn terminal_is_gone() -> bool {
    false
}

/// Runs `read`, which waits for input.
pub fn while_reading<T>(read: impl FnOnce() -> T) -> T {
    read()
}
