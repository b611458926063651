//! tm-hooks administers webhooks from a terminal, delivers them, and helps those who receive them.
//!
//! One binary holds an admin CLI, the webhook service it talks to, and the wire format between them. `README.md` is
//! the door for users and `docs/` their manual; this page is the map of the house for those who change it. For them
//! `docs/CONTRIBUTING.md` says where a change goes, `docs/architecture.md` how the parts work together, and
//! `docs/store.md` what the database holds.
//!
//! # What lies where
//!
//! | room | what it does |
//! | --- | --- |
//! | [`domain`] | the ground floor: what the words mean, as pure values and rules, and the wire types both sides share |
//! | [`signing`] | schemes as text; signs by them, verifies, and says why a request is not genuine |
//! | `net_guard` | which addresses may be dialled |
//! | `service` | the webhook service: `http` answers, `delivery` sends, `store` remembers; `upkeep` lets what is old go, `metrics` counts |
//! | [`api`] | the typed client of the service's API, over a transport; it knows no service |
//! | [`config`] | the settings in force, and where each came from; profiles, the configuration file, paths |
//! | [`credentials`] | tokens: environment, keyring, a file that only its owner may read |
//! | [`term`] | the only place that writes: width, colour, progress, prompts, sanitising; it hears signals and puts the terminal back |
//! | [`render`] | table, JSON, NDJSON, CSV, TSV, ids: one trait, the columns of a type written once |
//! | [`error`] | kinds of failure, the exit code of each in one table, the only printer of errors |
//! | `embedded` | the one room where client and service meet: the service inside this process, as a transport |
//! | [`commands`] | one file a verb: its arguments, its help and its code |
//! | [`certificates`] | reads, judges and explains certificates, for client and service |
//! | [`files`] | files: those that people name, read within bounds; those for one person alone, with links, locks and owners |
//! | [`core_files`] | forbids core files, before anything else is done |
//!
//! # Which way imports point
//!
//! From a room to those on its right, never back and never in a circle; `tests/it/house/architecture.rs` holds it:
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
