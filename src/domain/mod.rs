//! The vocabulary of the program: pure values and rules, with their tests beside them. Nothing here does I/O, reads a
//! clock or draws randomness; traits stand for both.

pub mod attempt;
pub mod audit;
pub mod calendar;
pub mod delivery;
pub mod distinct;
pub mod duration;
pub mod encoding;
pub mod event;
pub mod health;
pub mod ids;
pub mod json;
pub mod masked_url;
pub mod me;
pub mod name;
pub mod page;
pub mod patch;
pub mod payload;
pub mod problem;
pub mod query;
pub mod random;
pub mod receiver_url;
pub mod record;
pub mod recovery;
pub mod retry_after;
pub mod secret;
pub mod settings;
pub mod stats;
pub mod text;
pub mod time;
pub mod token;
pub mod trust;
pub mod varint;
pub mod version;
pub mod webhook;
pub mod window;
