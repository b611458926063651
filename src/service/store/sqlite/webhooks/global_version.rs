//! Reads and sets the global version.

use rusqlite::Connection;
use serde_json::json;

use crate::{
    domain::{audit::AuditAction, version::Version},
    service::store::{
        Change, Result,
        sqlite::{
            access::audit::{self, Target},
            connection::rows,
        },
    },
};

/// Reads the global version; none if it is not set.
pub fn global_version(connection: &Connection) -> Result<Option<Version>> {
    Ok(rows::value(connection, "SELECT global_version FROM settings", [])?.flatten())
}

/// Sets or clears the global version.
pub fn set_global_version(connection: &Connection, version: Option<Version>, change: &Change) -> Result<()> {
    let shown = |version: Option<Version>| Some(json!({ "globalVersion": version }));
    let before = global_version(connection)?;
    rows::execute(connection, "UPDATE settings SET global_version = ?1", [version])?;
    if before == version {
        return Ok(());
    }
    let values = (shown(before), shown(version));
    audit::note(connection, change, AuditAction::SettingsUpdate, Target::of("settings"), values)
}
