//! Tests properties of the program as a whole: the direction of imports, the cost of a start, the traces of a crash.

mod architecture;
#[cfg(all(feature = "service", target_os = "linux"))]
mod core_files;
mod event_types;
#[cfg(feature = "service")]
mod quiet_start;
