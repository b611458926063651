//! Files: those that people name, read within bounds; and those for one person alone: where a link leads, whom a file
//! belongs to, who may change it now, and what stands in the way of those who may not.
//!
//! It knows nothing of what is in them: the configuration, the tokens and the database are other rooms.

mod access;
mod held;
mod link;
mod lock;
mod mount;
mod owner;
mod reading;
mod write;

use std::path::{Path, PathBuf};

pub use access::{Refusal, Use, refusal, refusal_of_any};
pub use held::{Held, HeldError};
pub use link::target;
pub use mount::{Mount, identity, mount_of, names};
pub use owner::{create_new, folder_of, is_open_to_others, make_folder, make_private};
pub use reading::{Contents, Unreadable, read, read_text};

/// The path of a file that belongs to the one at `path`: its name with something behind it.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}
