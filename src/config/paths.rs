//! The paths of this program's files.

use std::path::{Path, PathBuf};

use crate::term::Environment;

use super::{ConfigError, SettingSource};

/// The data folder of the profile `local`, with its database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
    source: SettingSource,
}

impl DataDir {
    /// Finds it: `TM_HOOKS_DATA_DIR`, or else `$XDG_DATA_HOME/tm-hooks`, or else `~/.local/share/tm-hooks`. Creates
    /// nothing.
    ///
    /// # Errors
    /// Fails if the home folder is unknown.
    pub(super) fn find(environment: &Environment) -> Result<Self, ConfigError> {
        let found = find(environment, "TM_HOOKS_DATA_DIR", "XDG_DATA_HOME", &[".local", "share"]);
        let (path, source) = found.ok_or(ConfigError::NoHome)?;
        Ok(DataDir { path: understood(path, &source)?, source })
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the source of the path.
    pub fn source(&self) -> SettingSource {
        self.source.clone()
    }

    /// Returns the path of the database file.
    pub fn database(&self) -> PathBuf {
        self.path.join("hooks.db")
    }

    /// Returns the file with the time at which a terminal last showed this folder.
    #[cfg(feature = "service")]
    pub fn local_named(&self) -> PathBuf {
        self.path.join("local-named")
    }

    /// Returns the file with the token that `serve` has made.
    pub fn admin_token(&self) -> PathBuf {
        self.path.join("admin-token")
    }
}

/// The folder of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigDir {
    path: PathBuf,
}

impl ConfigDir {
    /// Finds it: `TM_HOOKS_CONFIG_DIR`, or else `$XDG_CONFIG_HOME/tm-hooks`, or else `~/.config/tm-hooks`. Creates
    /// nothing.
    ///
    /// # Errors
    /// Fails if the home folder is unknown.
    pub fn find(environment: &Environment) -> Result<Self, ConfigError> {
        let found = find(environment, "TM_HOOKS_CONFIG_DIR", "XDG_CONFIG_HOME", &[".config"]);
        let (path, source) = found.ok_or(ConfigError::NoConfigHome)?;
        Ok(ConfigDir { path: understood(path, &source)? })
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the file with the settings and the profiles.
    pub fn file(&self) -> PathBuf {
        self.path.join("config.toml")
    }

    /// Returns the file of tokens.
    pub fn credentials(&self) -> PathBuf {
        self.path.join("credentials.toml")
    }
}

/// Rejects a folder whose name still begins with `~`: it would be created in the current folder and then searched
/// elsewhere.
fn understood(path: PathBuf, source: &SettingSource) -> Result<PathBuf, ConfigError> {
    if !path.to_string_lossy().starts_with('~') {
        return Ok(path);
    }
    let why = "of the names that begin with ~ only ~/ is known; a folder of that name is ./~".to_owned();
    Err(ConfigError::BadValue { value: path.display().to_string(), from: source.clone(), why })
}

/// Finds a folder: this program's variable names the folder itself, XDG's variable and the home name its parent.
fn find(
    environment: &Environment,
    own: &'static str,
    xdg: &'static str,
    below_home: &[&str],
) -> Option<(PathBuf, SettingSource)> {
    if let Some(path) = environment.path(own) {
        return Some((path, SettingSource::Environment(own)));
    }
    // The XDG specification says to ignore relative paths.
    if let Some(path) = environment.path(xdg).filter(|path| path.is_absolute()) {
        return Some((path.join("tm-hooks"), SettingSource::Environment(xdg)));
    }
    let home = environment.home()?;
    let parent = below_home.iter().fold(home, |path, part| path.join(part));
    Some((parent.join("tm-hooks"), SettingSource::Default))
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
        assert_eq!(home.source(), SettingSource::Default);
        assert_eq!(found(&[("XDG_DATA_HOME", "relative"), ("HOME", "/home/a")]), home);
    }

    #[test]
    fn a_tilde_is_the_home_folder_or_refused() {
        let home = ("HOME", "/home/a");
        assert_eq!(found(&[("TM_HOOKS_DATA_DIR", "~/data"), home]).path(), Path::new("/home/a/data"));
        assert_eq!(found(&[("XDG_DATA_HOME", "~/data"), home]).path(), Path::new("/home/a/data/tm-hooks"));
        let other = DataDir::find(&[("TM_HOOKS_DATA_DIR", "~b/data"), home].into_iter().collect());
        assert!(other.unwrap_err().to_string().starts_with("TM_HOOKS_DATA_DIR cannot be \"~b/data\""));
    }

    #[test]
    fn the_configuration_has_a_place_of_its_own() {
        let dir = |variables: &[(&str, &str)]| ConfigDir::find(&variables.iter().copied().collect()).unwrap().file();
        assert_eq!(dir(&[("HOME", "/home/a")]), Path::new("/home/a/.config/tm-hooks/config.toml"));
        assert_eq!(dir(&[("TM_HOOKS_CONFIG_DIR", "/c"), ("HOME", "/home/a")]), Path::new("/c/config.toml"));
    }
}
