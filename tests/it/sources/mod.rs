//! Sources: events that come in from outside.

mod killed;
mod learning;
mod outside;
mod relayed;
