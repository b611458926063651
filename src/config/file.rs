//! Reads the configuration file: every value is checked and keeps its line.

use std::{collections::BTreeMap, io::ErrorKind, ops::Range, path::Path, sync::Arc};

use toml_edit::{Document, Item, Table, Value};
use url::Url;
use zeroize::Zeroizing;

use crate::files::{self, Unreadable};

use super::{
    ConfigDir, ConfigError, LOCAL, SettingKey, SettingSource, TokenPlace,
    keys::{self, ValueType},
    profile_name, service_url, without_login,
};

/// The largest file that is read, in bytes: thousands of profiles.
const LARGEST: u64 = 1024 * 1024;

/// Returns the text of a file, or `None` if it does not exist.
///
/// # Errors
/// Fails if the file exists but is not readable as text.
pub fn text_if_there(path: &Path) -> Result<Option<Zeroizing<String>>, ConfigError> {
    match files::read_text(path, LARGEST) {
        Ok(text) => Ok(Some(text)),
        Err(Unreadable::Io(error)) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(Unreadable::Io(error)) => Err(ConfigError::File { action: "read", path: path.to_owned(), error }),
        Err(error) => Err(ConfigError::Unreadable { path: path.to_owned(), error }),
    }
}

/// A value of the file, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The value without quotes.
    pub text: String,
    /// Its line, from 1.
    pub line: usize,
}

type Entries = BTreeMap<&'static str, Entry>;

/// The contents of the file. A missing file holds nothing.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    path: Arc<Path>,
    exists: bool,
    everywhere: Entries,
    profiles: BTreeMap<String, Entries>,
}

impl ConfigFile {
    /// Reads the file.
    ///
    /// # Errors
    /// Fails if the file cannot be read, or a value in it is not usable; then with line and column.
    pub fn read(dir: &ConfigDir) -> Result<Self, ConfigError> {
        let path = dir.file();
        match text_if_there(&path)? {
            Some(text) => Self::parse(&path, &text),
            None => Ok(Self::nothing(&path)),
        }
    }

    /// Makes an empty file at `path`, because it is missing or was not read.
    pub fn nothing(path: &Path) -> Self {
        ConfigFile { path: path.into(), exists: false, everywhere: Entries::new(), profiles: BTreeMap::new() }
    }

    /// Parses its text.
    ///
    /// # Errors
    /// Fails like [`ConfigFile::read`].
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let reader = Reader { path, text };
        let document =
            Document::parse(text).map_err(|error| reader.broken(error.span(), error.message().to_owned()))?;
        let mut file = ConfigFile { exists: true, ..Self::nothing(path) };
        for (name, item) in document.as_table() {
            if name == "profiles" {
                let profiles =
                    item.as_table().ok_or_else(|| reader.broken(item.span(), "profiles is a table".into()))?;
                for (name, profile) in profiles {
                    file.profiles.insert(name.to_owned(), reader.profile(profiles, name, profile)?);
                }
            } else {
                reader.entry(document.as_table(), name, item, false, &mut file.everywhere)?;
            }
        }
        Ok(file)
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it exists.
    pub fn exists(&self) -> bool {
        self.exists
    }

    /// Returns a value for all profiles.
    pub fn everywhere(&self, key: &str) -> Option<&Entry> {
        self.everywhere.get(key)
    }

    /// Returns a value of a profile.
    pub fn in_profile(&self, profile: &str, key: &str) -> Option<&Entry> {
        self.profiles.get(profile)?.get(key)
    }

    /// Returns the names of the profiles in it, sorted.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// Whether a profile with this name exists; `local` always does.
    pub fn has_profile(&self, name: &str) -> bool {
        name == LOCAL || self.profiles.contains_key(name)
    }

    /// Returns the URL of a profile's service.
    pub fn url_of(&self, profile: &str) -> Option<Url> {
        service_url(&self.in_profile(profile, "url")?.text, SettingSource::Default).ok()
    }

    /// Returns the profiles whose service has this URL.
    pub fn profiles_at<'a>(&'a self, url: &'a Url) -> impl Iterator<Item = &'a str> {
        self.profiles().filter(move |name| self.url_of(name).as_ref() == Some(url))
    }

    /// Returns where `login` has stored the token of the service at `url`.
    pub fn token_place(&self, url: &Url) -> Option<TokenPlace> {
        self.profiles_at(url).find_map(|name| self.token_place_in(name))
    }

    /// Returns where a profile says that its token is.
    pub(super) fn token_place_in(&self, profile: &str) -> Option<TokenPlace> {
        self.in_profile(profile, "token")?.text.parse().ok()
    }

    /// Returns the source of a value of this file.
    pub fn source(&self, entry: &Entry) -> SettingSource {
        SettingSource::File { path: Arc::clone(&self.path), line: entry.line }
    }
}

/// The context for error positions.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Reader<'_> {
    fn profile(&self, profiles: &Table, name: &str, item: &Item) -> Result<Entries, ConfigError> {
        let span = || profiles.key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
        profile_name(name).map_err(|error| self.broken(span(), format!("{error}: {}", error.hint())))?;
        let table = item.as_table().ok_or_else(|| {
            self.broken(span(), format!("profiles.{name} is a table: write [profiles.{name}] above its settings"))
        })?;
        let mut entries = Entries::new();
        for (key, value) in table {
            self.entry(table, key, value, true, &mut entries)?;
        }
        if !entries.contains_key("url") {
            return Err(self.broken(table.span(), format!("profile {name} has no url")));
        }
        Ok(entries)
    }

    fn entry(
        &self,
        table: &Table,
        name: &str,
        item: &Item,
        in_profile: bool,
        entries: &mut Entries,
    ) -> Result<(), ConfigError> {
        let at_key = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
        let Some(key) = SettingKey::find(name, in_profile) else {
            let place = if in_profile { "in a profile" } else { "here" };
            let near = keys::nearest(name).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            return Err(self.broken(at_key, format!("there is no setting \"{name}\" {place}{near}")));
        };
        let at_value = item.span().or(at_key.clone());
        let text = text_of(key, item).map_err(|why| self.broken(at_value.clone(), format!("{name} is {why}")))?;
        let shown = without_login(&text);
        key.check(&text).map_err(|why| self.broken(at_value, format!("{name} cannot be \"{shown}\": {why}")))?;
        let (line, _) = self.position(at_key);
        entries.insert(key.name, Entry { text, line });
        Ok(())
    }

    fn broken(&self, span: Option<Range<usize>>, why: String) -> ConfigError {
        let (line, column) = self.position(span);
        ConfigError::BrokenFile { path: self.path.to_owned(), line, column, why }
    }

    /// Returns line and column, from 1; the column counts characters.
    fn position(&self, span: Option<Range<usize>>) -> (usize, usize) {
        let start = span.map_or(0, |span| span.start).min(self.text.len());
        let before = String::from_utf8_lossy(&self.text.as_bytes()[..start]);
        let line = before.matches('\n').count() + 1;
        (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
    }
}

/// Returns the value as text, if it has the required form.
fn text_of(key: &SettingKey, item: &Item) -> Result<String, &'static str> {
    match (key.form, item.as_value()) {
        (ValueType::Text | ValueType::Path, Some(Value::String(text))) => Ok(text.value().clone()),
        (ValueType::Number, Some(Value::Integer(number))) => Ok(number.value().to_string()),
        (ValueType::Switch, Some(Value::Boolean(yes))) => Ok(yes.value().to_string()),
        (ValueType::Text | ValueType::Path, _) => Err("text, in quotes"),
        (ValueType::Number, _) => Err("a whole number"),
        (ValueType::Switch, _) => Err("true or false"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<ConfigFile, ConfigError> {
        ConfigFile::parse(Path::new("/c/config.toml"), text)
    }

    const GOOD: &str = "# mine\nprofile = \"production\"\noutput = \"json\" # for scripts\n\n[profiles.production]\n\
                        url = \"https://hooks.example.com\"\nprotected = true\n";

    #[test]
    fn values_know_their_lines() {
        let file = parsed(GOOD).unwrap();
        assert_eq!(file.everywhere("output"), Some(&Entry { text: "json".to_owned(), line: 3 }));
        let protected = file.in_profile("production", "protected").unwrap();
        assert_eq!(
            (protected.text.as_str(), file.source(protected).to_string().as_str()),
            ("true", "/c/config.toml:7")
        );
        let url = "https://hooks.example.com/".parse().unwrap();
        assert_eq!(file.profiles_at(&url).collect::<Vec<_>>(), ["production"]);
        assert!(file.has_profile("local") && !file.has_profile("staging"));
    }

    #[test]
    fn what_is_wrong_is_said_with_line_and_column() {
        let said = |text: &str| parsed(text).unwrap_err().to_string();
        assert!(said("a = 1\nthis is [[[ not TOML").starts_with("/c/config.toml:2:"));
        assert_eq!(
            said("\noutptu = \"json\""),
            "/c/config.toml:2:1: there is no setting \"outptu\" here; did you mean output?"
        );
        assert_eq!(said("retries = \"3\""), "/c/config.toml:1:11: retries is a whole number");
        let timeout = said("request-timeout = \"soon\"");
        assert!(timeout.starts_with("/c/config.toml:1:19: request-timeout cannot be \"soon\": "), "{timeout}");
        assert!(said("[profiles.a]\nprotected = true").contains("/c/config.toml:1:1: profile a has no url"));
        assert!(said("[profiles.local]\nurl = \"https://h.example\"").contains(":1:11: \"local\" cannot be"));
        assert!(said("profiles = 3").contains("profiles is a table"));
    }
}
