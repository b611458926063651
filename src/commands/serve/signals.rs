//! Handles the signals of a running service.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{error::Kind, term::signals};

/// Completes at the first SIGINT or SIGTERM, or when the service's terminal is gone. A second signal ends the process
/// at once.
///
/// A SIGHUP alone, which reloads the certificate, ends nothing.
pub fn stopped() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut stops = Stops { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? };
    let hang_up_counts = !signals::ignores_hang_up();
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            () = stops.next() => {}
            () = terminal_gone(&mut hang_up), if hang_up_counts => {}
        }
        tracing::info!("stopping: finishing what is under way; a second signal ends it at once");
        tokio::spawn(async move {
            stops.next().await;
            #[expect(clippy::exit, reason = "the person asked twice; what was accepted is durable")]
            std::process::exit(i32::from(Kind::Interrupted.exit_code()));
        });
    })
}

struct Stops {
    interrupt: Signal,
    terminate: Signal,
}

impl Stops {
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Waits until the terminal is gone: a closed window must not leave an invisible service that holds the port and the
/// database.
async fn terminal_gone(hang_up: &mut Signal) {
    while hang_up.recv().await.is_some() {
        if signals::terminal_is_gone() {
            return;
        }
    }
    std::future::pending().await
}
