//! Logs of the service: structured, on standard error.

use std::{fmt, io, str::FromStr, sync::Arc};

use tracing_subscriber::{
    Layer,
    filter::Targets,
    fmt::{format::Writer, time::FormatTime},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::domain::time::Clock;

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    /// Text for a person who watches, JSON for a program that collects.
    pub fn for_terminal(is_terminal: bool) -> Self {
        if is_terminal { LogFormat::Text } else { LogFormat::Json }
    }
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("it is text or json".to_owned()),
        }
    }
}

/// The time of a log line: that of the clock which the history is written by, in microseconds.
struct TimeOf(Arc<dyn Clock>);

impl FormatTime for TimeOf {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{:.6}", self.0.now().to_jiff())
    }
}

/// Begins to write logs: warnings and what an operator wants to know, with `verbose` more, or what `filter` (the
/// value of `RUST_LOG`) says: levels, and levels of targets (`warn,tm_hooks=debug`). Their times are read from `clock`.
/// Once a process; later calls change nothing.
pub fn start(format: LogFormat, verbose: u8, filter: Option<&str>, clock: Arc<dyn Clock>) {
    let level = match verbose {
        0 => "warn,tm_hooks=info",
        1 => "info,tm_hooks=debug",
        _ => "debug,tm_hooks=trace",
    };
    let asked = filter.map(str::parse::<Targets>);
    let targets = match &asked {
        Some(Ok(targets)) => targets.clone(),
        _ => level.parse().unwrap_or_default(),
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_timer(TimeOf(clock));
    let lines = match format {
        LogFormat::Text => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let _ = tracing_subscriber::registry().with(lines.with_filter(targets)).try_init();
    if let Some(Err(error)) = asked {
        tracing::warn!(%error, "RUST_LOG is not understood and not followed; write it as warn,tm_hooks=debug");
    }
}
