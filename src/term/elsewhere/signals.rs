//! Ctrl-C, where there are no Unix signals.

/// What ends the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Whether somebody was being asked, and the line of the question was ended.
    pub while_asking: bool,
}

impl Ending {
    /// Whether it is Ctrl-C.
    pub fn is_interrupt(self) -> bool {
        true
    }
}

/// Begins to listen.
pub fn listen() {}

/// Waits for Ctrl-C.
pub async fn ending() -> Ending {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    Ending { while_asking: false }
}

/// Says that the command has ended and that its things are being put in order.
pub fn noticed() {}

/// Ctrl-C has an exit code.
pub fn end_by_signal() {}

/// There are no more.
pub fn for_the_terminal() {}

/// Nothing is to be ignored.
pub fn ignores_hang_up() -> bool {
    false
}

/// Windows ends what runs in a window that is closed.
pub fn terminal_is_gone() -> bool {
    false
}

/// Does this, which waits for input.
pub fn while_reading<T>(read: impl FnOnce() -> T) -> T {
    read()
}
