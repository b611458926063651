//! Checks the settings in force and their sources.

use url::Url;

use crate::{
    commands::{Context, globals::format_problem},
    config::{ConfigError, LOCAL, SettingSource},
};

use super::{check::CheckResult, files};

/// Reports the file, the profile, and the settings that differ from the defaults.
pub(super) fn checks(context: &Context) -> Vec<CheckResult> {
    let settings = &context.settings;
    let mut checks = Vec::new();
    let path = settings.file.path().display();
    match &settings.problem {
        Some(error) => {
            let name = if matches!(error, ConfigError::UnknownProfile { .. }) { "profile" } else { "config file" };
            checks.push(CheckResult::failure(name, error.to_string(), error.hint()));
        }
        None if settings.file.exists() => checks.push(files::config_file(settings.file.path())),
        None => checks.push(CheckResult::ok("config file", format!("none at {path}"))),
    }
    if settings.problem.is_none() {
        let profile = settings.profile.value.as_deref().unwrap_or("none");
        let place = settings.service().map_or(LOCAL.to_owned(), Url::to_string);
        let protected = if settings.protected.value { "; changes are asked about first" } else { "" };
        checks.push(CheckResult::ok("profile", format!("{profile} ({}): {place}{protected}", settings.profile.source)));
    }
    if let Some(error) = format_problem(&settings.output) {
        checks.push(CheckResult::failed("output", error));
    }
    let changed = settings.in_force().into_iter().filter(|(name, _, source)| {
        *source != SettingSource::Default && !matches!(*name, "profile" | "service" | "protected")
    });
    let changed: Vec<String> = changed.map(|(name, value, source)| format!("{name} {value} ({source})")).collect();
    let changed = if changed.is_empty() { "all as they are by default".to_owned() } else { changed.join(", ") };
    checks.push(CheckResult::ok("settings", changed));
    checks
}
