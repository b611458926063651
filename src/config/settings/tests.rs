use std::path::Path;

use super::*;

const FILE: &str = "profile = \"staging\"\noutput = \"csv\"\nca-cert = \"own.pem\"\n\n[profiles.staging]\nurl = \
                    \"https://staging.example\"\n\n[profiles.production]\nurl = \"https://hooks.example\"\noutput = \
                    \"json\"\nprotected = true\ntoken = \"keyring\"\n";

/// A home folder with or without a configuration file.
struct ConfigHome(tempfile::TempDir);

impl ConfigHome {
    fn with(text: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        if let Some(text) = text {
            std::fs::write(folder.path().join("config.toml"), text).unwrap();
        }
        ConfigHome(folder)
    }

    fn resolved(&self, flags: Flags, variables: &[(&str, &str)], reading: Reading) -> Result<Settings, ConfigError> {
        let home = self.0.path().to_str().unwrap();
        let variables = variables.iter().copied().chain([("TM_HOOKS_CONFIG_DIR", home), ("HOME", home)]);
        Settings::resolve(flags, &variables.collect(), reading)
    }

    fn of(&self, service: Option<&str>, profile: Option<&str>, variables: &[(&str, &str)]) -> Settings {
        self.resolved(flags(service, profile), variables, Reading::Whole).unwrap()
    }
}

fn flags(service: Option<&str>, profile: Option<&str>) -> Flags {
    Flags { service: service.map(str::to_owned), profile: profile.map(str::to_owned), ..Flags::default() }
}

fn target(settings: &Settings) -> (String, SettingSource) {
    let url = settings.service().map_or("local".to_owned(), ToString::to_string);
    (url, settings.target.source.clone())
}

#[test]
fn flags_come_before_the_environment_before_local() {
    let (place, variables) = (ConfigHome::with(None), [("TM_HOOKS_URL", "https://env.example")]);
    let of = |service, profile, variables: &[_]| target(&place.of(service, profile, variables));
    assert_eq!(of(None, None, &[]), ("local".to_owned(), SettingSource::Default));
    assert_eq!(
        of(None, None, &variables),
        ("https://env.example/".to_owned(), SettingSource::Environment("TM_HOOKS_URL"))
    );
    assert_eq!(
        of(Some("http://flag.example"), None, &variables),
        ("http://flag.example/".to_owned(), SettingSource::Flag("--service"))
    );
    assert_eq!(of(None, Some("local"), &variables), ("local".to_owned(), SettingSource::Flag("--profile")));
}

#[test]
fn the_file_comes_after_the_environment_and_a_profile_before_what_holds_everywhere() {
    let place = ConfigHome::with(Some(FILE));
    let staging = place.of(None, None, &[]);
    assert_eq!(staging.profile.value.as_deref(), Some("staging"));
    assert_eq!(target(&staging).0, "https://staging.example/");
    assert!(target(&staging).1.to_string().ends_with("config.toml:6"), "{}", target(&staging).1);
    assert_eq!((staging.output.value.as_str(), staging.protected.value), ("csv", false));
    assert_eq!(staging.ca_cert.value, Some(place.0.path().join("own.pem")));
    let production = place.of(None, None, &[("TM_HOOKS_PROFILE", "production")]);
    assert_eq!((production.output.value.as_str(), production.protected.value), ("json", true));
    assert!(production.output.source.to_string().ends_with("config.toml:10"));
    let flag = Flags { output: Some("id".to_owned()), ..flags(None, Some("local")) };
    let local = place.resolved(flag, &[("TM_HOOKS_OUTPUT", "tsv")], Reading::Whole).unwrap();
    assert!(local.is_local() && local.output.source == SettingSource::Flag("--output"));
    assert_eq!(place.of(None, None, &[("TM_HOOKS_OUTPUT", "tsv")]).output.value, "tsv");
}

#[test]
fn a_service_is_protected_however_it_is_named() {
    let place = ConfigHome::with(Some(FILE));
    let named = place.of(Some("https://hooks.example/"), None, &[]);
    assert_eq!((named.profile.value.as_deref(), named.protected.value), (Some("production"), true));
    assert_eq!(named.token_place(named.service().unwrap()), Some(TokenPlace::Keyring));
    let other = place.of(Some("https://other.example"), None, &[]);
    assert_eq!((other.profile.value.as_deref(), other.protected.value), (None, false));
    assert_eq!(other.token_place(&"https://staging.example/".parse().unwrap()), None);
}

#[test]
fn what_cannot_be_used_is_said_with_its_source() {
    let place = ConfigHome::with(None);
    let message =
        |service, profile| place.resolved(flags(service, profile), &[], Reading::Whole).unwrap_err().to_string();
    assert_eq!(message(None, Some("prod")), "there is no profile \"prod\" (from --profile)");
    let url = message(Some("https://me:pass@host.example/"), None);
    assert!(url.contains("https://…@host.example/") && !url.contains("pass@"), "{url}");
    for bad in ["ftp://host.example", "host.example", "https://h.example/?a=1", "https://h.example/#a"] {
        assert!(place.resolved(flags(Some(bad), None), &[], Reading::Whole).is_err(), "{bad}");
    }
}

#[test]
fn a_broken_file_stops_only_those_who_need_it() {
    let place = ConfigHome::with(Some("[[["));
    let read = |reading| place.resolved(Flags::default(), &[], reading);
    assert!(matches!(read(Reading::Whole), Err(ConfigError::BrokenFile { .. })));
    assert!(read(Reading::AnyProfile).is_err());
    assert!(read(Reading::NoFile).unwrap().problem.is_none());
    let kept = read(Reading::WhateverItIs).unwrap();
    assert!(kept.is_local() && matches!(kept.problem, Some(ConfigError::BrokenFile { line: 1, .. })));
    let gone = ConfigHome::with(Some("profile = \"gone\""));
    let gone = |reading| gone.resolved(Flags::default(), &[], reading);
    assert!(gone(Reading::Whole).unwrap_err().to_string().contains("config.toml:1)"));
    assert!(matches!(gone(Reading::AnyProfile).unwrap().problem, Some(ConfigError::UnknownProfile { .. })));
}

#[test]
fn one_service_has_one_url() {
    let url = |text: &str| service_url(text, SettingSource::Default).unwrap().to_string();
    assert_eq!(url("https://Hooks.Example:443/base/"), "https://hooks.example/base");
    assert_eq!(url("https://hooks.example"), url("https://hooks.example/"));
}

#[test]
fn a_proxy_matters_to_those_who_go_by_it() {
    let (place, variables) = (ConfigHome::with(None), [("ALL_PROXY", "ftp://me:pass@p.example")]);
    let settings = |flags| place.resolved(flags, &variables, Reading::Whole).unwrap();
    let elsewhere = settings(flags(Some("https://hooks.example"), None));
    let listed = |settings: &Settings| {
        let (_, value, source) = settings.in_force().into_iter().find(|(name, ..)| *name == "proxy").unwrap();
        (value, source)
    };
    assert_eq!(listed(&settings(Flags::default())), (String::new(), SettingSource::Default));
    assert_eq!(listed(&elsewhere), ("ftp://…@p.example".to_owned(), SettingSource::Environment("ALL_PROXY")));
    let url = elsewhere.service().unwrap();
    assert!(elsewhere.proxy_to(url).unwrap_err().to_string().starts_with("ALL_PROXY cannot be"));
    let named =
        Flags { proxy: Some("http://127.0.0.1:1".parse().unwrap()), ..flags(Some("https://hooks.example"), None) };
    let named = settings(named).proxy_to(url).unwrap().unwrap();
    assert_eq!((named.value.as_str(), named.source), ("http://127.0.0.1:1/", SettingSource::Flag("--proxy")));
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_an_error_for_all_who_could_need_it() {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt};
    let home = tempfile::tempdir().unwrap();
    let bad = [("HOME", home.path().into()), ("TM_HOOKS_ADMIN_TOKEN", OsString::from_vec(b"t\xf6ken".to_vec()))];
    let environment = bad.into_iter().collect();
    let read = |reading| Settings::resolve(Flags::default(), &environment, reading);
    for reading in [Reading::Whole, Reading::AnyProfile, Reading::NoFile] {
        assert_eq!(read(reading).unwrap_err().to_string(), "TM_HOOKS_ADMIN_TOKEN is not UTF-8");
    }
    assert!(read(Reading::Nothing).unwrap().problem.is_none());
    assert!(matches!(read(Reading::WhateverItIs).unwrap().problem, Some(ConfigError::BadVariable(_))));
}

#[test]
fn paths_in_the_file_start_at_its_folder_or_at_home() {
    let at = |text: &str| {
        let place = ConfigHome::with(Some(&format!("ca-cert = \"{text}\"")));
        let found = place.of(None, None, &[]).ca_cert.value.unwrap();
        found.strip_prefix(place.0.path()).map_or(found.clone(), |below| Path::new("HOME").join(below))
    };
    assert_eq!(at("own.pem"), Path::new("HOME/own.pem"));
    assert_eq!(at("~/certs/own.pem"), Path::new("HOME/certs/own.pem"));
    assert_eq!(at("/etc/own.pem"), Path::new("/etc/own.pem"));
}
