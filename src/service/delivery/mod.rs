//! Delivering: claims what is due, sends it signed, records how it ended.
//!
//! [`Engine`] claims and schedules; `request` signs; `sender` and `connector` talk to receivers; `retry` decides what
//! is next; `flight` counts what is under way.

mod connector;
mod engine;
mod flight;
mod request;
mod retry;
mod sender;
mod stream;
#[cfg(test)]
mod tests;

pub use engine::Engine;
