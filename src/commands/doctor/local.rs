//! Checks the service inside this program: its folder and its database are tried as `send` uses them.

#[cfg(feature = "service")]
use std::path::Path;

use super::check::CheckResult;
#[cfg(feature = "service")]
use super::sources;
use crate::commands::Context;
#[cfg(feature = "service")]
use crate::{
    certificates::{Accepted, Store, client_config},
    embedded::{OTHER_WAYS, Rehearsed, StoreError, rehearse, way_out},
    files::is_open_to_others,
};

/// Reports that this build has no service.
#[cfg(not(feature = "service"))]
pub(super) async fn checks(context: &Context) -> Vec<CheckResult> {
    context.connect().err().map(|error| CheckResult::failed("service", error)).into_iter().collect()
}

#[cfg(feature = "service")]
pub(super) async fn checks(context: &Context) -> Vec<CheckResult> {
    let data_dir = match context.settings.data_dir() {
        Ok(data_dir) => data_dir,
        Err(error) => return vec![CheckResult::failed("data folder", error)],
    };
    let (folder, database) = (data_dir.path(), data_dir.database());
    let tried = match try_writing(&database, context) {
        Ok(tried) => tried,
        Err(failure) => return vec![failure],
    };
    let mut checks = vec![seen_by_others(folder), authorities()];
    if tried == Rehearsed::Absent {
        checks.push(CheckResult::ok("database", format!("{} is made by the first command", database.display())));
        return checks;
    }
    if is_open_to_others(&database) == Some(true) {
        let message = format!("others may read {}, secrets too", database.display());
        checks.push(CheckResult::failure("database", message, format!("chmod 600 {}", database.display())));
    }
    checks.extend(open(tried, context).await);
    checks
}

#[cfg(feature = "service")]
fn seen_by_others(folder: &Path) -> CheckResult {
    let shown = folder.display();
    match is_open_to_others(folder) {
        None => CheckResult::ok("data folder", format!("{shown} is made by the first command")),
        Some(false) => CheckResult::ok("data folder", format!("{shown}, for you alone")),
        Some(true) => {
            CheckResult::warning("data folder", format!("others may look into {shown}"), format!("chmod 700 {shown}"))
        }
    }
}

/// Checks whether any receiver at `https://` can be trusted.
#[cfg(feature = "service")]
fn authorities() -> CheckResult {
    const NEXT_STEP: &str =
        "install the system's certificates (Debian: apt install ca-certificates), or name a file with SSL_CERT_FILE";
    let store = match Store::of_process() {
        Ok(store) => store,
        Err(error) => return CheckResult::failure("authorities", error.to_string(), error.hint()),
    };
    match client_config(store, Vec::new(), "", Accepted::default()) {
        Ok(_) => CheckResult::ok("authorities", "there are some to vouch for receivers at https://"),
        Err(error) => {
            let message = format!("no receiver at https:// can be trusted: {error}");
            // Receivers on this machine may not need certificates.
            CheckResult::warning("authorities", message, NEXT_STEP)
        }
    }
}

/// Tries the accesses that a delivery needs.
#[cfg(feature = "service")]
fn try_writing(database: &Path, context: &Context) -> Result<Rehearsed, CheckResult> {
    rehearse(database, &*context.random).map_err(|error| match error {
        StoreError::Denied(refusal) => CheckResult::failure("database", refusal.to_string(), way_out(&refusal)),
        error => CheckResult::failure("database", error.to_string(), OTHER_WAYS),
    })
}

/// Checks whether the database opens and answers, without waiting for a writing process, and the sources in it.
#[cfg(feature = "service")]
async fn open(tried: Rehearsed, context: &Context) -> Vec<CheckResult> {
    let client = match context.connect() {
        Ok(connection) => connection.client,
        Err(error) => return vec![CheckResult::failed("database", error)],
    };
    if tried == Rehearsed::InUse {
        return vec![CheckResult::ok("database", "it opens; another program is writing to it just now")];
    }
    if let Err(error) = client.versions().await {
        return vec![CheckResult::failed("database", error)];
    }
    let mut checks = vec![CheckResult::ok("database", "it opens, answers and takes writes")];
    checks.extend(sources::checks(&client, context.now()).await);
    checks
}
