//! The face of every verb: what it says on a terminal of 100 columns and in a pipe, with its exit code.
//!
//! A file a verb. For each verb, and each sub-verb, it has three tests, which `tree.rs` looks for: `good` (what it is
//! for), `empty` (a home in which nothing was ever done) and `wrong` (a mistake that people make); of a sub-verb
//! `list_good` and so on. The clock stands still and the randomness is seeded, so that ids, times and durations are the
//! same in every run. `cargo insta test --review` shows what has changed.

mod add;
mod api;
mod attempts;
mod audit;
mod completions;
mod config;
mod delete;
mod demo;
mod disable;
mod doctor;
mod edit;
mod enable;
mod events;
mod gallery;
mod help;
mod help_texts;
mod list;
mod local;
mod login;
mod logout;
mod look;
mod man;
mod pin;
mod profile;
mod prose;
mod retry;
mod screens;
mod secret;
mod send;
mod serve;
mod show;
mod sign;
mod source;
mod stats;
mod test;
mod token;
mod tree;
mod types;
mod unpin;
mod verify;
mod versions;
mod whoami;
mod worlds;

use look::{Look, face};
use worlds::{SENDERS_SECRET, company, fourteen, id, lived_in, taking_in, untouched};
