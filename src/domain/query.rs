//! What lists are asked for: the query parameters, shared by client and service.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    attempt::{AttemptKind, AttemptStatus, CodeFilter, named},
    calendar::Zone,
    event::EventType,
    ids::{DeliveryId, EventId, WebhookId},
    page::Cursor,
    stats::GroupBy,
    text::serde_as_text,
    time::Timestamp,
};

named!(
    /// What webhooks are sorted by.
    WebhookSort, "a sort order", {
        /// Newest first.
        Created = "created",
        /// By name, from A to Z.
        Name = "name",
        /// The highest error rate first.
        ErrorRate = "error-rate",
    }
);

/// Which webhooks a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct WebhookQuery {
    /// Only those that receive events of this type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventType>,
    /// Only enabled ones, or only disabled ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Only those whose newest attempt failed, or only the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing: Option<bool>,
    /// Only those whose name or URL contains this, whatever its case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Only the one with exactly this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Only those whose id begins with this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_prefix: Option<String>,
    /// The order; newest first when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<WebhookSort>,
    /// How many at most: 1 to 250, 50 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

/// Which attempts a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct AttemptQuery {
    /// Only those of this webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookId>,
    /// Only those of this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// Only those of this delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryId>,
    /// Only those that ended so, or are in flight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<AttemptStatus>,
    /// Only those answered with this status, or one of this class: `503`, `5xx`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeFilter>,
    /// Only those that carried an event of this type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventType>,
    /// Only those made for this reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<AttemptKind>,
    /// Only those that began at this time or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Only those that began before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// How many at most: 1 to 250, 50 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

/// Which events a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct EventQuery {
    /// Only those of this type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// Only those taken in at this time or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Only those taken in before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// How many at most: 1 to 250, 50 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

/// Which recoveries a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct RecoveryQuery {
    /// How many at most: 1 to 250, 50 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

/// Which tokens a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TokenQuery {
    /// Only the one with exactly this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many at most: 1 to 250, 50 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

/// Which entries of the audit log a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct AuditQuery {
    /// Only what was done at this time or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Only what was done before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Only what was done by this token (its id, or the name it had), or by `admin`, `local` or `service`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Only what was done to this: an id, or the name it had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// How many at most: 1 to 250, 50 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

/// Whether a webhook's secrets are answered as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct SecretQuery {
    /// False: they are masked, and that they were asked for is no entry of the audit log. True when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reveal: Option<bool>,
}

/// Over which window error rates are counted, and how they are grouped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct StatsQuery {
    /// Only attempts of this webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookId>,
    /// Since when; 24 h before the end when absent. Rounded down to five minutes, or, more than 48 h ago, to an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Until when; now when absent. Rounded up in the same way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What to group by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<GroupBy>,
    /// Whose hours and days groups are: `Europe/Berlin`, or a rule as POSIX writes it; UTC when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Zone>,
}
