//! The ground floor: what the words mean. Pure values and rules, no I/O, with their tests beside them.

pub mod event;
pub mod ids;
pub mod random;
pub mod text;
pub mod time;
pub mod version;
