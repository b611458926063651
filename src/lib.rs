//! tm-hooks: administer, deliver, test and verify TimeMoto-style webhooks.

pub mod api;
pub mod commands;
pub mod config;
pub mod domain;
#[cfg(feature = "service")]
pub mod embedded;
pub mod error;
#[cfg(feature = "service")]
pub mod net_guard;
pub mod render;
#[cfg(feature = "service")]
pub mod service;
pub mod signing;
pub mod term;
