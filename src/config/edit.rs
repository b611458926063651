//! Changes to the configuration file: what is not changed stays as it was typed, comments too.

use std::{fs, io::ErrorKind};

use toml_edit::{DocumentMut, Item, Table, Value, value};

use super::{
    ConfigDir, ConfigError, ConfigFile, Place, Source,
    keys::{Form, profile_name},
    private_file,
};

/// The file while it is being changed.
#[derive(Debug)]
pub struct Editor {
    dir: ConfigDir,
    document: DocumentMut,
}

impl Editor {
    /// Opens the file; one that is not there is empty.
    ///
    /// # Errors
    /// As [`ConfigFile::read`]: what cannot be read is not written over.
    pub fn open(dir: &ConfigDir) -> Result<Self, ConfigError> {
        let path = dir.file();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(ConfigError::File { action: "read", path, error }),
        };
        ConfigFile::parse(&path, &text)?;
        let broken = |error: toml_edit::TomlError| ConfigError::BrokenFile {
            path: path.clone(),
            line: 1,
            column: 1,
            why: error.message().to_owned(),
        };
        Ok(Editor { dir: dir.clone(), document: text.parse().map_err(broken)? })
    }

    /// Sets a value. A profile that is not there is made.
    ///
    /// # Errors
    /// When the setting cannot have this value.
    pub fn set(&mut self, place: &Place, text: &str) -> Result<(), ConfigError> {
        let bad = |why| ConfigError::BadValue { value: text.to_owned(), from: Source::Flag(place.key.name), why };
        place.key.check(text).map_err(bad)?;
        let new: Value = match place.key.form {
            Form::Text => text.into(),
            Form::Number => text.parse::<i64>().map_err(|_| bad("it is a number".to_owned()))?.into(),
            Form::Switch => (text == "true").into(),
        };
        let table = match &place.profile {
            Some(profile) => self.profile(profile)?,
            None => self.document.as_table_mut(),
        };
        match table.get_mut(place.key.name).and_then(Item::as_value_mut) {
            // The comment behind a value belongs to it.
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

    /// Takes a value out; says whether it was there.
    pub fn unset(&mut self, place: &Place) -> bool {
        let table = match &place.profile {
            Some(profile) => self.existing_profile(profile),
            None => Some(self.document.as_table_mut()),
        };
        table.is_some_and(|table| table.remove(place.key.name).is_some())
    }

    /// Takes a profile out, and its being the default; says whether it was there.
    pub fn remove_profile(&mut self, name: &str) -> bool {
        let profiles = self.document.get_mut("profiles").and_then(Item::as_table_mut);
        let gone = profiles.is_some_and(|profiles| profiles.remove(name).is_some());
        if gone && self.document.get("profile").and_then(Item::as_str) == Some(name) {
            self.document.remove("profile");
        }
        gone
    }

    /// Writes the file, readable by its owner only.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(self) -> Result<(), ConfigError> {
        let path = self.dir.file();
        private_file::replace(&path, &self.document.to_string()).map_err(|error| ConfigError::File {
            action: "write",
            path,
            error,
        })
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
    use super::*;

    fn dir_with(text: &str) -> (tempfile::TempDir, ConfigDir) {
        let folder = tempfile::tempdir().unwrap();
        let variables = [("TM_HOOKS_CONFIG_DIR", folder.path().to_str().unwrap())];
        let dir = ConfigDir::find(&variables.into_iter().collect()).unwrap();
        if !text.is_empty() {
            fs::write(dir.file(), text).unwrap();
        }
        (folder, dir)
    }

    fn place(text: &str) -> Place {
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
        let file = ConfigFile::read(&dir).unwrap();
        assert!(file.has_profile("hooks.example.com"));
        let mut editor = Editor::open(&dir).unwrap();
        assert!(editor.unset(&place("profile")) && !editor.unset(&place("profile")));
        editor.set(&place("profile"), "hooks.example.com").unwrap();
        assert!(editor.remove_profile("hooks.example.com") && !editor.remove_profile("hooks.example.com"));
        editor.save().unwrap();
        let file = ConfigFile::read(&dir).unwrap();
        assert!(!file.has_profile("hooks.example.com") && file.everywhere("profile").is_none());
    }

    #[test]
    fn a_broken_file_or_a_bad_value_changes_nothing() {
        let (_folder, dir) = dir_with("[[[");
        assert!(matches!(Editor::open(&dir), Err(ConfigError::BrokenFile { line: 1, .. })));
        let (_folder, dir) = dir_with("");
        assert!(Editor::open(&dir).unwrap().set(&place("retries"), "many").is_err());
    }
}
