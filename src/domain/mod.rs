//! The ground floor: what the words mean. Pure values and rules, no I/O, with their tests beside them.

pub mod attempt;
pub mod audit;
pub mod delivery;
pub mod duration;
pub mod event;
pub mod health;
pub mod ids;
pub mod masked_url;
pub mod me;
pub mod name;
pub mod page;
pub mod patch;
pub mod payload;
pub mod problem;
pub mod query;
pub mod random;
pub mod record;
pub mod recovery;
pub mod secret;
pub mod settings;
pub mod stats;
pub mod text;
pub mod time;
pub mod token;
pub mod version;
pub mod webhook;
