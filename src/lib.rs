//! tm-hooks administers webhooks from a terminal, delivers them, and helps those who receive them.
//!
//! One binary holds an admin CLI, the webhook service it talks to, and the wire format between them. Users
//! start with `README.md`, and `docs/` is their manual. This page is the map of the code for those who change it:
//! `docs/CONTRIBUTING.md` says where a change goes, `docs/architecture.md` how the parts work together, and
//! `docs/store.md` what the database holds.
//!
//! # Modules
//!
//! | module | what it does |
//! | --- | --- |
//! | [`domain`] | pure values and rules, and the types that client and service exchange |
//! | [`signing`] | signs and verifies by schemes, which are short texts, and explains why a request is not genuine |
//! | `net_guard` | decides to which addresses the service may connect |
//! | `service` | the webhook service: `http` answers and takes in what senders outside deliver, `delivery` sends, `store` keeps the database, `upkeep` deletes expired data, `metrics` counts |
//! | [`api`] | the typed client of the service's API, over a transport; it does not depend on the service |
//! | [`config`] | the settings in force and the source of each; profiles, the configuration file, paths |
//! | [`credentials`] | tokens: environment, keyring, a file that only its owner may read |
//! | [`term`] | the only place that writes: width, colour, progress, prompts, sanitising; it handles signals and restores the terminal |
//! | [`render`] | table, JSON, NDJSON, CSV, TSV, ids: one trait for all formats; the columns of a type are defined once |
//! | [`error`] | kinds of failure with the exit code of each in one table, and the only printer of errors |
//! | `embedded` | the service inside this process, as a transport; only this module joins client and service |
//! | [`commands`] | one file per verb, with its arguments, its help and its code |
//! | [`certificates`] | reads, judges and explains certificates, for client and service |
//! | [`files`] | reads the files that people name, within bounds; writes private files, with links, locks and owners |
//! | [`core_files`] | forbids core files before the program does anything else |
//!
//! # Which way imports point
//!
//! A module imports those to its right, never the reverse and never in a circle; `tests/it/house/architecture.rs` checks
//! that:
//!
//! ```text
//! main → {commands, core_files}
//! commands → {embedded, render, error} → {api, credentials, config, term, service} → {signing, net_guard, certificates} → files → domain
//! service: http → {delivery, store}, delivery → store
//! ```
//!
//! Only `commands/serve.rs`, `commands/demo.rs` and `embedded` know the service, which is a cargo feature (`service`,
//! on by default): without it this crate is a small client.
//!
//! # Where to begin
//!
//! - A new verb: a file in `src/commands/`, its lines in `mod.rs` and `cli.rs` there, its faces in `tests/it/faces/`; then
//!   `cargo test` says which generated files to renew.
//! - A new endpoint: a file in `src/service/http/`, a line in its `mod.rs`, a method in `src/api/client.rs`.
//! - A new column: `src/render/columns/`.
//! - A new kind of failure: one row of the table in `src/error/kind.rs`.
//! - A rule that can be a function of values: `src/domain/`, with its tests beside it.
//! - A screen that is in `README.md` or `docs/`: `RENEW_DOCUMENTS=1 cargo test --locked --test it documents` renews examples
//!   and pictures; look at what has changed.
//! - What a delivery does on the wire: `src/service/delivery/`; what it leaves behind: `src/service/store/`.

pub mod api;
pub mod certificates;
pub mod commands;
pub mod config;
pub mod core_files;
pub mod credentials;
pub mod domain;
#[cfg(feature = "service")]
pub mod embedded;
pub mod error;
pub mod files;
#[cfg(feature = "service")]
pub mod net_guard;
pub mod render;
#[cfg(feature = "service")]
pub mod service;
pub mod signing;
pub mod term;
