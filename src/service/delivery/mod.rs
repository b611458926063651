//! Delivering: claims what is due, sends it signed, records how it ended.
//!
//! [`Engine`] claims; `flight` says how much, and `pace` how much for one receiver; `attempt` makes an attempt:
//! `request` signs, `sender` and `connector` talk to receivers, `retry` decides what is next; `recorder` has it stored.

mod attempt;
mod connector;
mod engine;
mod flight;
mod pace;
mod recorder;
mod request;
mod retry;
mod sender;
mod stream;
#[cfg(test)]
mod tests;

pub use engine::Engine;
