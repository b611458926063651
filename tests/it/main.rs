//! The end-to-end tests, in one program: the real binary, a real service, real receivers, real terminals.
//!
//! A module a topic; what they share is in `tests/common`. Rules are tested where they live, in `src/`: what is here
//! proves that the parts are wired together.

#![allow(clippy::unwrap_used)]

#[cfg(feature = "service")]
#[path = "../common/mod.rs"]
mod common;

#[cfg(feature = "service")]
mod access;
#[cfg(feature = "service")]
mod asking;
#[cfg(feature = "service")]
mod completion;
#[cfg(feature = "service")]
mod documents;
#[cfg(feature = "service")]
mod environment;
#[cfg(all(feature = "service", debug_assertions))]
mod faces;
#[cfg(all(feature = "service", target_os = "linux"))]
mod files;
mod house;
#[cfg(feature = "service")]
mod schemes;
#[cfg(feature = "service")]
mod scripts;
#[cfg(feature = "service")]
mod service;
#[cfg(feature = "service")]
mod whole;
