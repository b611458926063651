//! Names of profiles.

use super::error::ConfigError;
use crate::domain::name::is_invisible;

/// The profile that needs no configuration: the service inside this program.
pub const LOCAL: &str = "local";

/// A name that a profile in the file may have: not `local`, which always exists and is no service elsewhere.
///
/// # Errors
/// When it may not.
pub fn profile_name(name: &str) -> Result<String, ConfigError> {
    // To Unicode some letters without a shape are letters, too.
    let allowed = |c: char| c.is_alphanumeric() && !is_invisible(c) || matches!(c, '-' | '_' | '.' | ':');
    if name.is_empty() || name == LOCAL || !name.chars().all(allowed) {
        return Err(ConfigError::BadProfileName(name.to_owned()));
    }
    Ok(name.to_owned())
}
