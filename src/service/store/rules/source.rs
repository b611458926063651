//! A stored source: what a patch makes of it, what the API shows, what is kept of what it receives, and when its scheme
//! is confirmed.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::{
    audit::AuditAction,
    calendar::Zone,
    ids::{EventId, SourceId},
    patch::Patch,
    scheme::Scheme,
    source::{Outcome, SenderSecret, Source, SourcePatch, SourceScheme, SourceState, Weekdays},
    time::Timestamp,
};

/// What is set of a source that no statement decides by: the store keeps it as one text of JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SourceSettings {
    /// The longest silence in seconds that is not remarkable.
    pub expect_within_seconds: Option<u64>,
    /// The days that count for it.
    pub expect_days: Option<Weekdays>,
    /// The time zone of these days.
    pub time_zone: Option<Zone>,
    /// Whether an event that comes again with other content is delivered once more.
    pub redeliver_changed: bool,
}

/// A source that is not deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSource {
    /// Its number, by which rows refer to it.
    pub number: i64,
    /// Its id.
    pub id: SourceId,
    /// Its name.
    pub name: String,
    /// Whether requests are taken.
    pub enabled: bool,
    /// How its sender signs.
    pub scheme: SourceScheme,
    /// The schemes that were found, the simplest first: several as long as requests do not tell them apart. Empty if the
    /// scheme was chosen or is not known.
    pub found: Vec<Scheme>,
    /// The secret that its sender signs with, if it is known.
    pub secret: Option<SenderSecret>,
    /// What else is set.
    pub settings: SourceSettings,
    /// Its revision.
    pub revision: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The other facts that the API shows about a source.
#[derive(Debug, Clone, Copy)]
pub struct SourceFacts {
    /// When the last genuine request came.
    pub last_genuine_at: Option<Timestamp>,
    /// The number of requests that were refused in about 24 h.
    pub refused24h: u64,
    /// The number of requests that wait until the scheme is confirmed.
    pub kept: u64,
    /// The time.
    pub now: Timestamp,
}

impl StoredSource {
    /// Whether it knows its scheme.
    pub fn state(&self) -> SourceState {
        if self.scheme == SourceScheme::Learn { SourceState::Learning } else { SourceState::Ready }
    }

    /// The source as the API shows it. Its URL is a path only.
    pub fn shown(self, facts: SourceFacts) -> Source {
        let state = self.state();
        let SourceFacts { last_genuine_at, refused24h, kept, now } = facts;
        let StoredSource {
            number: _,
            id,
            name,
            enabled,
            scheme,
            found: _,
            secret,
            settings,
            revision,
            created_at,
            updated_at,
        } = self;
        let SourceSettings { expect_within_seconds, expect_days, time_zone, redeliver_changed } = settings;
        let expectation = Source::expectation(expect_within_seconds, expect_days, time_zone.clone());
        // What is expected begins anew with each change, so that a source is not late as soon as it is enabled.
        let since = last_genuine_at.map_or(updated_at, |at| at.max(updated_at));
        Source {
            id,
            name,
            enabled,
            scheme,
            state,
            url: format!("/in/{id}"),
            has_secret: secret.is_some(),
            expect_within_seconds,
            expect_days,
            time_zone,
            redeliver_changed,
            last_genuine_at,
            is_silent: enabled && expectation.is_some_and(|expected| expected.is_missed(since, now)),
            refused24h,
            kept,
            created_at,
            updated_at,
            revision,
            sequences: None,
            departures: None,
            lacking: None,
        }
    }

    /// Applies a patch.
    pub fn patched(mut self, patch: SourcePatch) -> Self {
        let SourcePatch { secret, scheme, enabled, expect_within_seconds, expect_days, time_zone, redeliver_changed } =
            patch;
        if let Patch::Value(scheme) = scheme
            && scheme != self.scheme
        {
            (self.scheme, self.found) = (scheme, Vec::new());
        }
        if let Patch::Value(secret) = secret {
            self.secret = Some(secret);
        }
        if let Patch::Value(enabled) = enabled {
            self.enabled = enabled;
        }
        let settings = &mut self.settings;
        expect_within_seconds.apply_to(&mut settings.expect_within_seconds);
        expect_days.apply_to(&mut settings.expect_days);
        time_zone.apply_to(&mut settings.time_zone);
        if let Patch::Value(on) = redeliver_changed {
            settings.redeliver_changed = on;
        }
        self
    }

    /// What the audit log has of it.
    fn noted(&self) -> Value {
        let SourceSettings { expect_within_seconds, expect_days, time_zone, redeliver_changed } = &self.settings;
        json!({
            "name": self.name, "enabled": self.enabled, "scheme": self.scheme, "hasSecret": self.secret.is_some(),
            "expectWithinSeconds": expect_within_seconds, "expectDays": expect_days, "timeZone": time_zone,
            "redeliverChanged": redeliver_changed,
        })
    }
}

/// The audit log's action for a changed source, with what it was and what it is.
pub fn audited(before: &StoredSource, after: &StoredSource) -> (AuditAction, Option<Value>, Option<Value>) {
    let only = |changed: StoredSource| changed == *after;
    let action = if only(StoredSource { enabled: after.enabled, ..before.clone() }) {
        if after.enabled { AuditAction::SourceEnable } else { AuditAction::SourceDisable }
    } else if only(StoredSource { secret: after.secret.clone(), ..before.clone() }) {
        AuditAction::SourceSecret
    } else {
        AuditAction::SourceUpdate
    };
    (action, Some(before.noted()), Some(after.noted()))
}

/// What the audit log has of a source that was added or deleted.
pub fn noted(source: &StoredSource) -> Value {
    source.noted()
}

/// The classes of what a source receives. Each is a ring of its own, so that none displaces another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceivedClass {
    /// Genuine, and nothing is remarkable.
    Taken,
    /// Genuine, and an event's content was changed.
    Changed,
    /// Refused.
    Refused,
}

impl ReceivedClass {
    /// The class of an outcome.
    pub fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Accepted | Outcome::Test | Outcome::Repeated | Outcome::Kept => ReceivedClass::Taken,
            Outcome::Changed => ReceivedClass::Changed,
            Outcome::Refused => ReceivedClass::Refused,
        }
    }

    /// The number of rows that a source has of this class.
    pub fn most(self) -> i64 {
        match self {
            ReceivedClass::Taken => 1_000,
            ReceivedClass::Changed | ReceivedClass::Refused => 100,
        }
    }
}

/// How long a refused request is kept.
pub const REFUSED_KEPT: Duration = Duration::from_secs(24 * 3600);

/// The most requests that a source keeps until its scheme is confirmed. Two events confirm it, so there are more only if a
/// sender signs each request in another way, or somebody repeats one in other ways.
pub const MOST_KEPT: i64 = 100;

/// The schemes that are confirmed by a request and one of those that were kept before: both have different ids, and these
/// schemes explain both. Another body alone says nothing: whoever has seen one request can write its JSON otherwise, and
/// schemes that rewrite JSON explain both.
pub fn confirmed(kept: &[(EventId, Vec<Scheme>)], id: EventId, schemes: &[Scheme]) -> Option<Vec<Scheme>> {
    kept.iter().filter(|(other, _)| *other != id).find_map(|(_, explained)| {
        let both: Vec<Scheme> = schemes.iter().filter(|scheme| explained.contains(scheme)).cloned().collect();
        (!both.is_empty()).then_some(both)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> StoredSource {
        StoredSource {
            number: 1,
            id: "src_0000000001".parse().unwrap(),
            name: "Acme".to_owned(),
            enabled: true,
            scheme: SourceScheme::Learn,
            found: Vec::new(),
            secret: None,
            settings: SourceSettings::default(),
            revision: 1,
            created_at: Timestamp::from_seconds(0),
            updated_at: Timestamp::from_seconds(0),
        }
    }

    fn scheme(text: &str) -> Scheme {
        text.parse().unwrap()
    }

    #[test]
    fn a_scheme_is_confirmed_by_two_events_that_it_explains() {
        let (raw, sorted) = (scheme("hmac-sha256"), scheme("hmac-sha256 message=json:sorted"));
        let [one, two, three] = ["one", "two", "three"].map(|id| id.parse::<EventId>().unwrap());
        let kept = [(one, vec![sorted.clone()]), (two, vec![raw.clone(), sorted.clone()])];
        assert_eq!(confirmed(&[], one, std::slice::from_ref(&raw)), None);
        assert_eq!(confirmed(&kept, two, std::slice::from_ref(&raw)), None, "the same event says nothing new");
        assert_eq!(confirmed(&kept, three, std::slice::from_ref(&raw)), Some(vec![raw.clone()]));
        assert_eq!(confirmed(&kept[1..], three, &[raw.clone(), sorted.clone()]), Some(vec![raw, sorted]));
        assert_eq!(confirmed(&kept, three, &[scheme("hmac-sha1")]), None);
    }

    #[test]
    fn another_scheme_forgets_what_was_found_and_a_secret_does_not() {
        let found =
            StoredSource { scheme: "hmac-sha256".parse().unwrap(), found: vec![scheme("hmac-sha256")], ..source() };
        let secret = SenderSecret::read("an invented secret").unwrap();
        let patch = SourcePatch { secret: Patch::Value(secret.clone()), ..SourcePatch::default() };
        let after = found.clone().patched(patch);
        assert_eq!((&after.found, after.secret.as_ref()), (&found.found, Some(&secret)));
        assert_eq!(audited(&found, &after).0, AuditAction::SourceSecret);
        let learn = SourcePatch { scheme: Patch::Value(SourceScheme::Learn), ..SourcePatch::default() };
        let again = found.clone().patched(learn);
        assert_eq!((again.state(), again.found.len()), (SourceState::Learning, 0));
        let same = SourcePatch { scheme: Patch::Value(found.scheme.clone()), ..SourcePatch::default() };
        assert_eq!(found.clone().patched(same), found);
    }

    #[test]
    fn silence_counts_from_the_last_request_or_change() {
        let settings = SourceSettings { expect_within_seconds: Some(3600), ..SourceSettings::default() };
        let expecting = StoredSource { settings, updated_at: Timestamp::from_seconds(10_000), ..source() };
        let silent = |last: Option<i64>, now| {
            let last_genuine_at = last.map(Timestamp::from_seconds);
            let facts = SourceFacts { last_genuine_at, refused24h: 0, kept: 0, now: Timestamp::from_seconds(now) };
            expecting.clone().shown(facts).is_silent
        };
        assert!(!silent(None, 13_600) && silent(None, 13_601));
        assert!(!silent(Some(20_000), 23_600) && silent(Some(20_000), 23_601));
        assert!(!silent(Some(1), 13_600), "it was changed since");
    }
}
