//! Settings, resolved once, and where each came from: a flag, else the environment, else the configuration file, else
//! the default. The file is read when a command needs it, and never before.

mod edit;
mod error;
mod file;
mod keys;
mod paths;
mod profile;
mod proxy;
mod service_url;
mod settings;
mod source;
mod zone;

pub use edit::{Editor, Moved};
pub use error::ConfigError;
pub use file::{ConfigFile, Entry, text_if_there};
pub use keys::{Form, KEYS, Key, Place, Scope, TokenPlace};
pub use paths::{ConfigDir, DataDir};
pub use profile::{LOCAL, profile_name};
pub use proxy::{is_loopback, proxy_url};
pub use service_url::{service_url, without_login};
pub use settings::{Flags, InForce, Reading, Settings, Target};
pub use source::{Setting, Source};
pub use zone::LocalZone;
