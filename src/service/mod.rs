//! The webhook service: stores webhooks, takes in events, delivers them signed, and keeps the history.

pub mod delivery;
pub mod http;
pub mod store;
