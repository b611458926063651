//! A webhook: the URL of a receiver, the events it gets, and their form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    distinct,
    event::EventFilter,
    health::{Breaker, Warning},
    ids::WebhookId,
    masked_url::is_masked,
    name,
    patch::Patch,
    problem::FieldError,
    scheme::{SchemeChoice, check_sendable},
    secret::Secret,
    text::named,
    time::Timestamp,
    version::{Version, VersionSource},
};

use super::own_headers::{check_headers, named_twice};
pub use super::{
    own_headers::{LONGEST_HEADER_VALUE, MOST_HEADERS, check_header},
    receiver_url::{LONGEST as LONGEST_URL, check as check_url},
};

/// A webhook as the API shows it. Its secret is not part of it, and its headers' values are masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Its name: unique, 1 to 100 characters.
    pub name: String,
    /// Where its deliveries go.
    pub url: String,
    /// Which events it receives.
    pub events: Vec<EventFilter>,
    /// Whether it receives events at all.
    pub enabled: bool,
    /// Additional request headers; the values are masked.
    pub headers: BTreeMap<String, String>,
    /// How its deliveries are signed; null means `both`.
    pub scheme: Option<SchemeChoice>,
    /// The sources that it hears; null means all, and the events that come in over the API.
    pub sources: Option<Vec<String>>,
    /// The version it is pinned to, if any.
    pub pinned_version: Option<Version>,
    /// The version in force.
    pub version: Version,
    /// The source of the version in force.
    pub version_source: VersionSource,
    /// Its state, by its recent attempts.
    pub status: WebhookStatus,
    /// Failed attempts / finished attempts over 24 h, without tests: 0 to 1, null if none finished.
    pub error_rate: Option<f64>,
    /// Finished attempts over 24 h, without tests.
    pub attempts24h: u64,
    /// Failed attempts over 24 h, without tests.
    pub failed24h: u64,
    /// Deliveries that wait for an attempt, now or later.
    pub pending_deliveries: u64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When a person or the service last changed it.
    pub updated_at: Timestamp,
    /// When its newest attempt ended, tests included.
    pub last_attempt_at: Option<Timestamp>,
    /// Why it is disabled, if it is.
    pub disabled_reason: Option<DisabledReason>,
    /// When it was disabled, if it is.
    pub disabled_at: Option<Timestamp>,
    /// When the first failed attempt since its last success ended, without tests. Enabling the webhook or changing its
    /// URL clears it.
    pub failing_since: Option<Timestamp>,
    /// The number of failed attempts since its last success, without tests.
    pub failures_in_a_row: u32,
    /// When the service disables it unless an attempt succeeds before: five days after `failingSince`. If fewer than 20
    /// attempts, or attempts of fewer than 3 events, have failed by then, it is disabled at the first failure that
    /// reaches both numbers.
    pub disables_at: Option<Timestamp>,
    /// Until when nothing is sent to it, because its receiver asked for a pause (`Retry-After`) or its breaker has
    /// paused it.
    pub held_until: Option<Timestamp>,
    /// The state of its circuit breaker: an open one only lets probes through.
    pub breaker: Breaker,
    /// Its revision, which rises with every change and is its `ETag`.
    pub revision: i64,
}

impl Webhook {
    /// How its deliveries are signed.
    pub fn signs_by(&self) -> SchemeChoice {
        self.scheme.clone().unwrap_or_default()
    }

    /// The warning that is due at `now`: it is near to being disabled by the service.
    pub fn warning(&self, now: Timestamp) -> Option<Warning> {
        self.failing_since.filter(|_| self.enabled).and_then(|since| Warning::at(since, now))
    }
}

named!(
    /// The state of a webhook in one word.
    WebhookStatus, "a webhook's status", {
        /// It receives events.
        Enabled = "enabled",
        /// It receives events, but its newest attempt failed (without tests).
        Failing = "failing",
        /// It receives no events.
        Disabled = "disabled",
    }
);

named!(
    /// The reason why a webhook is disabled.
    DisabledReason, "a reason", {
        /// A person disabled it.
        Manual = "manual",
        /// The receiver answered 410 Gone.
        Gone = "gone",
        /// Deliveries failed for too long.
        Failing = "failing",
    }
);

impl DisabledReason {
    /// Describes the reason.
    pub fn describe(self) -> &'static str {
        match self {
            DisabledReason::Manual => "disabled by a person",
            DisabledReason::Gone => "the receiver answered 410 Gone",
            DisabledReason::Failing => "deliveries failed for too long",
        }
    }
}

/// A webhook to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = WebhookInput))]
pub struct NewWebhook {
    /// Its name: unique, 1 to 100 characters.
    pub name: String,
    /// Where its deliveries go: an HTTPS URL without user and fragment.
    pub url: String,
    /// Which events it receives, at least one.
    pub events: Vec<EventFilter>,
    /// Whether it receives events from the start; true when absent.
    #[serde(default = "enabled_by_default")]
    pub enabled: bool,
    /// Additional request headers, such as `Authorization`: at most 20, each with at most 8192 visible ASCII
    /// characters. Many receivers accept less: Apache 8190 characters per line, Node.js 16 KiB in total.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "distinct::map")]
    pub headers: BTreeMap<String, String>,
    /// How its deliveries are signed: `timemoto` (the scheme that receivers of TimeMoto assume), `standard` (Standard
    /// Webhooks), `both`, `none`, or a scheme's text; `both` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<SchemeChoice>,
    /// The names of the sources that it hears: at least one. When absent it hears all, and the events that come in over
    /// the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<String>>,
    /// The version it is pinned to, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_version: Option<Version>,
    /// A secret that both sides already know; a new one is made when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "service", schema(value_type = Option<String>))]
    pub secret: Option<Secret>,
}

fn enabled_by_default() -> bool {
    true
}

/// A change to a webhook. Absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = WebhookPatchInput))]
pub struct WebhookPatch {
    /// A new name.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = String))]
    pub name: Patch<String>,
    /// A new URL.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = String))]
    pub url: Patch<String>,
    /// New filters, which replace all old ones.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = Vec<EventFilter>))]
    pub events: Patch<Vec<EventFilter>>,
    /// Whether it receives events.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = bool))]
    pub enabled: Patch<bool>,
    /// Headers to set, or with `null` to remove. Other headers stay.
    #[serde(default, skip_serializing_if = "Patch::is_absent", deserialize_with = "distinct::patch")]
    #[cfg_attr(feature = "service", schema(value_type = BTreeMap<String, Option<String>>))]
    pub headers: Patch<BTreeMap<String, Option<String>>>,
    /// How its deliveries are signed from now on; `null` is the default, `both`.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = Option<SchemeChoice>))]
    pub scheme: Patch<SchemeChoice>,
    /// The names of the sources that it hears from now on; `null` is the default, all.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = Option<Vec<String>>))]
    pub sources: Patch<Vec<String>>,
    /// The version to pin to; `null` unpins.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "service", schema(value_type = Option<Version>))]
    pub pinned_version: Patch<Version>,
}

/// Checks a webhook's name: as [`name::check`], and it does not look like an id.
pub fn check_name(name: &str) -> Result<(), FieldError> {
    name::check(name)?;
    if name.trim().to_ascii_lowercase().starts_with(WebhookId::PREFIX) {
        return Err(FieldError::new("name", format!("must not begin with {}, as ids do", WebhookId::PREFIX)));
    }
    Ok(())
}

/// Checks the names of the sources that a webhook hears: at least one, and no duplicate.
fn check_sources(sources: &[String]) -> Result<(), FieldError> {
    if sources.is_empty() {
        return Err(FieldError::new("sources", "must name at least one source; null stands for all"));
    }
    match sources.iter().enumerate().find(|(at, name)| sources[..*at].contains(name)) {
        Some((at, name)) => Err(FieldError::new(format!("sources[{at}]"), format!("names {name} twice"))),
        None => Ok(()),
    }
}

/// Checks a webhook's filters: at least one, and no duplicate.
pub fn check_events(events: &[EventFilter]) -> Result<(), FieldError> {
    if events.is_empty() {
        return Err(FieldError::new("events", "must name at least one event type"));
    }
    match events.iter().enumerate().find(|(at, filter)| events[..*at].contains(filter)) {
        Some((at, filter)) => Err(FieldError::new(format!("events[{at}]"), format!("names {filter} twice"))),
        None => Ok(()),
    }
}

impl NewWebhook {
    /// Returns the webhook with its name and URL as they are stored.
    #[cfg(feature = "service")]
    pub fn normalised(self) -> Self {
        let sources = self.sources.map(normalised_names);
        NewWebhook { name: name::normalised(&self.name), url: super::receiver_url::as_sent(&self.url), sources, ..self }
    }

    /// Returns an error for a field whose value contains the mask.
    pub fn masked_field(&self) -> Option<FieldError> {
        masked_field(Some(&self.url), self.headers.iter())
    }

    /// Checks the form of every field.
    pub fn check(&self) -> Result<Url, Vec<FieldError>> {
        let NewWebhook { name, url, events, enabled: _, headers, scheme, sources, pinned_version: _, secret: _ } = self;
        let url = check_url(url);
        let mut errors: Vec<_> = [check_name(name).err(), check_events(events).err()].into_iter().flatten().collect();
        errors.extend(check_headers(headers.iter()));
        errors.extend(scheme.as_ref().and_then(|scheme| check_sendable(scheme, headers.keys()).err()));
        errors.extend(sources.as_ref().and_then(|sources| check_sources(sources).err()));
        match url {
            Ok(url) if errors.is_empty() => Ok(url),
            Ok(_) => Err(errors),
            Err(error) => {
                errors.insert(0, error);
                Err(errors)
            }
        }
    }
}

impl WebhookPatch {
    /// Returns the change with the name and the URL as they are stored.
    #[cfg(feature = "service")]
    pub fn normalised(self) -> Self {
        let (name, url) =
            (self.name.map(|name| name::normalised(&name)), self.url.map(|url| super::receiver_url::as_sent(&url)));
        WebhookPatch { name, url, sources: self.sources.map(normalised_names), ..self }
    }

    /// Like [`NewWebhook::masked_field`].
    pub fn masked_field(&self) -> Option<FieldError> {
        let url = if let Patch::Value(url) = &self.url { Some(url) } else { None };
        let headers = if let Patch::Value(headers) = &self.headers { Some(headers) } else { None };
        let set = headers.into_iter().flatten().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        masked_field(url, set)
    }

    /// Checks the form of every field and returns the new URL, if there is one.
    pub fn check(&self) -> Result<Option<Url>, Vec<FieldError>> {
        // Whether one can sign so depends on the headers that the webhook has then.
        let WebhookPatch { name, url, events, enabled, headers, scheme: _, sources, pinned_version: _ } = self;
        let mut errors = Vec::new();
        let mut collect = |result: Result<(), FieldError>| errors.extend(result.err());
        collect(not_null("name", name).and_then(|name| name.map_or(Ok(()), |name| check_name(name))));
        collect(not_null("events", events).and_then(|events| events.map_or(Ok(()), |events| check_events(events))));
        collect(not_null("enabled", enabled).map(drop));
        collect(not_null("headers", headers).map(drop));
        if let Patch::Value(sources) = sources {
            collect(check_sources(sources));
        }
        let parsed = not_null("url", url).and_then(|url| url.map(|url| check_url(url)).transpose());
        if let Patch::Value(headers) = headers {
            errors.extend(named_twice(headers.keys().map(String::as_str)));
            let set = headers.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
            errors.extend(set.filter_map(|(name, value)| check_header(name, value).err()));
        }
        match parsed {
            Ok(url) if errors.is_empty() => Ok(url),
            Ok(_) => Err(errors),
            Err(error) => {
                errors.push(error);
                Err(errors)
            }
        }
    }
}

#[cfg(feature = "service")]
fn normalised_names(names: Vec<String>) -> Vec<String> {
    names.iter().map(|name| name::normalised(name)).collect()
}

fn masked_field<'a>(
    url: Option<&String>,
    mut headers: impl Iterator<Item = (&'a String, &'a String)>,
) -> Option<FieldError> {
    let hidden =
        |field: String| FieldError::new(field, "holds ••••, which stands for what is not shown: give the value itself");
    match url {
        Some(url) if is_masked(url) => Some(hidden("url".to_owned())),
        _ => headers.find(|(_, value)| is_masked(value)).map(|(name, _)| hidden(format!("headers.{name}"))),
    }
}

/// Returns the value of a field that cannot be cleared.
fn not_null<'a, T>(field: &str, patch: &'a Patch<T>) -> Result<Option<&'a T>, FieldError> {
    match patch {
        Patch::Absent => Ok(None),
        Patch::Value(value) => Ok(Some(value)),
        Patch::Null => Err(FieldError::new(field, "must not be null; leave it out to keep it as it is")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_named_once() {
        let body = r#"{"name":"A","url":"https://a.example/","events":["*"],"headers":{"X-A":"1","x-a":"2"}}"#;
        let new: NewWebhook = serde_json::from_str(body).unwrap();
        let errors: Vec<_> = new.check().unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(errors, ["headers.x-a: is the same header as X-A"]);
        let patch: WebhookPatch = serde_json::from_str(r#"{"headers":{"X-A":null,"x-a":"2"}}"#).unwrap();
        assert_eq!(patch.check().unwrap_err().len(), 1);
        for twice in [r#"{"headers":{"X-A":"1","X-A":"2"}}"#, r#"{"headers":{"X-A":null,"X-A":"2"}}"#] {
            let error = serde_json::from_str::<WebhookPatch>(twice).unwrap_err().to_string();
            assert!(error.contains("duplicate field `X-A`"), "{error}");
        }
        assert!(serde_json::from_str::<NewWebhook>(&body.replace("x-a", "X-A")).is_err());
        let patch: WebhookPatch = serde_json::from_str(r#"{"headers":null}"#).unwrap();
        assert_eq!(patch.headers, Patch::Null);
    }

    #[test]
    fn a_patch_must_not_clear_what_is_needed() {
        let patch: WebhookPatch = serde_json::from_str(r#"{"name":null,"enabled":null,"pinnedVersion":null}"#).unwrap();
        let fields: Vec<_> = patch.check().unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["name", "enabled"]);
        assert!(serde_json::from_str::<WebhookPatch>(r#"{"colour":"red"}"#).is_err());
    }

    #[test]
    fn every_fault_of_a_new_webhook_is_named() {
        let new: NewWebhook = serde_json::from_str(r#"{"name":" ","url":"x","events":[]}"#).unwrap();
        let fields: Vec<_> = new.check().unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["url", "name", "events"]);
        assert!(new.enabled);
    }
}
