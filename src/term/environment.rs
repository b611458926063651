//! The environment variables, read once, so that tests hand in their own.

use std::{collections::BTreeMap, ffi::OsString, fmt, path::PathBuf};

/// The environment variables the program was started with.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// The process's own.
    pub fn from_process() -> Self {
        Environment(std::env::vars_os().collect())
    }

    /// The value of `name`; an empty one, or one that is not UTF-8, counts as not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&OsString::from(name))?.to_str().filter(|value| !value.is_empty())
    }

    /// The value of `name` as a path; an empty one counts as not set.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.0.get(&OsString::from(name)).filter(|value| !value.is_empty()).map(PathBuf::from)
    }

    /// Whether `name` is set to anything but nothing, `0` or `false`.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value, "0" | "false"))
    }
}

impl<K: Into<OsString>, V: Into<OsString>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Environment(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for Environment {
    /// Names only: values may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_counts_as_not_set_and_zero_as_off() {
        let environment = Environment::from_iter([("EMPTY", ""), ("ZERO", "0"), ("CI", "true")]);
        assert_eq!(environment.get("EMPTY"), None);
        assert_eq!(environment.path("EMPTY"), None);
        assert!(!environment.is_on("EMPTY") && !environment.is_on("ZERO") && !environment.is_on("ABSENT"));
        assert!(environment.is_on("CI"));
    }

    #[test]
    fn debug_shows_no_values() {
        let environment = Environment::from_iter([("TM_HOOKS_TOKEN", "very-secret")]);
        assert_eq!(format!("{environment:?}"), "{\"TM_HOOKS_TOKEN\"}");
    }
}
