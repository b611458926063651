//! tm-hooks: administer, deliver, test and verify TimeMoto-style webhooks.

pub mod domain;
