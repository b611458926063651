//! tm-hooks: administer, deliver, test and verify TimeMoto-style webhooks.

pub mod api;
pub mod domain;
#[cfg(feature = "service")]
pub mod net_guard;
#[cfg(feature = "service")]
pub mod service;
pub mod signing;
