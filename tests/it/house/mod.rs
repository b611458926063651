//! The house itself: which way imports point, what starting costs, what a crash leaves.

mod architecture;
#[cfg(all(feature = "service", target_os = "linux"))]
mod core_files;
mod event_types;
#[cfg(feature = "service")]
mod quiet_start;
