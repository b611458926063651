//! The settings of a command.

use std::{path::PathBuf, str::FromStr, time::Duration};

use url::Url;

use crate::{
    domain::duration::some_duration,
    term::{Environment, SignChoice},
};

use super::{
    ConfigDir, ConfigError, ConfigFile, DataDir, Entry, LOCAL, Setting, SettingSource, TokenPlace,
    proxy::{self, proxy_url},
    service_url, without_login,
};

const DEFAULT_RETRIES: u32 = 3;
/// The default is longer than the slowest test of a webhook, which takes 20 s.
const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The global flags of the command line.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--service`.
    pub service: Option<String>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--output`, by its name.
    pub output: Option<String>,
    /// `--retries`.
    pub retries: Option<u32>,
    /// `--request-timeout`.
    pub request_timeout: Option<Duration>,
    /// `--ca-cert`.
    pub ca_cert: Option<PathBuf>,
    /// `--proxy`.
    pub proxy: Option<Url>,
    /// `--allow-http`.
    pub allow_http: bool,
}

/// How much of the configuration file and of this program's variables a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The command needs neither, and errors in them do not matter.
    Nothing,
    /// The file is not opened.
    NoFile,
    /// Errors are kept in [`Settings::problem`], and the defaults apply.
    WhateverItIs,
    /// The file must be readable, but the profile need not exist: the command may create it.
    AnyProfile,
    /// The file must be readable, and the profile must exist.
    Whole,
}

/// The service that commands use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The service inside this process.
    Local,
    /// A service that is reached over HTTP.
    Service(Url),
}

/// A setting in the list: name, value, source.
pub type InForce = (&'static str, String, SettingSource);

/// The settings in force.
#[derive(Debug)]
pub struct Settings {
    /// The profile in use, or `None` if the service is in no profile.
    pub profile: Setting<Option<String>>,
    /// The service to use.
    pub target: Setting<Target>,
    /// How data is written.
    pub output: Setting<String>,
    /// The signs beside words on a terminal.
    pub signs: Setting<SignChoice>,
    /// How often a temporarily failed request is repeated.
    pub retries: Setting<u32>,
    /// How long one request may take.
    pub request_timeout: Setting<Duration>,
    /// A file with certificates to trust besides the system's.
    pub ca_cert: Setting<Option<PathBuf>>,
    /// The proxy that was named; [`Settings::proxy_to`] also reads the environment.
    pub proxy: Setting<Option<Url>>,
    /// Whether a token may go over plain HTTP to another machine.
    pub allow_http: Setting<bool>,
    /// Whether changes need a confirmation.
    pub protected: Setting<bool>,
    /// The configuration file.
    pub file: ConfigFile,
    /// The profile that a flag or a variable names, even if it does not exist.
    pub named_profile: Option<String>,
    /// What is wrong with the file or the profile, if the command continues.
    pub problem: Option<ConfigError>,
    environment: Environment,
}

impl Settings {
    /// Resolves the settings: flags come before the environment, the file and the defaults.
    ///
    /// # Errors
    /// Fails if a given value cannot be used.
    pub fn resolve(flags: Flags, environment: &Environment, reading: Reading) -> Result<Self, ConfigError> {
        let mut problem = unreadable(environment, reading)?;
        let file = match (read(environment, reading), reading) {
            (Ok(file), _) => file,
            (Err(error), Reading::WhateverItIs) => {
                let path = ConfigDir::find(environment).map(|dir| dir.file()).unwrap_or_default();
                problem = problem.or(Some(error));
                ConfigFile::nothing(&path)
            }
            (Err(error), _) => return Err(error),
        };
        let named = named(&flags, environment, &file);
        let by_person = matches!(named.profile.source, SettingSource::Flag(_) | SettingSource::Environment(_));
        let named_profile = by_person.then(|| named.profile.value.clone());
        let (profile, target) = match resolve_target(&named, &file) {
            Ok(found) => found,
            Err(error) if reading == Reading::Whole => return Err(error),
            Err(error) => {
                problem = problem.or(Some(error));
                (named.profile.map(Some), Setting::from_default(Target::Local))
            }
        };
        let layers = Layers { environment, file: &file, profile: profile.value.as_deref() };
        Ok(Settings {
            output: layers
                .find("output", flag(flags.output, "--output"), Some("TM_HOOKS_OUTPUT"), same)?
                .or("table".to_owned()),
            signs: layers.find("signs", None, None, parsed)?.or(SignChoice::Auto),
            retries: layers.find("retries", flag(flags.retries, "--retries"), None, parsed)?.or(DEFAULT_RETRIES),
            request_timeout: layers
                .find("request-timeout", flag(flags.request_timeout, "--request-timeout"), None, some_duration)?
                .or(DEFAULT_REQUEST_TIMEOUT),
            ca_cert: layers.ca_cert(flags.ca_cert)?,
            proxy: layers.find("proxy", flag(flags.proxy, "--proxy"), None, proxy_url)?.or_none(),
            allow_http: layers
                .find("allow-http", flag(flags.allow_http.then_some(true), "--allow-http"), None, parsed)?
                .or(false),
            protected: layers.find("protected", None, None, parsed)?.or(false),
            profile,
            target,
            file,
            named_profile,
            problem,
            environment: environment.clone(),
        })
    }

    /// Returns where the profile `local` keeps its data. Creates nothing.
    ///
    /// # Errors
    /// Fails if the place is unknown.
    pub fn data_dir(&self) -> Result<DataDir, ConfigError> {
        DataDir::find(&self.environment)
    }

    /// Returns where the configuration is. Creates nothing.
    ///
    /// # Errors
    /// Fails if the place is unknown.
    pub fn config_dir(&self) -> Result<ConfigDir, ConfigError> {
        ConfigDir::find(&self.environment)
    }

    /// Whether the service inside this process is used.
    pub fn is_local(&self) -> bool {
        self.target.value == Target::Local
    }

    /// Returns the URL of the service, if it is not the one inside this process.
    pub fn service(&self) -> Option<&Url> {
        match &self.target.value {
            Target::Local => None,
            Target::Service(url) => Some(url),
        }
    }

    /// Returns where `login` has stored the token of the service at `url`.
    pub fn token_place(&self, url: &Url) -> Option<TokenPlace> {
        self.file.token_place(url)
    }

    /// Returns the proxy for the service at `url`, if any: the named one, or else the environment's. Every request and
    /// `doctor` use the same one.
    ///
    /// # Errors
    /// Fails if the environment names a proxy that cannot be used.
    pub fn proxy_to(&self, url: &Url) -> Result<Option<Setting<Url>>, ConfigError> {
        match &self.proxy {
            Setting { value: Some(proxy), source } => {
                Ok(Some(Setting { value: proxy.clone(), source: source.clone() }))
            }
            _ => proxy::from_environment(url, &self.environment),
        }
    }

    /// Returns the proxy for the list: that of the service in use, even if it cannot be used.
    fn shown_proxy(&self) -> Setting<String> {
        let named = self.proxy.value.as_ref().map(|proxy| (proxy.to_string(), self.proxy.source.clone()));
        let found = named.or_else(|| match self.proxy_to(self.service()?) {
            Ok(found) => found.map(|proxy| (proxy.value.to_string(), proxy.source)),
            Err(ConfigError::BadValue { value, from, .. }) => Some((value, from)),
            Err(_) => None,
        });
        let (text, source) = found.unwrap_or((String::new(), SettingSource::Default));
        Setting { value: without_login(&text), source }
    }

    /// Returns every setting in force with its source.
    pub fn in_force(&self) -> Vec<InForce> {
        let text = |value: &dyn ToString, source: &SettingSource, name| (name, value.to_string(), source.clone());
        let target = match &self.target.value {
            Target::Local => LOCAL.to_owned(),
            Target::Service(url) => url.to_string(),
        };
        let profile = self.profile.value.clone().unwrap_or_default();
        let ca_cert = self.ca_cert.value.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let proxy = self.shown_proxy();
        let mut all = vec![
            text(&profile, &self.profile.source, "profile"),
            text(&target, &self.target.source, "service"),
            text(&self.output.value, &self.output.source, "output"),
            text(&self.signs.value, &self.signs.source, "signs"),
            text(&self.retries.value, &self.retries.source, "retries"),
            text(
                &format!("{}s", self.request_timeout.value.as_secs_f64()),
                &self.request_timeout.source,
                "request-timeout",
            ),
            text(&ca_cert, &self.ca_cert.source, "ca-cert"),
            text(&proxy.value, &proxy.source, "proxy"),
            text(&self.allow_http.value, &self.allow_http.source, "allow-http"),
            text(&self.protected.value, &self.protected.source, "protected"),
        ];
        if let Ok(dir) = self.data_dir() {
            all.push(text(&dir.path().display(), &dir.source(), "data-dir"));
        }
        all
    }
}

/// Finds a variable of this program that is not UTF-8.
fn unreadable(environment: &Environment, reading: Reading) -> Result<Option<ConfigError>, ConfigError> {
    let name = environment.ours().find(|name| environment.is_unreadable(name));
    match (name.map(|name| ConfigError::BadVariable(name.to_owned())), reading) {
        (_, Reading::Nothing) => Ok(None),
        (error, Reading::WhateverItIs) => Ok(error),
        (Some(error), _) => Err(error),
        (None, _) => Ok(None),
    }
}

fn read(environment: &Environment, reading: Reading) -> Result<ConfigFile, ConfigError> {
    match (reading, ConfigDir::find(environment)) {
        (Reading::Nothing | Reading::NoFile, dir) => {
            Ok(ConfigFile::nothing(&dir.map(|dir| dir.file()).unwrap_or_default()))
        }
        (_, Ok(dir)) => ConfigFile::read(&dir),
        // Without a home there is no file.
        (_, Err(_)) => Ok(ConfigFile::nothing("".as_ref())),
    }
}

fn flag<T>(value: Option<T>, name: &'static str) -> Option<Setting<T>> {
    value.map(|value| Setting::from_flag(value, name))
}

fn same(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

fn parsed<T: FromStr<Err: ToString>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// A value that was found or not.
struct Lookup<T>(Option<Setting<T>>);

impl<T> Lookup<T> {
    fn or(self, default: T) -> Setting<T> {
        self.0.unwrap_or(Setting::from_default(default))
    }

    fn or_none(self) -> Setting<Option<T>> {
        match self.0 {
            Some(found) => found.map(Some),
            None => Setting::from_default(None),
        }
    }
}

/// The sources of values besides the flags.
struct Layers<'a> {
    environment: &'a Environment,
    file: &'a ConfigFile,
    profile: Option<&'a str>,
}

impl Layers<'_> {
    /// Returns the flag, or else the variable, the profile's value, or the file's.
    fn find<T>(
        &self,
        key: &str,
        flag: Option<Setting<T>>,
        variable: Option<&'static str>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Lookup<T>, ConfigError> {
        if flag.is_some() {
            return Ok(Lookup(flag));
        }
        let variable = variable.and_then(|name| Some((self.environment.get(name)?, SettingSource::Environment(name))));
        let entry = || self.entry(key).map(|entry| (entry.text.as_str(), self.file.source(entry)));
        let Some((text, source)) = variable.or_else(entry) else { return Ok(Lookup(None)) };
        match parse(text) {
            Ok(value) => Ok(Lookup(Some(Setting { value, source }))),
            Err(why) => Err(ConfigError::BadValue { value: without_login(text), from: source, why }),
        }
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        self.profile.and_then(|profile| self.file.in_profile(profile, key)).or_else(|| self.file.everywhere(key))
    }

    /// Resolves a relative path in the file from the file's folder, and `~` from the home folder.
    fn ca_cert(&self, given: Option<PathBuf>) -> Result<Setting<Option<PathBuf>>, ConfigError> {
        let given = flag(given, "--ca-cert");
        let found = self.find("ca-cert", given, None, |text| Ok(PathBuf::from(text)))?.or_none();
        let Setting { value, source } = found;
        let value = value.map(|path| self.environment.expanded(&path)).map(|path| match &source {
            SettingSource::File { path: file, .. } => file.parent().map_or(path.clone(), |folder| folder.join(path)),
            _ => path,
        });
        Ok(Setting { value, source })
    }
}

/// The named profile, and an address that takes precedence over it.
struct NamedProfile {
    profile: Setting<String>,
    address: Option<Setting<String>>,
}

/// Chooses between the sources: a flag beats the environment, which beats the file; an address beats a profile named
/// with it.
fn named(flags: &Flags, environment: &Environment, file: &ConfigFile) -> NamedProfile {
    let variable = |name: &'static str| {
        Some(Setting { value: environment.get(name)?.to_owned(), source: SettingSource::Environment(name) })
    };
    let by_flag = flag(flags.profile.clone(), "--profile");
    let address = match flag(flags.service.clone(), "--service") {
        None if by_flag.is_some() => None,
        None => variable("TM_HOOKS_URL"),
        given => given,
    };
    let in_file = || {
        let entry = file.everywhere("profile")?;
        Some(Setting { value: entry.text.clone(), source: file.source(entry) })
    };
    let profile = by_flag.or_else(|| variable("TM_HOOKS_PROFILE")).or_else(in_file);
    NamedProfile { profile: profile.unwrap_or(Setting::from_default(LOCAL.to_owned())), address }
}

type ResolvedTarget = (Setting<Option<String>>, Setting<Target>);

fn resolve_target(named: &NamedProfile, file: &ConfigFile) -> Result<ResolvedTarget, ConfigError> {
    let NamedProfile { profile, address } = named;
    let name = profile.value.as_str();
    if let Some(address) = address {
        let url = service_url(&address.value, address.source.clone())?;
        // The settings of a service apply however it was named, above all its protection.
        let known = file.profiles_at(&url).find(|known| *known == name).or_else(|| file.profiles_at(&url).next());
        let known = Setting { value: known.map(str::to_owned), source: address.source.clone() };
        return Ok((known, Setting { value: Target::Service(url), source: address.source.clone() }));
    }
    let target = match file.in_profile(name, "url") {
        None if name == LOCAL => Setting { value: Target::Local, source: profile.source.clone() },
        None => {
            return Err(ConfigError::UnknownProfile { name: name.to_owned(), from: profile.source.clone() });
        }
        Some(entry) => {
            let source = file.source(entry);
            Setting { value: Target::Service(service_url(&entry.text, source.clone())?), source }
        }
    };
    Ok((Setting { value: Some(name.to_owned()), source: profile.source.clone() }, target))
}

#[cfg(test)]
mod tests;
