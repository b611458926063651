//! The logs of the service: structured, on standard error.

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
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    /// Returns text for a person who watches, and JSON for a program that collects.
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

/// The time of a log line in microseconds, from the same clock as the history.
struct TimeOf(Arc<dyn Clock>);

impl FormatTime for TimeOf {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{:.6}", self.0.now().to_jiff())
    }
}

/// Starts the logs: warnings and information for operators, more with `verbose`, or what `filter` (the value of
/// `RUST_LOG`) selects: levels, and levels of targets (`warn,tm_hooks=debug`). Only the first call in a process has an
/// effect.
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
