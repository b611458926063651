//! Where files lie.

use std::path::{Path, PathBuf};

use crate::term::Environment;

use super::{ConfigError, Source};

/// The folder of the profile `local`: its database and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
    source: Source,
}

impl DataDir {
    /// Finds it: `TM_HOOKS_DATA_DIR`, else `$XDG_DATA_HOME/tm-hooks`, else `~/.local/share/tm-hooks`. Nothing is made.
    ///
    /// # Errors
    /// When nothing says where the person's home is.
    pub(super) fn find(environment: &Environment) -> Result<Self, ConfigError> {
        if let Some(path) = environment.path("TM_HOOKS_DATA_DIR") {
            return Ok(DataDir { path, source: Source::Environment("TM_HOOKS_DATA_DIR") });
        }
        // The XDG specification has relative paths ignored.
        if let Some(path) = environment.path("XDG_DATA_HOME").filter(|path| path.is_absolute()) {
            return Ok(DataDir { path: path.join("tm-hooks"), source: Source::Environment("XDG_DATA_HOME") });
        }
        let home = environment.path("HOME").or_else(|| etcetera::home_dir().ok()).ok_or(ConfigError::NoHome)?;
        Ok(DataDir { path: home.join(".local").join("share").join("tm-hooks"), source: Source::Default })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Who said so.
    pub fn source(&self) -> Source {
        self.source
    }

    /// The database file in it.
    pub fn database(&self) -> PathBuf {
        self.path.join("hooks.db")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)]) -> DataDir {
        DataDir::find(&variables.iter().copied().collect()).unwrap()
    }

    #[test]
    fn our_own_variable_comes_first_then_xdg_then_home() {
        let all = [("TM_HOOKS_DATA_DIR", "here"), ("XDG_DATA_HOME", "/xdg"), ("HOME", "/home/a")];
        assert_eq!(found(&all).path(), Path::new("here"));
        assert_eq!(found(&all[1..]).path(), Path::new("/xdg/tm-hooks"));
        let home = found(&all[2..]);
        assert_eq!(home.path(), Path::new("/home/a/.local/share/tm-hooks"));
        assert_eq!(home.source(), Source::Default);
        assert_eq!(found(&[("XDG_DATA_HOME", "relative"), ("HOME", "/home/a")]), home);
    }
}
