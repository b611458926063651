//! Wire formats: the catalogue of versions, and which one a webhook uses.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::text::{named, serde_as_text};

/// A wire format of deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// The wire format that was observed from TimeMoto Cloud: flat, camelCase, absent values as `null`.
    V1,
    /// The project's own format: RFC 3339 times with offsets, nested objects, no number beyond 2^53.
    V2,
}

named!(
    /// The stability of a version.
    Stability, "a stability", {
        /// It will not change.
        Stable = "stable",
        /// It may still change.
        Preview = "preview",
        /// It is no longer offered; webhooks that are pinned to it keep it.
        Retired = "retired",
    }
);

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Version; 2] = [Version::V1, Version::V2];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Version::V1 => "v1",
            Version::V2 => "v2",
        }
    }

    /// Its stability.
    pub fn stability(self) -> Stability {
        match self {
            Version::V1 => Stability::Stable,
            Version::V2 => Stability::Preview,
        }
    }

    /// A description of one line, for people.
    pub fn description(self) -> &'static str {
        match self {
            Version::V1 => "the wire format observed from TimeMoto Cloud: flat fields, local times",
            Version::V2 => "our own format: nested objects, times with offsets, numbers safe for JavaScript",
        }
    }

    /// Returns the newest stable version, which is used if neither the webhook nor the service names one.
    pub fn latest_stable() -> Version {
        Version::ALL.into_iter().rfind(|v| v.stability() == Stability::Stable).unwrap_or(Version::V1)
    }

    /// Returns the version in force and its source: the webhook's own, or else the global one, or else the latest
    /// stable one.
    pub fn resolve(pinned: Option<Version>, global: Option<Version>) -> (Version, VersionSource) {
        match (pinned, global) {
            (Some(version), _) => (version, VersionSource::Pinned),
            (None, Some(version)) => (version, VersionSource::Global),
            (None, None) => (Version::latest_stable(), VersionSource::Latest),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text does not name a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{typed}\" is not a version; the versions are {known}", known = Version::ALL.map(Version::as_str).join(", "))]
pub struct UnknownVersion {
    typed: String,
}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        Version::ALL
            .into_iter()
            .find(|version| version.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownVersion { typed: text.to_owned() })
    }
}

serde_as_text!(Version);

named!(
    /// The source of a webhook's version.
    VersionSource, "a source of a version", {
        /// The webhook is pinned to it.
        Pinned = "pinned",
        /// The version is the service's global version.
        Global = "global",
        /// Neither is set; the version is the latest stable one.
        Latest = "latest",
    }
);

/// One entry of the catalogue, as the API shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct VersionInfo {
    /// Its name.
    pub version: Version,
    /// Its stability.
    pub stability: Stability,
    /// A description of one line, for people.
    pub description: String,
    /// Whether webhooks without a pin use it now.
    pub is_default: bool,
}

/// Returns the catalogue for this global version.
pub fn catalogue(global: Option<Version>) -> Vec<VersionInfo> {
    let (default, _) = Version::resolve(None, global);
    Version::ALL
        .map(|version| VersionInfo {
            version,
            stability: version.stability(),
            description: version.description().to_owned(),
            is_default: version == default,
        })
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_comes_before_the_global_version_before_the_latest_stable() {
        let (v1, v2) = (Some(Version::V1), Some(Version::V2));
        assert_eq!(Version::resolve(v1, v2), (Version::V1, VersionSource::Pinned));
        assert_eq!(Version::resolve(None, v2), (Version::V2, VersionSource::Global));
        assert_eq!(Version::resolve(None, None), (Version::V1, VersionSource::Latest));
    }

    #[test]
    fn a_preview_is_never_the_latest_stable() {
        assert_eq!(Version::latest_stable().stability(), Stability::Stable);
        assert_eq!("V1".parse(), Ok(Version::V1));
        assert!("v3".parse::<Version>().unwrap_err().to_string().ends_with("the versions are v1, v2"));
    }
}
