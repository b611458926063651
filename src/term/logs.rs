//! Logs of the service: structured, on standard error.

use std::{io, str::FromStr};

use tracing_subscriber::{EnvFilter, fmt::format::FmtSpan};

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

/// Begins to write logs: warnings and what an operator wants to know, with `verbose` more, or what `filter` (the
/// value of `RUST_LOG`) says. Once a process; later calls change nothing.
pub fn start(format: LogFormat, verbose: u8, filter: Option<&str>) {
    let level = match verbose {
        0 => "warn,tm_hooks=info",
        1 => "info,tm_hooks=debug",
        _ => "debug,tm_hooks=trace",
    };
    let filter = EnvFilter::builder().parse_lossy(filter.unwrap_or(level));
    let base =
        tracing_subscriber::fmt().with_env_filter(filter).with_span_events(FmtSpan::NONE).with_writer(io::stderr);
    let _ = match format {
        LogFormat::Text => base.with_target(false).try_init(),
        LogFormat::Json => base.json().flatten_event(true).try_init(),
    };
}
