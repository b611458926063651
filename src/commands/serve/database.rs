//! `--database`: where the service keeps its data.

use std::{path::PathBuf, str::FromStr};

use crate::{commands::Context, error::CliError, service::store::sqlite::Location};

/// A database the service can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// `sqlite:PATH`.
    File(PathBuf),
    /// `sqlite::memory:`: gone when the service stops.
    Memory,
}

impl Database {
    /// The database that `--database` names. An error does not repeat the text, which may hold a password.
    pub fn named(text: &str) -> Result<Self, CliError> {
        text.parse().map_err(|why: String| CliError::usage(format!("--database cannot be used: {why}")))
    }

    /// The store's own word for it.
    pub fn location(&self) -> Location {
        match self {
            Database::File(path) => Location::File(path.clone()),
            Database::Memory => Location::Memory,
        }
    }
}

impl FromStr for Database {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("sqlite:") {
            Some(":memory:") => Ok(Database::Memory),
            Some(path) if !path.trim_start_matches("//").is_empty() => {
                Ok(Database::File(path.strip_prefix("//").unwrap_or(path).into()))
            }
            _ if text.starts_with("postgres:") || text.starts_with("postgresql:") => {
                Err("this version has no PostgreSQL yet: use sqlite:PATH".to_owned())
            }
            _ => Err("it is sqlite:PATH or sqlite::memory:".to_owned()),
        }
    }
}

/// The database of the profile `local`.
pub fn local(context: &Context) -> Result<Location, CliError> {
    Ok(Location::File(context.settings.data_dir()?.database()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_memory_are_told_apart() {
        assert_eq!("sqlite::memory:".parse(), Ok(Database::Memory));
        assert_eq!("sqlite:/srv/hooks.db".parse(), Ok(Database::File("/srv/hooks.db".into())));
        assert_eq!("sqlite:///srv/hooks.db".parse(), Ok(Database::File("/srv/hooks.db".into())));
        assert_eq!("sqlite:hooks.db".parse(), Ok(Database::File("hooks.db".into())));
        for wrong in ["", "sqlite:", "sqlite://", "hooks.db", "mysql://x", "postgres://localhost/x"] {
            assert!(wrong.parse::<Database>().is_err(), "{wrong}");
        }
    }
}
