//! The environment variables, read once, so that tests can replace them.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use crate::domain::encoding::without_mark;

/// The prefix of this program's variables.
const OURS: &str = "TM_HOOKS_";

/// The environment variables the program was started with.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// Reads the process's own variables.
    pub fn from_process() -> Self {
        Environment(std::env::vars_os().collect())
    }

    /// Returns the value of `name` without a byte order mark. An empty value, or one that is not UTF-8, counts as not
    /// set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// Returns the value of `name`, also if it is empty. A value that is not UTF-8 counts as not set.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.0.get(&OsString::from(name))?.to_str().map(without_mark)
    }

    /// Returns the value of `name` as a path, with a leading `~` expanded. An empty value counts as not set.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        let value = self.0.get(&OsString::from(name)).filter(|value| !value.is_empty())?;
        let text = value.to_str().map(without_mark).map(Path::new);
        Some(self.expanded(text.unwrap_or(Path::new(value))))
    }

    /// Whether the value of `name` is not UTF-8.
    pub fn is_unreadable(&self, name: &str) -> bool {
        self.0.get(&OsString::from(name)).is_some_and(|value| value.to_str().is_none())
    }

    /// Returns the names of this program's variables that are set.
    pub fn ours(&self) -> impl Iterator<Item = &str> {
        self.0.keys().filter_map(|name| name.to_str()).filter(|name| name.starts_with(OURS))
    }

    /// Returns the person's home folder.
    pub fn home(&self) -> Option<PathBuf> {
        let named = self.0.get(&OsString::from("HOME")).filter(|value| !value.is_empty()).map(PathBuf::from);
        named.or_else(|| etcetera::home_dir().ok())
    }

    /// Expands a leading `~`, as a shell does only for some arguments: not after `=` or `:`, nor in a file. `~name`
    /// stays unchanged.
    pub fn expanded(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix("~"), self.home()) {
            (Ok(below), Some(home)) if below.as_os_str().is_empty() => home,
            (Ok(below), Some(home)) => home.join(below),
            _ => path.to_owned(),
        }
    }

    /// Shortens paths below the home folder in a text to `~/`.
    pub fn shortened(&self, text: &str) -> String {
        let Some(home) = self.home().filter(|home| home.parent().is_some()) else { return text.to_owned() };
        let home = format!("{}/", home.display());
        let mut parts = text.split(&home);
        let mut short = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let begins = short.chars().next_back().is_none_or(|before| matches!(before, ' ' | '(' | '"' | '='));
            short += if begins { "~/" } else { &home };
            short += part;
        }
        short
    }

    /// Whether `name` is set to a value other than an empty one, `0` or `false`.
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
    /// Writes only the names, as values may be secret.
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
    fn a_mark_is_no_part_of_a_value() {
        let environment =
            Environment::from_iter([("TOKEN", "\u{feff}one"), ("ONLY", "\u{feff}"), ("DIR", "\u{feff}/x")]);
        assert_eq!((environment.get("TOKEN"), environment.get("ONLY")), (Some("one"), None));
        assert_eq!(environment.path("DIR"), Some("/x".into()));
        assert_eq!((environment.given("ONLY"), environment.given("ABSENT")), (Some(""), None));
    }

    #[test]
    fn a_tilde_is_the_home_folder() {
        let environment = Environment::from_iter([("HOME", "/home/a"), ("DIR", "~/data"), ("ALL", "~")]);
        assert_eq!(environment.path("DIR"), Some("/home/a/data".into()));
        assert_eq!(environment.path("ALL"), Some("/home/a".into()));
        for stays in ["~b/data", "/x/~/data", "./~", "x~", ""] {
            assert_eq!(environment.expanded(Path::new(stays)), Path::new(stays));
        }
    }

    #[test]
    fn a_path_below_the_home_folder_is_short() {
        let environment = Environment::from_iter([("HOME", "/home/a")]);
        for (text, short) in [
            ("/home/a/x.toml:1", "~/x.toml:1"),
            ("local (/home/a/x), /home/a/y", "local (~/x), ~/y"),
            ("/mnt/home/a/x", "/mnt/home/a/x"),
            ("/home/anna/x", "/home/anna/x"),
            ("/home/a", "/home/a"),
        ] {
            assert_eq!(environment.shortened(text), short);
        }
        assert_eq!(Environment::from_iter([("HOME", "/")]).shortened("/etc/x"), "/etc/x");
    }

    #[cfg(unix)]
    #[test]
    fn our_own_are_known_by_their_beginning_and_may_be_unreadable() {
        use std::os::unix::ffi::OsStringExt;
        let bad = OsString::from_vec(b"t\xf6ken".to_vec());
        let environment: Environment = [("TM_HOOKS_TOKEN", bad.clone()), ("OTHER", bad)].into_iter().collect();
        assert_eq!(environment.ours().collect::<Vec<_>>(), ["TM_HOOKS_TOKEN"]);
        assert!(environment.is_unreadable("TM_HOOKS_TOKEN") && environment.get("TM_HOOKS_TOKEN").is_none());
        assert!(!environment.is_unreadable("ABSENT"));
    }

    #[test]
    fn debug_shows_no_values() {
        let environment = Environment::from_iter([("TM_HOOKS_TOKEN", "very-secret")]);
        assert_eq!(format!("{environment:?}"), "{\"TM_HOOKS_TOKEN\"}");
    }
}
