//! Checks the local files with keys, tokens and settings: whether they are usable, and who else may read them.

use std::path::{Path, PathBuf};

use crate::{
    commands::Context,
    files::{Use, is_open_to_others, refusal},
};

use super::check::CheckResult;

/// Returns a check for each existing file. The checks that need a missing file report it.
pub(super) fn checks(context: &Context) -> Vec<CheckResult> {
    known(context).into_iter().filter_map(|(name, path)| check(name, path)).collect()
}

/// Returns the files that environment and configuration name.
fn known(context: &Context) -> Vec<(&'static str, PathBuf)> {
    let (settings, environment) = (&context.settings, &context.environment);
    let files = [
        ("token file", environment.path("TM_HOOKS_TOKEN_FILE")),
        ("credentials", settings.config_dir().ok().map(|dir| dir.credentials())),
        ("key file", environment.path("TM_HOOKS_SECRET_KEY_FILE")),
        ("admin token", settings.data_dir().ok().map(|dir| dir.admin_token())),
    ];
    files.into_iter().filter_map(|(name, path)| Some((name, path?))).collect()
}

/// Checks the existing configuration file. It warns if this person cannot change it, unless that seems intended, as on
/// a read-only file system.
pub(super) fn config_file(path: &Path) -> CheckResult {
    let denied = refusal(path, Use::Replace).and_then(|refusal| Some((refusal.next_step()?, refusal)));
    match denied {
        None => CheckResult::ok("config file", path.display().to_string()),
        Some((next_step, refusal)) => {
            let message = format!("{}: settings cannot be changed, as {refusal}", path.display());
            CheckResult::warning("config file", message, next_step)
        }
    }
}

fn check(name: &'static str, path: PathBuf) -> Option<CheckResult> {
    let path_shown = path.display();
    let is_open = is_open_to_others(&path)?;
    if let Some(refusal) = refusal(&path, Use::Read) {
        return Some(CheckResult::failure(name, refusal.to_string(), refusal.next_step().unwrap_or_default()));
    }
    Some(match is_open {
        false => CheckResult::ok(name, format!("{path_shown}, for you alone")),
        true => CheckResult::warning(name, format!("others may read {path_shown}"), format!("chmod 600 {path_shown}")),
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;
    use crate::commands::doctor::check::CheckStatus;

    #[test]
    fn a_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hooks.key");
        assert!(check("key file", path.clone()).is_none(), "it is not there");
        fs::write(&path, "invented").unwrap();
        for (mode, status) in [
            (0o600, CheckStatus::Ok),
            (0o400, CheckStatus::Ok),
            (0o640, CheckStatus::Warning),
            (0o604, CheckStatus::Warning),
            (0o444, CheckStatus::Warning),
        ] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let check = check("key file", path.clone()).unwrap();
            assert_eq!(check.status, status, "{mode:o}");
            let next_step = (status == CheckStatus::Warning).then(|| format!("chmod 600 {}", path.display()));
            assert_eq!(check.next_step, next_step, "{mode:o}");
        }
    }
}
