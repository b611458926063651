//! The settings a command works with.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::term::Environment;

use super::{ConfigError, DataDir, Setting, Source};

/// The name of the profile that needs no configuration.
const LOCAL: &str = "local";
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
    /// `--retries`.
    pub retries: Option<u32>,
    /// `--request-timeout`.
    pub request_timeout: Option<Duration>,
}

/// Whom the commands talk to.
#[derive(Debug, Clone)]
pub enum Target {
    /// The service inside this process.
    Local,
    /// A service somewhere else.
    Service(Service),
}

/// A service that is reached over HTTP.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its address.
    pub url: Url,
    /// What to show it, if anything.
    pub token: Option<Setting<SecretString>>,
}

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whom to talk to.
    pub target: Setting<Target>,
    /// How often a request that failed for a while is made again.
    pub retries: Setting<u32>,
    /// How long one request may take.
    pub request_timeout: Setting<Duration>,
    environment: Environment,
}

impl Settings {
    /// Puts flags before environment before defaults. Reads the token's file, and nothing else.
    ///
    /// # Errors
    /// When something that was given cannot be used.
    pub fn resolve(flags: Flags, environment: &Environment) -> Result<Self, ConfigError> {
        let Flags { service, profile, retries, request_timeout } = flags;
        Ok(Settings {
            target: target(service, profile, environment)?,
            retries: match retries {
                Some(retries) => Setting::from_flag(retries, "--retries"),
                None => Setting::from_default(DEFAULT_RETRIES),
            },
            request_timeout: match request_timeout {
                Some(timeout) => Setting::from_flag(timeout, "--request-timeout"),
                None => Setting::from_default(DEFAULT_REQUEST_TIMEOUT),
            },
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

    /// Whether the service inside this process is used.
    pub fn is_local(&self) -> bool {
        matches!(self.target.value, Target::Local)
    }
}

/// A flag beats the environment, and an address beats a profile.
fn target(
    service: Option<String>,
    profile: Option<String>,
    environment: &Environment,
) -> Result<Setting<Target>, ConfigError> {
    let variable = |name: &'static str| Some((environment.get(name)?.to_owned(), Source::Environment(name)));
    if let Some((name, from)) =
        profile.clone().map(|name| (name, Source::Flag("--profile"))).or_else(|| variable("TM_HOOKS_PROFILE"))
        && name != LOCAL
    {
        return Err(ConfigError::UnknownProfile { name, from });
    }
    if let Some(text) = service {
        return reach(&text, Source::Flag("--service"), environment);
    }
    if profile.is_some() {
        return Ok(Setting::from_flag(Target::Local, "--profile"));
    }
    match variable("TM_HOOKS_URL") {
        Some((text, from)) => reach(&text, from, environment),
        None => Ok(Setting::from_default(Target::Local)),
    }
}

fn reach(text: &str, source: Source, environment: &Environment) -> Result<Setting<Target>, ConfigError> {
    let service = Service { url: service_url(text, source)?, token: token(environment)? };
    Ok(Setting { value: Target::Service(service), source })
}

fn service_url(text: &str, from: Source) -> Result<Url, ConfigError> {
    let bad = |why: &str| ConfigError::BadServiceUrl { url: without_login(text), from, why: why.to_owned() };
    let url: Url = text.parse().map_err(|error: url::ParseError| bad(&error.to_string()))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(bad("it must start with https:// or http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("it must hold no user and no password: the token goes into TM_HOOKS_TOKEN"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it must have no query and no fragment"));
    }
    Ok(url)
}

/// `text` without what stands before an `@`, where a password would be.
fn without_login(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…@{}", &text[..scheme], &text[at + 1..]),
        _ => text.to_owned(),
    }
}

fn token(environment: &Environment) -> Result<Option<Setting<SecretString>>, ConfigError> {
    if let Some(token) = environment.get("TM_HOOKS_TOKEN") {
        return usable(token, Source::Environment("TM_HOOKS_TOKEN")).map(Some);
    }
    let Some(path) = environment.path("TM_HOOKS_TOKEN_FILE") else { return Ok(None) };
    let text = std::fs::read_to_string(&path).map_err(|error| ConfigError::TokenFile { path, error })?;
    usable(&text, Source::Environment("TM_HOOKS_TOKEN_FILE")).map(Some)
}

/// A token that can stand in a header, without the blanks and the line's end around it.
fn usable(text: &str, source: Source) -> Result<Setting<SecretString>, ConfigError> {
    let token = text.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ConfigError::BadToken(source));
    }
    Ok(Setting { value: SecretString::from(token.to_owned()), source })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn resolved(
        service: Option<&str>,
        profile: Option<&str>,
        variables: &[(&str, &str)],
    ) -> Result<Settings, ConfigError> {
        let flags =
            Flags { service: service.map(str::to_owned), profile: profile.map(str::to_owned), ..Flags::default() };
        Settings::resolve(flags, &variables.iter().copied().collect())
    }

    fn url_and_source(settings: &Settings) -> (String, Source) {
        match &settings.target.value {
            Target::Local => ("local".to_owned(), settings.target.source),
            Target::Service(service) => (service.url.to_string(), settings.target.source),
        }
    }

    #[test]
    fn flags_come_before_the_environment_before_local() {
        let variables = [("TM_HOOKS_URL", "https://env.example")];
        let of = |service, profile, variables: &[_]| url_and_source(&resolved(service, profile, variables).unwrap());
        assert_eq!(of(None, None, &[]), ("local".to_owned(), Source::Default));
        assert_eq!(
            of(None, None, &variables),
            ("https://env.example/".to_owned(), Source::Environment("TM_HOOKS_URL"))
        );
        assert_eq!(
            of(Some("http://flag.example"), None, &variables),
            ("http://flag.example/".to_owned(), Source::Flag("--service"))
        );
        assert_eq!(of(None, Some("local"), &variables), ("local".to_owned(), Source::Flag("--profile")));
    }

    #[test]
    fn what_cannot_be_used_is_said_with_its_source() {
        let message = |result: Result<Settings, ConfigError>| result.unwrap_err().to_string();
        assert_eq!(message(resolved(None, Some("prod"), &[])), "there is no profile \"prod\" (from --profile)");
        let url = message(resolved(Some("https://me:pass@host.example/"), None, &[]));
        assert!(url.contains("https://…@host.example/") && !url.contains("pass@"), "{url}");
        for bad in ["ftp://host.example", "host.example", "https://h.example/?a=1", "https://h.example/#a"] {
            assert!(resolved(Some(bad), None, &[]).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_token_comes_from_the_environment_or_a_file_and_is_never_shown() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "from-file\n").unwrap();
        let path = file.path().to_str().unwrap();
        let token =
            |variables: &[(&str, &str)]| match resolved(Some("https://h.example"), None, variables)?.target.value {
                Target::Service(service) => Ok(service.token.map(|token| token.value.expose_secret().to_owned())),
                Target::Local => Ok(None),
            };
        assert_eq!(token(&[]).unwrap(), None);
        assert_eq!(token(&[("TM_HOOKS_TOKEN_FILE", path)]).unwrap().as_deref(), Some("from-file"));
        let both = [("TM_HOOKS_TOKEN_FILE", path), ("TM_HOOKS_TOKEN", "from-env")];
        assert_eq!(token(&both).unwrap().as_deref(), Some("from-env"));
        let error: ConfigError = token(&[("TM_HOOKS_TOKEN", "two words")]).unwrap_err();
        assert!(!error.to_string().contains("two words"));
        let settings = resolved(Some("https://h.example"), None, &both).unwrap();
        assert!(!format!("{settings:?}").contains("from-env"));
    }
}
