//! Settings, resolved once, with the source of each: a flag, or else the environment, or else the configuration file,
//! or else the default. The file is read only when a command needs it. Commands must get their settings from here, not
//! from the environment.

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
pub use keys::{KEYS, SettingKey, SettingPath, SettingScope, TokenPlace, ValueType};
pub use paths::{ConfigDir, DataDir};
pub use profile::{LOCAL, profile_name};
pub use proxy::{is_loopback, proxy_url};
pub use service_url::{service_url, without_login};
pub use settings::{Flags, InForce, Reading, Settings, Target};
pub use source::{Setting, SettingSource};
pub use zone::LocalZone;
