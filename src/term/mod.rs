//! All output of the program: data to stdout, everything else to stderr. This module knows the width, the colour and
//! whether a person can be asked, sanitises text for terminals, and restores the terminal however the program ends. No
//! other module may write to a stream.

mod captured;
mod cut;
#[cfg_attr(not(unix), path = "elsewhere/descriptor.rs")]
mod descriptor;
#[cfg_attr(not(unix), path = "elsewhere/desk.rs")]
mod desk;
mod environment;
mod flags;
#[cfg(unix)]
mod held;
mod inherited;
#[cfg(feature = "service")]
pub mod logs;
mod look;
mod messages;
mod out;
mod plain;
mod prompt;
mod sanitise;
#[cfg_attr(not(unix), path = "elsewhere/signals.rs")]
pub mod signals;
mod signs;
mod spinner;
mod terminal;
mod tone;
mod unsaid;
mod wrap;

pub use captured::Captured;
pub use cut::cut;
pub use environment::Environment;
pub use flags::{OutputFlags, Terminals};
pub use look::{ColorChoice, DEFAULT_WIDTH};
pub use out::OutputError;
pub use prompt::{Choice, Field, Form, PromptError, Text};
pub use sanitise::{is_dangerous, sanitise, sanitise_lines};
pub use signs::{Sign, SignChoice, Signs};
pub use spinner::Spinner;
pub use terminal::Term;
pub use tone::{Tone, for_help};
pub use wrap::{hang, wrap};
