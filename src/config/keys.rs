//! The table of all settings in the configuration file: reading, checking, writing and help use it.

use std::{fmt, str::FromStr};

use crate::{
    domain::{duration::some_duration, text},
    term::SignChoice,
};

use super::{ConfigError, SettingSource, profile_name, proxy_url, service_url};

/// Where a setting may be in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingScope {
    /// At the top of the file, for all profiles.
    Everywhere,
    /// In a profile only.
    Profile,
    /// At the top, or in a profile, which takes precedence.
    Both,
}

/// A setting of the file.
#[derive(Debug)]
pub struct SettingKey {
    /// Its name.
    pub name: &'static str,
    /// Where it may be.
    pub scope: SettingScope,
    /// How it is written in TOML.
    pub form: ValueType,
    /// A description of one line, for people.
    pub about: &'static str,
    check: fn(&str) -> Result<(), String>,
}

/// How a value is written in TOML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// A quoted string.
    Text,
    /// A quoted path of a file.
    Path,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
}

/// All settings.
pub static KEYS: [SettingKey; 11] = [
    key("profile", SettingScope::Everywhere, ValueType::Text, "the profile that is used when nothing names one", some),
    key("output", SettingScope::Both, ValueType::Text, "table, json, ndjson, csv, tsv or id", output),
    key(
        "signs",
        SettingScope::Everywhere,
        ValueType::Text,
        "auto, or ascii for a terminal that shows no other signs",
        signs,
    ),
    key(
        "retries",
        SettingScope::Both,
        ValueType::Number,
        "how often a temporarily failed request is repeated",
        retries,
    ),
    key("request-timeout", SettingScope::Both, ValueType::Text, "how long one request may take, such as 30s", timeout),
    key("ca-cert", SettingScope::Both, ValueType::Path, "a file with certificates to trust besides the system's", some),
    key("proxy", SettingScope::Both, ValueType::Text, "the proxy that leads to the service", proxy),
    key("url", SettingScope::Profile, ValueType::Text, "where the service is", url),
    key("protected", SettingScope::Profile, ValueType::Switch, "whether changes are asked about first", switch),
    key("allow-http", SettingScope::Profile, ValueType::Switch, "whether the token may go over plain HTTP", switch),
    key("token", SettingScope::Profile, ValueType::Text, "where login has put the token: keyring or file", token),
];

const fn key(
    name: &'static str,
    scope: SettingScope,
    form: ValueType,
    about: &'static str,
    check: fn(&str) -> Result<(), String>,
) -> SettingKey {
    SettingKey { name, scope, form, about, check }
}

impl SettingKey {
    /// Finds the setting with this name, at the top or in a profile.
    pub(super) fn find(name: &str, in_profile: bool) -> Option<&'static SettingKey> {
        let fits = |key: &&SettingKey| match key.scope {
            SettingScope::Everywhere => !in_profile,
            SettingScope::Profile => in_profile,
            SettingScope::Both => true,
        };
        KEYS.iter().filter(fits).find(|key| key.name == name)
    }

    /// Returns an example of a value.
    pub fn example(&self) -> &'static str {
        match self.name {
            "profile" => "production",
            "output" => "json",
            "signs" => "ascii",
            "retries" => "5",
            "request-timeout" => "30s",
            "ca-cert" => "/etc/ssl/certs/company.pem",
            "proxy" => "http://proxy.example.com:3128",
            "url" => "https://hooks.example.com",
            "token" => "keyring",
            _ => "true",
        }
    }

    /// Checks a value.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check(&self, value: &str) -> Result<(), String> {
        (self.check)(value)
    }
}

/// Where `login` has stored a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPlace {
    /// The operating system's keyring.
    Keyring,
    /// The file of tokens, if the person chose it.
    File,
}

impl TokenPlace {
    /// Returns its name in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            TokenPlace::Keyring => "keyring",
            TokenPlace::File => "file",
        }
    }
}

impl FromStr for TokenPlace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [TokenPlace::Keyring, TokenPlace::File]
            .into_iter()
            .find(|place| place.as_str() == text)
            .ok_or_else(|| "it is keyring or file".to_owned())
    }
}

/// A setting's place in the file: `output`, or `profiles.production.url`.
#[derive(Debug, Clone)]
pub struct SettingPath {
    /// The profile, if the setting is in one.
    pub profile: Option<String>,
    /// The setting.
    pub key: &'static SettingKey,
}

impl SettingPath {
    /// Returns the place of a profile's setting.
    ///
    /// # Errors
    /// Fails if profiles have no such setting.
    pub fn in_profile(profile: &str, key: &str) -> Result<Self, ConfigError> {
        format!("profiles.{profile}.{key}").parse()
    }
}

impl FromStr for SettingPath {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let unknown = || ConfigError::UnknownKey { name: text.to_owned(), meant: nearest(text) };
        let Some(inside) = text.strip_prefix("profiles.") else {
            return Ok(SettingPath { profile: None, key: SettingKey::find(text, false).ok_or_else(unknown)? });
        };
        // A profile's name may contain dots, a setting's cannot.
        let (profile, key) = inside.rsplit_once('.').ok_or_else(unknown)?;
        let profile = profile_name(profile.trim_matches('"'))?;
        Ok(SettingPath { profile: Some(profile), key: SettingKey::find(key, true).ok_or_else(unknown)? })
    }
}

impl fmt::Display for SettingPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.profile {
            Some(profile) => write!(f, "profiles.{profile}.{}", self.key.name),
            None => f.write_str(self.key.name),
        }
    }
}

/// Returns the setting that was probably meant.
pub(super) fn nearest(typed: &str) -> Option<&'static str> {
    let last = typed.rsplit('.').next().unwrap_or(typed);
    text::nearest(last, KEYS.iter().map(|key| key.name))
}

fn some(text: &str) -> Result<(), String> {
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(()) }
}

/// The names must be those of `render::Format`, which a test there compares.
fn output(text: &str) -> Result<(), String> {
    let known = ["table", "json", "ndjson", "csv", "tsv", "id"];
    if known.contains(&text) { Ok(()) } else { Err("the outputs are table, json, ndjson, csv, tsv and id".to_owned()) }
}

fn signs(text: &str) -> Result<(), String> {
    text.parse::<SignChoice>().map(drop)
}

fn retries(text: &str) -> Result<(), String> {
    match text.parse::<u32>() {
        Ok(0..=20) => Ok(()),
        _ => Err("it is a number from 0 to 20".to_owned()),
    }
}

fn timeout(text: &str) -> Result<(), String> {
    some_duration(text).map(drop)
}

fn proxy(text: &str) -> Result<(), String> {
    proxy_url(text).map(drop)
}

fn url(text: &str) -> Result<(), String> {
    match service_url(text, SettingSource::Default) {
        Ok(_) => Ok(()),
        Err(ConfigError::BadServiceUrl { why, .. }) => Err(why),
        Err(other) => Err(other.to_string()),
    }
}

fn switch(text: &str) -> Result<(), String> {
    if matches!(text, "true" | "false") { Ok(()) } else { Err("it is true or false".to_owned()) }
}

fn token(text: &str) -> Result<(), String> {
    text.parse::<TokenPlace>().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_with_dots_in_a_profile_s_name() {
        let place: SettingPath = "profiles.hooks.example.com.url".parse().unwrap();
        assert_eq!((place.profile.as_deref(), place.key.name), (Some("hooks.example.com"), "url"));
        assert_eq!(place.to_string(), "profiles.hooks.example.com.url");
        for wrong in [
            "url",
            "profiles.a.profile",
            "profiles.url",
            "profiles.local.url",
            "colour",
            "profiles.a b.url",
            "profiles.a\u{3164}.url",
        ] {
            assert!(wrong.parse::<SettingPath>().is_err(), "{wrong}");
        }
        let hint = "outptu".parse::<SettingPath>().unwrap_err().hint().into_owned();
        assert!(hint.contains("did you mean output?"), "{hint}");
    }

    #[test]
    fn values_are_checked() {
        let check = |key: &str, value: &str| SettingKey::find(key, true).unwrap().check(value).is_ok();
        assert!(check("output", "json") && !check("output", "yaml"));
        assert!(check("retries", "20") && !check("retries", "21"));
        assert!(check("request-timeout", "30s") && !check("request-timeout", "30"));
        assert!(check("url", "https://h.example/base") && !check("url", "https://me:pw@h.example"));
        assert!(check("protected", "true") && !check("protected", "yes"));
        assert!(check("proxy", "proxy.example:3128") && !check("proxy", "ftp://proxy.example"));
    }
}
