//! A stored webhook: what a patch makes of it, what follows from a change, and what the API shows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::domain::{
    audit::AuditAction,
    event::{EventFilter, EventType},
    health::{Health, disables_at},
    ids::WebhookId,
    masked_url::masked,
    patch::Patch,
    scheme::SchemeChoice,
    secret::MASK,
    stats::error_rate,
    time::Timestamp,
    version::Version,
    webhook::{DisabledReason, Webhook, WebhookPatch, WebhookStatus},
};

/// What is set of a webhook that no statement decides by: the store keeps it as one text of JSON. What is absent has its
/// default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookSettings {
    /// How deliveries are signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<SchemeChoice>,
    /// The names of the sources that it hears; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<String>>,
}

/// Which events a webhook gets.
#[derive(Debug, Clone)]
pub struct Wants {
    pub events: Vec<EventFilter>,
    /// The names of the sources that it hears; all when absent, and this service's own events.
    pub sources: Option<Vec<String>>,
}

impl Wants {
    /// Whether the webhook gets an event of this type from this source.
    pub fn has(&self, event_type: EventType, source: Option<&str>) -> bool {
        let hears = |names: &Vec<String>| source.is_some_and(|source| names.iter().any(|name| name == source));
        self.events.iter().any(|filter| filter.matches(event_type)) && self.sources.as_ref().is_none_or(hears)
    }
}

/// A webhook that is not deleted, without its secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredWebhook {
    pub number: i64,
    pub id: WebhookId,
    pub name: String,
    pub url: String,
    pub events: Vec<EventFilter>,
    pub headers: BTreeMap<String, String>,
    pub settings: WebhookSettings,
    pub enabled: bool,
    pub disabled_reason: Option<DisabledReason>,
    pub pinned_version: Option<Version>,
    pub revision: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_attempt_at: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
    pub health: Health,
}

/// The other facts that the API shows about a webhook.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// The global version, if it is set.
    pub global: Option<Version>,
    /// The number of attempts that ended in 24 h, without tests.
    pub attempts: u64,
    /// The number of failed ones among them.
    pub failed: u64,
    /// The number of waiting deliveries.
    pub waiting: u64,
    pub now: Timestamp,
}

impl StoredWebhook {
    /// The webhook's status.
    pub fn status(&self) -> WebhookStatus {
        match (self.enabled, &self.health.failing) {
            (false, _) => WebhookStatus::Disabled,
            (true, Some(_)) => WebhookStatus::Failing,
            (true, None) => WebhookStatus::Enabled,
        }
    }

    /// The webhook as the API shows it, with masked headers.
    pub fn shown(self, facts: Facts) -> Webhook {
        let status = self.status();
        let Facts { global, attempts, failed, waiting, now } = facts;
        let StoredWebhook {
            number: _,
            id,
            name,
            url,
            events,
            headers,
            settings: WebhookSettings { scheme, sources },
            enabled,
            disabled_reason,
            pinned_version,
            revision,
            created_at,
            updated_at,
            last_attempt_at,
            disabled_at,
            health,
        } = self;
        let failing_since = health.failing.as_ref().map(|failing| failing.since);
        let (version, version_source) = Version::resolve(pinned_version, global);
        Webhook {
            id,
            name,
            url,
            events,
            enabled,
            headers: headers.into_keys().map(|name| (name, MASK.to_owned())).collect(),
            scheme,
            sources,
            pinned_version,
            version,
            version_source,
            status,
            error_rate: error_rate(failed, attempts),
            attempts24h: attempts,
            failed24h: failed,
            pending_deliveries: waiting,
            created_at,
            updated_at,
            last_attempt_at,
            disabled_reason,
            disabled_at,
            failing_since,
            failures_in_a_row: health.failures(),
            disables_at: failing_since.filter(|_| enabled).map(disables_at),
            held_until: health.held_until(now).filter(|_| enabled),
            breaker: health.breaker(),
            revision,
        }
    }

    /// Applies a patch.
    pub fn patched(mut self, patch: WebhookPatch) -> Self {
        let WebhookPatch { name, url, events, enabled, headers, scheme, sources, pinned_version } = patch;
        replace(&mut self.name, name);
        replace(&mut self.url, url);
        replace(&mut self.events, events);
        if let Patch::Value(headers) = headers {
            merge_headers(&mut self.headers, headers);
        }
        scheme.apply_to(&mut self.settings.scheme);
        sources.apply_to(&mut self.settings.sources);
        pinned_version.apply_to(&mut self.pinned_version);
        match enabled {
            Patch::Value(true) if !self.enabled => (self.enabled, self.disabled_reason) = (true, None),
            Patch::Value(false) if self.enabled => {
                (self.enabled, self.disabled_reason) = (false, Some(DisabledReason::Manual));
            }
            _ => {}
        }
        self
    }

    /// What the audit log has of it, its headers masked.
    fn noted(&self) -> Value {
        let headers: Map<String, Value> = self.headers.keys().map(|name| (name.clone(), json!(MASK))).collect();
        json!({
            "name": self.name, "url": masked(&self.url), "events": self.events, "headers": headers,
            "scheme": self.settings.scheme, "sources": self.settings.sources, "enabled": self.enabled, "disabledReason": self.disabled_reason,
            "pinnedVersion": self.pinned_version,
        })
    }
}

/// Sets a field that cannot be cleared.
fn replace<T>(field: &mut T, patch: Patch<T>) {
    if let Patch::Value(value) = patch {
        *field = value;
    }
}

/// Sets and removes headers, whose names do not depend on case.
fn merge_headers(headers: &mut BTreeMap<String, String>, changes: BTreeMap<String, Option<String>>) {
    for (name, value) in changes {
        headers.retain(|known, _| !known.eq_ignore_ascii_case(&name));
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
}

/// The effects of a webhook's change on its deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consequences {
    /// Whether its failures are cleared and its holds end, because what failed before may work now.
    pub fresh_start: bool,
    /// Whether it was enabled, so that its waiting deliveries are due again.
    pub reopens: bool,
    /// Whether it was disabled, so that its waiting deliveries are held.
    pub closes: bool,
}

/// The effects of the change from `before` to `after`.
pub fn consequences(before: &StoredWebhook, after: &StoredWebhook) -> Consequences {
    let reopens = after.enabled && !before.enabled;
    Consequences { fresh_start: reopens || after.url != before.url, reopens, closes: before.enabled && !after.enabled }
}

/// The content of an audit entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Audited {
    pub action: AuditAction,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// The entry for a webhook that was added, changed or deleted.
pub fn audited(before: Option<&StoredWebhook>, after: Option<&StoredWebhook>) -> Audited {
    let action = match (before, after) {
        (None, _) => AuditAction::WebhookAdd,
        (_, None) => AuditAction::WebhookDelete,
        (Some(before), Some(after)) => {
            let (enabled, disabled_reason) = (after.enabled, after.disabled_reason);
            let switched = StoredWebhook { enabled, disabled_reason, ..before.clone() };
            match (&switched == after, after.enabled) {
                (true, true) => AuditAction::WebhookEnable,
                (true, false) => AuditAction::WebhookDisable,
                (false, _) => AuditAction::WebhookUpdate,
            }
        }
    };
    let mut shown = (before.map(StoredWebhook::noted), after.map(StoredWebhook::noted));
    if let ((Some(before), Some(after)), (Some(_), Some(now))) = ((before, after), &mut shown) {
        // A changed value would look the same when masked, so it is marked.
        let set = after.headers.iter().filter(|(name, value)| before.headers.get(*name) != Some(value));
        for (name, _) in set {
            now["headers"][name] = json!(format!("{MASK} (set)"));
        }
    }
    Audited { action, before: shown.0, after: shown.1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        health::{FailedEvents, Failing},
        version::VersionSource,
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_795_455_600 + seconds)
    }

    fn webhook() -> StoredWebhook {
        StoredWebhook {
            number: 7,
            id: "wh_0000000001".parse().unwrap(),
            name: "Payroll".to_owned(),
            url: "https://erp.example.com/tm".to_owned(),
            events: vec!["*".parse().unwrap()],
            headers: BTreeMap::from([("X-Key".to_owned(), "an-invented-credential".to_owned())]),
            settings: WebhookSettings::default(),
            enabled: true,
            disabled_reason: None,
            pinned_version: None,
            revision: 3,
            created_at: at(-9),
            updated_at: at(-8),
            last_attempt_at: Some(at(-7)),
            disabled_at: None,
            health: Health::default(),
        }
    }

    fn facts() -> Facts {
        Facts { global: None, attempts: 8, failed: 2, waiting: 5, now: at(0) }
    }

    fn failing() -> Health {
        let (failures, events, paused_until) = (10, FailedEvents::Enough, Some(at(5)));
        let failing = Failing { since: at(-60), failures, events, pauses: 1, paused_until, warned: None };
        Health { proven: true, failing: Some(failing), asked_until: Some(at(60)) }
    }

    #[test]
    fn a_patch_changes_what_it_names_and_nothing_else() {
        assert_eq!(webhook().patched(WebhookPatch::default()), webhook());
        let headers = BTreeMap::from([("x-KEY".to_owned(), None), ("X-New".to_owned(), Some("1".to_owned()))]);
        let patch = WebhookPatch {
            name: Patch::Value("Access".to_owned()),
            headers: Patch::Value(headers),
            scheme: Patch::Value(SchemeChoice::Standard),
            pinned_version: Patch::Value(Version::V2),
            ..WebhookPatch::default()
        };
        let after = webhook().patched(patch);
        let headers = BTreeMap::from([("X-New".to_owned(), "1".to_owned())]);
        let pinned_version = Some(Version::V2);
        let settings = WebhookSettings { scheme: Some(SchemeChoice::Standard), sources: None };
        let expected = StoredWebhook { name: "Access".to_owned(), headers, settings, pinned_version, ..webhook() };
        assert_eq!(after, expected, "names of headers are the same in any case");
        let cleared = WebhookPatch { scheme: Patch::Null, pinned_version: Patch::Null, ..WebhookPatch::default() };
        let cleared = after.patched(cleared);
        assert_eq!((cleared.settings, cleared.pinned_version), (WebhookSettings::default(), None));
    }

    #[test]
    fn a_person_disables_for_a_reason_and_another_reason_stays() {
        let switch = |on| WebhookPatch { enabled: Patch::Value(on), ..WebhookPatch::default() };
        let disabled = webhook().patched(switch(false));
        assert_eq!((disabled.enabled, disabled.disabled_reason), (false, Some(DisabledReason::Manual)));
        let gone = StoredWebhook { disabled_reason: Some(DisabledReason::Gone), ..disabled };
        assert_eq!(gone.clone().patched(switch(false)), gone);
        let enabled = gone.clone().patched(switch(true));
        assert_eq!((enabled.enabled, enabled.disabled_reason), (true, None));

        let expected = |fresh_start, reopens, closes| Consequences { fresh_start, reopens, closes };
        assert_eq!(consequences(&gone, &enabled), expected(true, true, false));
        assert_eq!(consequences(&enabled, &gone), expected(false, false, true));
        let moved = StoredWebhook { url: "https://other.example.com".to_owned(), ..webhook() };
        assert_eq!(consequences(&webhook(), &moved), expected(true, false, false));
        let renamed = StoredWebhook { name: "Other".to_owned(), ..webhook() };
        assert_eq!(consequences(&webhook(), &renamed), expected(false, false, false));
    }

    #[test]
    fn it_is_shown_as_it_fares_and_without_what_is_secret() {
        let well = webhook().shown(facts());
        assert_eq!((well.status, well.error_rate, well.pending_deliveries), (WebhookStatus::Enabled, Some(0.25), 5));
        assert_eq!(well.headers["X-Key"], MASK);
        assert_eq!((well.scheme, well.version_source), (None, VersionSource::Latest));
        let failing = StoredWebhook { health: failing(), ..webhook() };
        let global = Some(Version::V2);
        let shown = failing.clone().shown(Facts { global, attempts: 0, failed: 0, ..facts() });
        assert_eq!((shown.status, shown.error_rate), (WebhookStatus::Failing, None));
        assert_eq!((shown.version, shown.version_source), (Version::V2, VersionSource::Global));
        assert_eq!((shown.failing_since, shown.failures_in_a_row), (Some(at(-60)), 10));
        assert_eq!((shown.held_until, shown.disables_at), (Some(at(60)), Some(disables_at(at(-60)))));
        let disabled = StoredWebhook { enabled: false, ..failing }.shown(facts());
        assert_eq!(disabled.status, WebhookStatus::Disabled);
        assert_eq!((disabled.held_until, disabled.disables_at), (None, None), "it is disabled already");
    }

    #[test]
    fn the_audit_log_tells_what_was_done_and_no_value_of_a_header() {
        let before = webhook();
        let added = audited(None, Some(&before));
        assert_eq!((added.action, added.before), (AuditAction::WebhookAdd, None));
        let deleted = audited(Some(&before), None);
        assert_eq!((deleted.action, deleted.after), (AuditAction::WebhookDelete, None));
        let disabled_reason = Some(DisabledReason::Manual);
        let disabled = StoredWebhook { enabled: false, disabled_reason, ..webhook() };
        assert_eq!(audited(Some(&before), Some(&disabled)).action, AuditAction::WebhookDisable);
        assert_eq!(audited(Some(&disabled), Some(&before)).action, AuditAction::WebhookEnable);
        let renamed = StoredWebhook { name: "Other".to_owned(), ..disabled };
        assert_eq!(audited(Some(&before), Some(&renamed)).action, AuditAction::WebhookUpdate);
        let settings = WebhookSettings { scheme: Some(SchemeChoice::None), sources: None };
        let unsigned = audited(Some(&before), Some(&StoredWebhook { settings, ..webhook() }));
        assert_eq!(
            (&unsigned.before.unwrap()["scheme"], &unsigned.after.unwrap()["scheme"]),
            (&json!(null), &json!("none"))
        );
        let headers = BTreeMap::from([("X-Key".to_owned(), "another-invented-one".to_owned())]);
        let changed = audited(Some(&before), Some(&StoredWebhook { headers, ..webhook() }));
        let said = format!("{changed:?}");
        assert!(said.contains("(set)") && !said.contains("invented"), "{said}");
        assert_ne!(changed.before, changed.after);
    }
}
