//! Sources: events that come in from outside.

mod cli;
#[cfg(target_os = "linux")]
mod hostile;
mod killed;
mod learning;
mod outside;
#[cfg(target_os = "linux")]
mod proxies;
mod relayed;
mod reported;
mod three;
