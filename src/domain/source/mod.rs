//! Sources: where events come in from outside. This module holds their values and rules; requests are judged in
//! `service::ingress`.

mod envelope;
mod received;
mod scheme;
mod secret;
mod silence;

use serde::{Deserialize, Serialize};

use super::{
    calendar::Zone, ids::SourceId, name, page::Cursor, patch::Patch, problem::FieldError, text::named, time::Timestamp,
};
use std::time::Duration;

pub use envelope::{Incoming, NoEnvelope};
pub use received::{LONGEST_REFUSED, Outcome, ReceivedQuery, ReceivedRequest, RefusedBecause, RequestAsCame};
pub use scheme::SourceScheme;
pub use secret::{NotASenderSecret, SenderSecret};
pub use silence::{Expectation, Weekdays};

named!(
    /// Whether a source knows how its sender signs.
    SourceState, "a source's state", {
        /// The scheme is not known yet.
        Learning = "learning",
        /// Genuine requests are taken in and delivered.
        Ready = "ready",
    }
);

/// A source as the API shows it. Its secret is not part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Source {
    /// Its id, which is part of its address.
    pub id: SourceId,
    /// Its name: unique among sources, 1 to 100 characters. It never changes.
    pub name: String,
    /// Whether requests are taken; a disabled one answers 404.
    pub enabled: bool,
    /// How the sender signs: `learn` until it is known.
    pub scheme: SourceScheme,
    /// Whether the scheme is known.
    pub state: SourceState,
    /// The address for the sender's form. It is only a path if the service does not know its public URL.
    pub url: String,
    /// Whether it has a secret. Without one no signed request is genuine.
    pub has_secret: bool,
    /// The longest silence in seconds that is not remarkable; null if any is.
    pub expect_within_seconds: Option<u64>,
    /// The days that count for it; null if all do.
    pub expect_days: Option<Weekdays>,
    /// The time zone of these days; null is UTC.
    pub time_zone: Option<Zone>,
    /// Whether an event that comes again with other content is delivered once more.
    pub redeliver_changed: bool,
    /// When the last genuine request came, tests included.
    pub last_genuine_at: Option<Timestamp>,
    /// Whether nothing genuine came for longer than expected.
    pub is_silent: bool,
    /// The number of requests that were refused in about 24 h.
    pub refused24h: u64,
    /// The number of requests that wait until the scheme is confirmed.
    pub kept: u64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Its revision, which rises with every change and is its `ETag`.
    pub revision: i64,
    /// Its sender's sequence numbers; present only if a single source is requested, null if there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequences: Option<Sequences>,
    /// What its events have unlike the known format; present only if a single source is requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departures: Option<Vec<Departure>>,
    /// What its newest refused requests lacked; present only if a single source is requested that is learning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacking: Option<Vec<Lacked>>,
}

/// Why no scheme was learnt from some refused requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Lacked {
    /// The number of requests.
    pub requests: u64,
    /// What they lacked.
    pub what: String,
    /// What to try next.
    pub next: Vec<String>,
}

/// The sequence numbers of a source's newest events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Sequences {
    /// The lowest one that was looked at.
    pub first: u64,
    /// The highest one.
    pub last: u64,
    /// How many numbers between them did not come.
    pub missing: u64,
}

impl Sequences {
    /// How many of the highest numbers are looked at.
    pub const MOST: usize = 10_000;

    /// Finds the gaps in some different numbers.
    pub fn of(numbers: &[u64]) -> Option<Self> {
        let (first, last) = (*numbers.iter().min()?, *numbers.iter().max()?);
        Some(Sequences { first, last, missing: (last - first).saturating_sub(numbers.len() as u64 - 1) })
    }
}

/// A field of a source's events that is unlike the known format. Such events are taken in as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Departure {
    /// The type of these events.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The field's path.
    pub field: String,
    /// What the first one had.
    pub what: String,
    /// The number of events.
    pub count: u64,
    /// When the last one came.
    pub last_at: Timestamp,
}

/// A source to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = SourceInput))]
pub struct NewSource {
    /// Its name: 1 to 100 characters, unique among sources, without a comma.
    pub name: String,
    /// The secret that its sender signs with. It can be set later, as some senders show it only once they have the
    /// address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "service", schema(value_type = Option<String>, min_length = 8, max_length = 512))]
    pub secret: Option<SenderSecret>,
    /// How its sender signs; `learn` when absent. `none` takes unsigned requests from anybody who knows the address.
    #[serde(default)]
    pub scheme: SourceScheme,
    /// Whether requests are taken.
    #[serde(default = "enabled_by_default")]
    pub enabled: bool,
    /// The longest silence in seconds that is not remarkable: 60 to 7776000 (90 days).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_within_seconds: Option<u64>,
    /// The days that count for it, such as `mon-fri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_days: Option<Weekdays>,
    /// The time zone of these days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Zone>,
    /// Whether an event that comes again with other content is delivered once more.
    #[serde(default)]
    pub redeliver_changed: bool,
}

fn enabled_by_default() -> bool {
    true
}

/// A change to a source. Absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = SourcePatchInput))]
pub struct SourcePatch {
    /// A new secret: requests are judged by it from now on.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = String, min_length = 8, max_length = 512))]
    pub secret: Patch<SenderSecret>,
    /// How its sender signs; `learn` begins anew.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = SourceScheme))]
    pub scheme: Patch<SourceScheme>,
    /// Whether requests are taken.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = bool))]
    pub enabled: Patch<bool>,
    /// The longest silence in seconds that is not remarkable; `null` if any is.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = Option<u64>))]
    pub expect_within_seconds: Patch<u64>,
    /// The days that count for it; `null` if all do.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = Option<Weekdays>))]
    pub expect_days: Patch<Weekdays>,
    /// The time zone of these days; `null` is UTC.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = Option<Zone>))]
    pub time_zone: Patch<Zone>,
    /// Whether an event that comes again with other content is delivered once more.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = bool))]
    pub redeliver_changed: Patch<bool>,
}

/// Which sources a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct SourceQuery {
    /// Only the one with exactly this name.
    pub name: Option<String>,
    /// The largest number of entries: 1 to 250, 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the previous page.
    pub cursor: Option<Cursor>,
}

/// The shortest and the longest silence that can be expected, in seconds.
const EXPECTED: std::ops::RangeInclusive<u64> = 60..=7_776_000;

/// Checks a source's name: as [`name::check`]; it does not look like an id, and lists of names stay readable.
pub fn check_name(name: &str) -> Result<(), FieldError> {
    name::check(name)?;
    if name.trim().to_ascii_lowercase().starts_with(SourceId::PREFIX) {
        return Err(FieldError::new("name", format!("must not begin with {}, as ids do", SourceId::PREFIX)));
    }
    if name.contains(',') {
        return Err(FieldError::new("name", "must not hold a comma, which separates names in --sources"));
    }
    Ok(())
}

fn check_within(seconds: Option<u64>) -> Result<(), FieldError> {
    match seconds {
        Some(seconds) if !EXPECTED.contains(&seconds) => {
            Err(FieldError::new("expectWithinSeconds", "must be from 60 to 7776000 (90 days)"))
        }
        _ => Ok(()),
    }
}

impl NewSource {
    /// Checks the form of every field.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let checks = [check_name(&self.name), check_within(self.expect_within_seconds)];
        let errors: Vec<_> = checks.into_iter().filter_map(Result::err).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl SourcePatch {
    /// Checks the form of every field.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let SourcePatch {
            secret,
            scheme,
            enabled,
            expect_within_seconds,
            expect_days: _,
            time_zone: _,
            redeliver_changed,
        } = self;
        let cannot = |field: &str, is_null: bool| {
            is_null.then(|| FieldError::new(field, "must not be null; leave it out to keep it as it is"))
        };
        let mut errors: Vec<_> = [
            cannot("secret", *secret == Patch::Null),
            cannot("scheme", *scheme == Patch::Null),
            cannot("enabled", *enabled == Patch::Null),
            cannot("redeliverChanged", *redeliver_changed == Patch::Null),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let Patch::Value(seconds) = expect_within_seconds {
            errors.extend(check_within(Some(*seconds)).err());
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl Source {
    /// How often something must come, if that is set.
    pub fn expectation(within: Option<u64>, days: Option<Weekdays>, zone: Option<Zone>) -> Option<Expectation> {
        within.map(|seconds| Expectation {
            within: Duration::from_secs(seconds),
            days: days.unwrap_or(Weekdays::ALL),
            zone: zone.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_id_and_no_list() {
        for name in ["", "src_k3v9m2x7qd", "SRC_x", "Acme, Inc."] {
            assert!(check_name(name).is_err(), "{name}");
        }
        assert_eq!(check_name("Acme Inc."), Ok(()));
    }

    #[test]
    fn fields_are_checked() {
        let new: NewSource = serde_json::from_str(r#"{"name":"Acme","expectWithinSeconds":59}"#).unwrap();
        assert_eq!(new.check().unwrap_err()[0].field, "expectWithinSeconds");
        assert_eq!((new.enabled, new.scheme, new.secret), (true, SourceScheme::Learn, None));
        let patch =
            r#"{"secret":null,"scheme":null,"enabled":null,"redeliverChanged":null,"expectWithinSeconds":null}"#;
        let patch: SourcePatch = serde_json::from_str(patch).unwrap();
        assert_eq!(patch.check().unwrap_err().len(), 4);
        assert!(serde_json::from_str::<SourcePatch>(r#"{"name":"Other"}"#).is_err());
    }

    #[test]
    fn gaps_lie_between_the_lowest_and_the_highest() {
        let of = |numbers: &[u64]| Sequences::of(numbers).map(|found| (found.first, found.last, found.missing));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[7]), Some((7, 7, 0)));
        assert_eq!(of(&[9, 5, 6]), Some((5, 9, 2)));
        assert_eq!(of(&[0, u64::MAX]), Some((0, u64::MAX, u64::MAX - 1)));
    }
}
