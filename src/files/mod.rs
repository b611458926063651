//! Files: those that people name, read within bounds; and those for one person alone: where a link leads, whom a file
//! belongs to, who may change it now, and what stands in the way of those who may not.
//!
//! It knows nothing of what is in them: the configuration, the tokens and the database are other rooms.

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
pub use held::{Held, HeldError};
pub use link::target;
pub use mount::{Mount, identity, mount_of, names};
pub use owner::{create_new, folder_of, is_open_to_others, make_folder, make_private};
pub use reading::{Contents, Unreadable, read, read_text};
