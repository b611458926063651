//! The service's settings: the global version.

use serde::{Deserialize, Serialize};

use super::{
    patch::Patch,
    version::{Version, VersionSource},
};

/// The service's settings as the API shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Settings {
    /// The version for webhooks without a pin; null for the latest stable one.
    pub global_version: Option<Version>,
    /// The version that webhooks without a pin use now.
    pub version: Version,
    /// The source of that version: `global` or `latest`.
    pub version_source: VersionSource,
}

impl Settings {
    /// Makes the settings with this global version.
    pub fn new(global_version: Option<Version>) -> Self {
        let (version, version_source) = Version::resolve(None, global_version);
        Settings { global_version, version, version_source }
    }
}

/// New settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = SettingsInput))]
pub struct SettingsUpdate {
    /// The version for webhooks without a pin; `null` for the latest stable one.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = Option<Version>, required = true))]
    pub global_version: Patch<Version>,
}
