//! Records a login in a profile and stores the token: both or neither.
//!
//! The record is written first: whatever happens then, `logout` knows of every stored token.

use url::Url;

use crate::{
    commands::{Context, kept_token},
    config::{ConfigDir, ConfigFile, Editor, Moved, SettingPath, SettingSource, TokenPlace, profile_name},
    credentials::{self, CredentialError, Token},
    error::{CliError, Kind},
};

/// Returns the profile's name: the given one, or else that of the profile with this URL, or else the host.
pub(super) fn profile(url: &Url, file: &ConfigFile, context: &Context) -> Result<String, CliError> {
    if let Some(name) = &context.settings.named_profile {
        return Ok(profile_name(name)?);
    }
    if let Some(known) = file.profiles_at(url).next() {
        return Ok(known.to_owned());
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let name = url.port().map_or(host.to_owned(), |port| format!("{host}-{port}"));
    if file.has_profile(&name) {
        return Err(
            CliError::usage(format!("profile {name} has another URL already")).hint("name the new one: --profile NAME")
        );
    }
    Ok(profile_name(&name)?)
}

/// The record of a token that is not stored yet. The file stays locked.
pub(super) struct Note<'a> {
    editor: Editor,
    profile: String,
    is_default: bool,
    moved: Option<Moved>,
    url: &'a Url,
    place: TokenPlace,
    dir: &'a ConfigDir,
    context: &'a Context,
}

/// The result of a login.
pub(super) struct LoggedIn {
    pub profile: String,
    pub place: TokenPlace,
    /// Whether the profile is the default from now on.
    pub is_default: bool,
    /// The error if the earlier token, stored elsewhere, could not be removed.
    pub left_behind: Option<CliError>,
}

impl<'a> Note<'a> {
    /// Writes the record.
    ///
    /// # Errors
    /// Fails if it cannot be written; nothing has changed then.
    pub(super) fn write(
        url: &'a Url,
        place: TokenPlace,
        dir: &'a ConfigDir,
        context: &'a Context,
    ) -> Result<Self, CliError> {
        let mut editor = Editor::open(dir)?;
        let profile = profile(url, editor.file(), context)?;
        let default = editor.file().everywhere("profile").map(|entry| entry.text.clone());
        let is_first = default.is_none() && editor.file().profiles().next().is_none();
        if is_first {
            editor.set(&"profile".parse()?, &profile)?;
        }
        let same: Vec<String> = editor.file().profiles_at(url).map(str::to_owned).collect();
        for same in same {
            editor.unset(&SettingPath::in_profile(&same, "token")?);
        }
        let moved = editor.point(&profile, url)?;
        editor.set(&SettingPath::in_profile(&profile, "token")?, place.as_str())?;
        if context.settings.allow_http.source == SettingSource::Flag("--allow-http") {
            editor.set(&SettingPath::in_profile(&profile, "allow-http")?, "true")?;
        }
        editor.save()?;
        let is_default = is_first || default.as_deref() == Some(&*profile);
        Ok(Note { editor, profile, is_default, moved, url, place, dir, context })
    }

    /// Stores the token and removes the profile's earlier one. If either fails, everything is restored.
    ///
    /// # Errors
    /// Fails if the earlier token cannot be removed; the inner result fails if the new one cannot be stored.
    pub(super) fn keep(self, token: &Token) -> Result<Result<LoggedIn, CredentialError>, CliError> {
        if let Err(why) = credentials::keep(self.url, token, self.place, self.dir) {
            self.take_back();
            return Ok(Err(why));
        }
        let before = self.editor.file();
        if let Some(moved) = &self.moved {
            if let Err(error) = kept_token::forget_unused(&moved.before, &self.profile, before, self.dir) {
                self.take_back_with_token();
                let hint = format!("{}; or name another --profile", error.hint_text().unwrap_or_default());
                return Err(error.hint(hint));
            }
            kept_token::report_move(&self.profile, moved, self.context);
        }
        let elsewhere = before.token_place(self.url).filter(|before| *before != self.place);
        let left_behind = elsewhere.and_then(|elsewhere| self.forget_elsewhere(elsewhere).err());
        let Note { profile, place, is_default, .. } = self;
        Ok(Ok(LoggedIn { profile, place, is_default, left_behind }))
    }

    fn forget_elsewhere(&self, before: TokenPlace) -> Result<(), CliError> {
        credentials::forget(self.url, before, self.dir).map_err(|error| {
            let what =
                format!("logged in, but the old token for {} is still in the {}: {error}", self.url, before.as_str());
            let hint = "log in once more without --insecure-storage when the keyring answers, then log out";
            CliError::new(Kind::SomeFailed, what).code("token_left_behind").hint(hint)
        })
    }

    /// Restores the file. A record without a token is harmless, but it is reported for the next login.
    fn take_back(&self) {
        if let Err(error) = self.editor.undo() {
            let what = format!("profile {} says that it is logged in, and is not: {error}", self.profile);
            self.context.term.alert("profile_not_restored", &what);
        }
    }

    fn take_back_with_token(&self) {
        // An earlier token in the same place was already replaced by this one.
        if self.editor.file().token_place(self.url) != Some(self.place)
            && let Err(error) = credentials::forget(self.url, self.place, self.dir)
        {
            let what = format!("the new token for {} is still in the {}: {error}", self.url, self.place.as_str());
            self.context.term.alert("token_left_behind", &what);
        }
        self.take_back();
    }
}
