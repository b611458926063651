//! The settings a command works with.

use std::{path::PathBuf, str::FromStr, time::Duration};

use url::Url;

use crate::{
    domain::duration::some_duration,
    term::{Environment, SignChoice},
};

use super::{
    ConfigDir, ConfigError, ConfigFile, DataDir, Entry, LOCAL, Setting, Source, TokenPlace,
    proxy::{self, proxy_url},
    service_url, without_login,
};

const DEFAULT_RETRIES: u32 = 3;
/// Longer than the slowest test of a webhook may take: 20 s.
const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// What the command line says.
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

/// How far a command depends on the configuration file, and on our variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// It needs nothing: what is wrong with either does not matter.
    Nothing,
    /// The file is not opened.
    NoFile,
    /// What is wrong with it is kept in [`Settings::problem`], and the defaults hold.
    WhateverItIs,
    /// It must be readable, but the profile need not exist: the command may be the one that makes it.
    AnyProfile,
    /// It must be readable, and the profile must exist.
    Whole,
}

/// Whom the commands talk to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The service inside this process.
    Local,
    /// A service somewhere else, which is reached over HTTP.
    Service(Url),
}

/// A setting as it is listed: name, value, source.
pub type InForce = (&'static str, String, Source);

/// The settings in force.
#[derive(Debug)]
pub struct Settings {
    /// The profile in use; none when a service was named that is in no profile.
    pub profile: Setting<Option<String>>,
    /// Whom to talk to.
    pub target: Setting<Target>,
    /// How data is written.
    pub output: Setting<String>,
    /// Which signs stand beside words on a terminal.
    pub signs: Setting<SignChoice>,
    /// How often a request that failed for a while is made again.
    pub retries: Setting<u32>,
    /// How long one request may take.
    pub request_timeout: Setting<Duration>,
    /// A file with certificates to trust besides the system's.
    pub ca_cert: Setting<Option<PathBuf>>,
    /// The proxy that was named; [`Settings::proxy_to`] heeds the environment's too.
    pub proxy: Setting<Option<Url>>,
    /// Whether a token may go over plain HTTP to another machine.
    pub allow_http: Setting<bool>,
    /// Whether changes are asked about first.
    pub protected: Setting<bool>,
    /// The configuration file.
    pub file: ConfigFile,
    /// The profile that a flag or a variable names, whether it exists or not.
    pub named_profile: Option<String>,
    /// What is wrong with the file or the profile, where the command goes on all the same.
    pub problem: Option<ConfigError>,
    environment: Environment,
}

impl Settings {
    /// Puts flags before environment before the file before defaults.
    ///
    /// # Errors
    /// When something that was given cannot be used.
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
        let by_person = matches!(named.profile.source, Source::Flag(_) | Source::Environment(_));
        let named_profile = by_person.then(|| named.profile.value.clone());
        let (profile, target) = match whom(&named, &file) {
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

    /// Where the profile `local` keeps its data. Nothing is made.
    ///
    /// # Errors
    /// When nothing says where.
    pub fn data_dir(&self) -> Result<DataDir, ConfigError> {
        DataDir::find(&self.environment)
    }

    /// Where the configuration lies. Nothing is made.
    ///
    /// # Errors
    /// When nothing says where.
    pub fn config_dir(&self) -> Result<ConfigDir, ConfigError> {
        ConfigDir::find(&self.environment)
    }

    /// Whether the service inside this process is used.
    pub fn is_local(&self) -> bool {
        self.target.value == Target::Local
    }

    /// The URL of the service elsewhere, if one is used.
    pub fn service(&self) -> Option<&Url> {
        match &self.target.value {
            Target::Local => None,
            Target::Service(url) => Some(url),
        }
    }

    /// Where `login` has put the token of the service at `url`.
    pub fn token_place(&self, url: &Url) -> Option<TokenPlace> {
        self.file.token_place(url)
    }

    /// The proxy that leads to the service at `url`, if one does: the one that was named, else the environment's. It is
    /// the same for every request, and for `doctor`.
    ///
    /// # Errors
    /// When the environment names one that cannot be used.
    pub fn proxy_to(&self, url: &Url) -> Result<Option<Setting<Url>>, ConfigError> {
        match &self.proxy {
            Setting { value: Some(proxy), source } => {
                Ok(Some(Setting { value: proxy.clone(), source: source.clone() }))
            }
            _ => proxy::from_environment(url, &self.environment),
        }
    }

    /// The proxy as it is listed: that to the service in use, even where it cannot be used.
    fn shown_proxy(&self) -> Setting<String> {
        let named = self.proxy.value.as_ref().map(|proxy| (proxy.to_string(), self.proxy.source.clone()));
        let found = named.or_else(|| match self.proxy_to(self.service()?) {
            Ok(found) => found.map(|proxy| (proxy.value.to_string(), proxy.source)),
            Err(ConfigError::BadValue { value, from, .. }) => Some((value, from)),
            Err(_) => None,
        });
        let (text, source) = found.unwrap_or((String::new(), Source::Default));
        Setting { value: without_login(&text), source }
    }

    /// Every setting in force, and where it came from.
    pub fn in_force(&self) -> Vec<InForce> {
        let text = |value: &dyn ToString, source: &Source, name| (name, value.to_string(), source.clone());
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

/// A variable of ours that is no text, where the command goes on all the same.
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
        // Whoever has no home has no file in it.
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

/// A value that may have been found.
struct Found<T>(Option<Setting<T>>);

impl<T> Found<T> {
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

/// What lies below the flags.
struct Layers<'a> {
    environment: &'a Environment,
    file: &'a ConfigFile,
    profile: Option<&'a str>,
}

impl Layers<'_> {
    /// The flag, else the variable, else the profile's value, else the file's.
    fn find<T>(
        &self,
        key: &str,
        flag: Option<Setting<T>>,
        variable: Option<&'static str>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Found<T>, ConfigError> {
        if flag.is_some() {
            return Ok(Found(flag));
        }
        let variable = variable.and_then(|name| Some((self.environment.get(name)?, Source::Environment(name))));
        let entry = || self.entry(key).map(|entry| (entry.text.as_str(), self.file.source(entry)));
        let Some((text, source)) = variable.or_else(entry) else { return Ok(Found(None)) };
        match parse(text) {
            Ok(value) => Ok(Found(Some(Setting { value, source }))),
            Err(why) => Err(ConfigError::BadValue { value: without_login(text), from: source, why }),
        }
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        self.profile.and_then(|profile| self.file.in_profile(profile, key)).or_else(|| self.file.everywhere(key))
    }

    /// A relative path in the file starts at the file's folder, one with a `~` at the person's home.
    fn ca_cert(&self, given: Option<PathBuf>) -> Result<Setting<Option<PathBuf>>, ConfigError> {
        let given = flag(given, "--ca-cert");
        let found = self.find("ca-cert", given, None, |text| Ok(PathBuf::from(text)))?.or_none();
        let Setting { value, source } = found;
        let value = value.map(|path| self.environment.expanded(&path)).map(|path| match &source {
            Source::File { path: file, .. } => file.parent().map_or(path.clone(), |folder| folder.join(path)),
            _ => path,
        });
        Ok(Setting { value, source })
    }
}

/// What flags, environment and file name: a profile, and an address that goes before the profile's own.
struct Named {
    profile: Setting<String>,
    address: Option<Setting<String>>,
}

/// A flag beats the environment, which beats the file; an address beats a profile that was named beside it.
fn named(flags: &Flags, environment: &Environment, file: &ConfigFile) -> Named {
    let variable = |name: &'static str| {
        Some(Setting { value: environment.get(name)?.to_owned(), source: Source::Environment(name) })
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
    Named { profile: profile.unwrap_or(Setting::from_default(LOCAL.to_owned())), address }
}

type Whom = (Setting<Option<String>>, Setting<Target>);

fn whom(named: &Named, file: &ConfigFile) -> Result<Whom, ConfigError> {
    let Named { profile, address } = named;
    let name = profile.value.as_str();
    if let Some(address) = address {
        let url = service_url(&address.value, address.source.clone())?;
        // What holds for a service holds however it was named: its protection, above all.
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
