//! Files: reads those that people name, within bounds, and handles private ones: links, owners, locks, and what
//! prevents access.
//!
//! The contents of files belong elsewhere: in the modules of the configuration, the tokens and the database.

mod access;
mod denied;
mod held;
mod link;
mod lock;
mod mount;
mod owner;
mod reading;
mod suffix;
mod write;

pub use access::{Refusal, refusal, refusal_of_any};
pub use denied::Use;
pub use held::{LockedFile, LockedFileError};
pub use link::target;
pub use mount::{Mount, identity, mount_of, names};
pub use owner::{create_new, folder_of, is_open_to_others, make_folder, make_private};
pub use reading::{Contents, Unreadable, read, read_text};
