//! The end-to-end tests, in one program: the real binary, a real service, real receivers, real terminals.
//!
//! Each topic has a module; what they share is in `tests/common`. Rules are tested beside their code in `src/`; these
//! tests prove that the parts work together.

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
mod sources;
#[cfg(feature = "service")]
mod whole;
