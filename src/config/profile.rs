//! Names of profiles.

use super::error::ConfigError;
use crate::domain::name::is_invisible;

/// The profile that needs no configuration: the service inside this program.
pub const LOCAL: &str = "local";

/// Checks the name of a profile in the file. It cannot be `local`, which always exists and has no URL.
///
/// # Errors
/// Fails if the name is not allowed.
pub fn profile_name(name: &str) -> Result<String, ConfigError> {
    // Unicode counts some invisible characters as letters.
    let allowed = |c: char| c.is_alphanumeric() && !is_invisible(c) || matches!(c, '-' | '_' | '.' | ':');
    if name.is_empty() || name == LOCAL || !name.chars().all(allowed) {
        return Err(ConfigError::BadProfileName(name.to_owned()));
    }
    Ok(name.to_owned())
}
