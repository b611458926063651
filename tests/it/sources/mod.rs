//! Sources: events that come in from outside.

mod cli;
mod killed;
mod learning;
mod outside;
mod relayed;
