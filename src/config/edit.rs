//! Changes the configuration file. Unchanged parts and comments stay as they were typed, and concurrent changes of
//! other programs are kept.

use toml_edit::{DocumentMut, Item, Table, Value, value};
use url::Url;

use super::{
    ConfigDir, ConfigError, ConfigFile, SettingPath, SettingSource, file::text_if_there, keys::ValueType, profile_name,
};
use crate::files::LockedFile;

/// The file during a change: nobody else can change it until this is dropped.
#[derive(Debug)]
pub struct Editor {
    held: LockedFile,
    file: ConfigFile,
    before: Option<String>,
    document: DocumentMut,
}

/// The settings of a profile that belong to its service and not to another one.
const OF_THE_SERVICE: [&str; 4] = ["allow-http", "proxy", "ca-cert", "token"];

/// A profile that has moved to another service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The service before.
    pub before: Url,
    /// The settings that belonged to that service and were removed.
    pub lost: Vec<&'static str>,
}

impl Editor {
    /// Opens the file; a missing one is empty. Waits while another program changes it.
    ///
    /// # Errors
    /// Fails like [`ConfigFile::read`], so that an unreadable file is never overwritten, and if another program changes
    /// it for too long.
    pub fn open(dir: &ConfigDir) -> Result<Self, ConfigError> {
        let path = dir.file();
        let held = LockedFile::take(&path).map_err(|error| ConfigError::held("change", &path, error))?;
        let before = text_if_there(held.path())?.map(|text| text.to_string());
        let text = before.as_deref().unwrap_or_default();
        let file = ConfigFile::parse(&path, text)?;
        let broken = |error: toml_edit::TomlError| ConfigError::BrokenFile {
            path: path.clone(),
            line: 1,
            column: 1,
            why: error.message().to_owned(),
        };
        Ok(Editor { held, file, document: text.parse().map_err(broken)?, before })
    }

    /// Returns the file as it was when it was opened. A change must be based on this and not on an earlier read, as
    /// others may have changed the file since.
    pub fn file(&self) -> &ConfigFile {
        &self.file
    }

    /// Sets a value, and creates a missing profile.
    ///
    /// # Errors
    /// Fails if the setting cannot have this value.
    pub fn set(&mut self, place: &SettingPath, text: &str) -> Result<(), ConfigError> {
        let bad =
            |why| ConfigError::BadValue { value: text.to_owned(), from: SettingSource::Flag(place.key.name), why };
        place.key.check(text).map_err(bad)?;
        let new: Value = match place.key.form {
            ValueType::Text | ValueType::Path => text.into(),
            ValueType::Number => text.parse::<i64>().map_err(|_| bad("it is a number".to_owned()))?.into(),
            ValueType::Switch => (text == "true").into(),
        };
        let table = match &place.profile {
            Some(profile) => self.profile(profile)?,
            None => self.document.as_table_mut(),
        };
        match table.get_mut(place.key.name).and_then(Item::as_value_mut) {
            // The comment after a value stays.
            Some(old) => {
                let decor = old.decor().clone();
                *old = new;
                *old.decor_mut() = decor;
            }
            None => {
                table.insert(place.key.name, value(new));
            }
        }
        Ok(())
    }

    /// Removes a value; returns whether it was there.
    pub fn unset(&mut self, place: &SettingPath) -> bool {
        let table = match &place.profile {
            Some(profile) => self.existing_profile(profile),
            None => Some(self.document.as_table_mut()),
        };
        table.is_some_and(|table| table.remove(place.key.name).is_some())
    }

    /// Sets the service of a profile, and creates a missing one. A profile that had another service loses its token and
    /// what else belonged to that service, such as the permission for plain HTTP.
    ///
    /// # Errors
    /// Fails if no profile can have this name.
    pub fn point(&mut self, profile: &str, url: &Url) -> Result<Option<Moved>, ConfigError> {
        let before = self.file.url_of(profile).filter(|before| before != url);
        let mut lost = Vec::new();
        if let Some(before) = &before {
            for key in OF_THE_SERVICE {
                if self.unset(&SettingPath::in_profile(profile, key)?) {
                    lost.push(key);
                }
            }
            self.hand_on_token(before, profile)?;
        }
        self.set(&SettingPath::in_profile(profile, "url")?, url.as_str())?;
        Ok(before.map(|before| Moved { before, lost }))
    }

    /// Records the token's place in another profile of the service at `url`, if `leaving` was the one that recorded it.
    fn hand_on_token(&mut self, url: &Url, leaving: &str) -> Result<(), ConfigError> {
        let Some(place) = self.file.token_place_in(leaving) else { return Ok(()) };
        let heir = self.file.profiles_at(url).find(|other| *other != leaving).map(str::to_owned);
        heir.map_or(Ok(()), |heir| self.set(&SettingPath::in_profile(&heir, "token")?, place.as_str()))
    }

    /// Removes a profile, also as the default; returns whether it was there.
    ///
    /// # Errors
    /// Fails if its token's place cannot be recorded in another profile.
    pub fn remove_profile(&mut self, name: &str) -> Result<bool, ConfigError> {
        if let Some(url) = self.file.url_of(name) {
            self.hand_on_token(&url, name)?;
        }
        let profiles = self.document.get_mut("profiles").and_then(Item::as_table_mut);
        let gone = profiles.is_some_and(|profiles| profiles.remove(name).is_some());
        if gone && self.document.get("profile").and_then(Item::as_str) == Some(name) {
            self.document.remove("profile");
        }
        Ok(gone)
    }

    /// Writes the file, readable by its owner only.
    ///
    /// # Errors
    /// Fails if it cannot be written; the file is unchanged then.
    pub fn save(&self) -> Result<(), ConfigError> {
        self.written(self.held.replace(&self.document.to_string()))
    }

    /// Restores the file after a change that cannot stay.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub fn undo(&self) -> Result<(), ConfigError> {
        self.written(match &self.before {
            Some(text) => self.held.replace(text),
            None => self.held.remove(),
        })
    }

    fn written(&self, done: std::io::Result<()>) -> Result<(), ConfigError> {
        done.map_err(|error| ConfigError::File { action: "write", path: self.file.path().to_owned(), error })
    }

    fn existing_profile(&mut self, name: &str) -> Option<&mut Table> {
        self.document.get_mut("profiles")?.as_table_mut()?.get_mut(name)?.as_table_mut()
    }

    fn profile(&mut self, name: &str) -> Result<&mut Table, ConfigError> {
        let name = profile_name(name)?;
        let table = || {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        };
        let profiles = self.document.entry("profiles").or_insert_with(table).as_table_mut();
        let found = profiles.and_then(|profiles| profiles.entry(&name).or_insert(toml_edit::table()).as_table_mut());
        found.ok_or(ConfigError::BadProfileName(name))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::TokenPlace;

    fn dir_with(text: &str) -> (tempfile::TempDir, ConfigDir) {
        let folder = tempfile::tempdir().unwrap();
        let variables = [("TM_HOOKS_CONFIG_DIR", folder.path().to_str().unwrap())];
        let dir = ConfigDir::find(&variables.into_iter().collect()).unwrap();
        if !text.is_empty() {
            fs::write(dir.file(), text).unwrap();
        }
        (folder, dir)
    }

    fn place(text: &str) -> SettingPath {
        text.parse().unwrap()
    }

    #[test]
    fn comments_survive() {
        let text = "# mine\noutput = \"json\"  # for scripts\n\n# the real one\n[profiles.production]\nurl = \
                    \"https://a.example\" # moved in May\n";
        let (_folder, dir) = dir_with(text);
        let mut editor = Editor::open(&dir).unwrap();
        editor.set(&place("output"), "csv").unwrap();
        editor.set(&place("retries"), "5").unwrap();
        editor.set(&place("profiles.production.url"), "https://b.example").unwrap();
        editor.set(&place("profiles.production.protected"), "true").unwrap();
        editor.save().unwrap();
        assert_eq!(
            fs::read_to_string(dir.file()).unwrap(),
            "# mine\noutput = \"csv\"  # for scripts\nretries = 5\n\n# the real one\n[profiles.production]\nurl = \
             \"https://b.example\" # moved in May\nprotected = true\n"
        );
    }

    #[test]
    fn a_profile_comes_and_goes_with_its_being_the_default() {
        let (_folder, dir) = dir_with("");
        let mut editor = Editor::open(&dir).unwrap();
        editor.set(&place("profiles.hooks.example.com.url"), "https://hooks.example.com").unwrap();
        editor.set(&place("profile"), "hooks.example.com").unwrap();
        editor.save().unwrap();
        drop(editor);
        let file = ConfigFile::read(&dir).unwrap();
        assert!(file.has_profile("hooks.example.com"));
        let mut editor = Editor::open(&dir).unwrap();
        assert!(editor.unset(&place("profile")) && !editor.unset(&place("profile")));
        editor.set(&place("profile"), "hooks.example.com").unwrap();
        assert!(editor.remove_profile("hooks.example.com").unwrap());
        assert!(!editor.remove_profile("hooks.example.com").unwrap());
        editor.save().unwrap();
        let file = ConfigFile::read(&dir).unwrap();
        assert!(!file.has_profile("hooks.example.com") && file.everywhere("profile").is_none());
    }

    #[test]
    fn what_belonged_to_a_service_stays_behind_when_a_profile_moves() {
        let url = |text: &str| text.parse::<Url>().unwrap();
        let (_folder, dir) = dir_with(
            "[profiles.p]\nurl = \"https://a.example\"\nprotected = true\nallow-http = true\ntoken = \"keyring\"\n\
             [profiles.same]\nurl = \"https://a.example/\"\n",
        );
        let mut editor = Editor::open(&dir).unwrap();
        assert_eq!(editor.point("p", &url("https://a.example/")).unwrap(), None, "it is the same service");
        let moved = editor.point("p", &url("http://b.example")).unwrap().unwrap();
        assert_eq!(moved, Moved { before: url("https://a.example/"), lost: vec!["allow-http", "token"] });
        assert_eq!(editor.point("new", &url("https://c.example")).unwrap(), None);
        editor.save().unwrap();
        drop(editor);
        let file = ConfigFile::read(&dir).unwrap();
        assert!(file.in_profile("p", "allow-http").is_none() && file.in_profile("p", "protected").is_some());
        assert_eq!((file.token_place_in("p"), file.token_place_in("same")), (None, Some(TokenPlace::Keyring)));
        let mut editor = Editor::open(&dir).unwrap();
        assert!(editor.remove_profile("same").unwrap());
        assert_eq!(editor.file().token_place_in("same"), Some(TokenPlace::Keyring), "the file is as it was opened");
    }

    #[test]
    fn a_change_that_cannot_stay_is_undone() {
        for text in ["", "# mine\nretries = 1\n"] {
            let (folder, dir) = dir_with(text);
            let mut editor = Editor::open(&dir).unwrap();
            editor.set(&place("retries"), "5").unwrap();
            editor.save().unwrap();
            assert!(fs::read_to_string(dir.file()).unwrap().contains('5'));
            editor.undo().unwrap();
            drop(editor);
            assert_eq!(fs::read_to_string(dir.file()).unwrap_or_default(), text);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), usize::from(!text.is_empty()));
        }
    }

    #[test]
    fn a_broken_file_or_a_bad_value_changes_nothing() {
        let (_folder, dir) = dir_with("[[[");
        assert!(matches!(Editor::open(&dir), Err(ConfigError::BrokenFile { line: 1, .. })));
        let (_folder, dir) = dir_with("");
        assert!(Editor::open(&dir).unwrap().set(&place("retries"), "many").is_err());
    }
}
