//! Where files lie.

use std::path::PathBuf;

use crate::term::Environment;

use super::{ConfigError, Setting};

/// The folder of the profile `local`: its database and what belongs to it.
pub type DataDir = Setting<PathBuf>;

/// Finds it: `TM_HOOKS_DATA_DIR`, else `$XDG_DATA_HOME/tm-hooks`, else `~/.local/share/tm-hooks`. Nothing is made.
///
/// # Errors
/// When nothing says where the person's home is.
pub fn data_dir(environment: &Environment) -> Result<DataDir, ConfigError> {
    if let Some(path) = environment.path("TM_HOOKS_DATA_DIR") {
        return Ok(Setting::from_environment(path, "TM_HOOKS_DATA_DIR"));
    }
    // The XDG specification has relative paths ignored.
    if let Some(path) = environment.path("XDG_DATA_HOME").filter(|path| path.is_absolute()) {
        return Ok(Setting::from_environment(path.join("tm-hooks"), "XDG_DATA_HOME"));
    }
    let home = environment.path("HOME").or_else(|| etcetera::home_dir().ok()).ok_or(ConfigError::NoHome)?;
    Ok(Setting::from_default(home.join(".local").join("share").join("tm-hooks")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Source;

    fn found(variables: &[(&str, &str)]) -> DataDir {
        data_dir(&variables.iter().copied().collect()).unwrap()
    }

    #[test]
    fn our_own_variable_comes_first_then_xdg_then_home() {
        let all = [("TM_HOOKS_DATA_DIR", "here"), ("XDG_DATA_HOME", "/xdg"), ("HOME", "/home/a")];
        assert_eq!(found(&all).value, Path::new("here"));
        assert_eq!(found(&all[1..]).value, Path::new("/xdg/tm-hooks"));
        let home = found(&all[2..]);
        assert_eq!(home.value, Path::new("/home/a/.local/share/tm-hooks"));
        assert_eq!(home.source, Source::Default);
        assert_eq!(found(&[("XDG_DATA_HOME", "relative"), ("HOME", "/home/a")]), home);
    }
}
