//! The query parameters of lists, shared by client and service.

use serde::{Deserialize, Serialize};

use super::{
    attempt::{AttemptKind, AttemptStatus, CodeFilter},
    calendar::Zone,
    event::EventType,
    ids::{DeliveryId, EventId, WebhookId},
    page::Cursor,
    stats::GroupBy,
    text::named,
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
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct WebhookQuery {
    /// Only those that receive events of this type.
    pub event: Option<EventType>,
    /// Only enabled ones, or only disabled ones.
    pub enabled: Option<bool>,
    /// Only those whose newest attempt failed, or only the others.
    pub failing: Option<bool>,
    /// Only those whose name or URL contains this, ignoring case.
    pub search: Option<String>,
    /// Only the one with exactly this name.
    pub name: Option<String>,
    /// Only those whose id begins with this.
    pub id_prefix: Option<String>,
    /// The order; newest first when absent.
    pub sort: Option<WebhookSort>,
    /// The largest number of entries: 1 to 250, 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the previous page.
    pub cursor: Option<Cursor>,
}

/// Which attempts a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct AttemptQuery {
    /// Only those of this webhook.
    pub webhook: Option<WebhookId>,
    /// Only those of this event.
    pub event_id: Option<EventId>,
    /// Only those of this delivery.
    pub delivery: Option<DeliveryId>,
    /// Only those with this status.
    pub status: Option<AttemptStatus>,
    /// Only those that were answered with this status or class: `503`, `5xx`.
    pub code: Option<CodeFilter>,
    /// Only those that carried an event of this type.
    pub event: Option<EventType>,
    /// Only those made for this reason.
    pub kind: Option<AttemptKind>,
    /// Only those that began at this time or later.
    pub since: Option<Timestamp>,
    /// Only those that began before this time.
    pub until: Option<Timestamp>,
    /// The largest number of entries: 1 to 250, 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the previous page.
    pub cursor: Option<Cursor>,
}

/// Which events a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct EventQuery {
    /// Only those of this type.
    #[serde(rename = "type")]
    pub event_type: Option<EventType>,
    /// Only those whose data concern this person: the `userId`, the whole name, the employee's or card number or the
    /// e-mail address. Case, the composition of letters and surrounding blanks do not matter. At most 300 characters.
    /// A page looks at up to 2,000 events; `lookedAt` tells at how many, and `next` may follow a page without events.
    pub user: Option<String>,
    /// Whether the events come with their `data` and `deliveries`. A page then ends early if it has much data. False
    /// when absent.
    pub data: Option<bool>,
    /// Only those accepted at this time or later.
    pub since: Option<Timestamp>,
    /// Only those accepted before this time.
    pub until: Option<Timestamp>,
    /// The largest number of entries: 1 to 250, 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the previous page.
    pub cursor: Option<Cursor>,
}

/// Which of several events with one id is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct EventSource {
    /// The name of its source. It is needed only if events of several sources have this id (409 `ambiguous_id`).
    pub source: Option<String>,
}

/// Which recoveries a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct RecoveryQuery {
    /// The largest number of entries: 1 to 250, 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the previous page.
    pub cursor: Option<Cursor>,
}

/// Which tokens a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TokenQuery {
    /// Only the one with exactly this name.
    pub name: Option<String>,
    /// The largest number of entries: 1 to 250, 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the previous page.
    pub cursor: Option<Cursor>,
}

/// Which entries of the audit log a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct AuditQuery {
    /// Only entries made at this time or later.
    pub since: Option<Timestamp>,
    /// Only entries made before this time.
    pub until: Option<Timestamp>,
    /// Only entries of this token (its id, or the name it had), or of `admin`, `local` or `service`.
    pub actor: Option<String>,
    /// Only entries about this object: its id, or the name it had.
    pub target: Option<String>,
    /// The largest number of entries: 1 to 250, 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the previous page.
    pub cursor: Option<Cursor>,
}

/// Whether the answer shows a webhook's secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct SecretQuery {
    /// If false, the secrets are masked and the audit log records no reading. True when absent.
    pub reveal: Option<bool>,
}

/// The window and the grouping of error rates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct StatsQuery {
    /// Only attempts of this webhook.
    pub webhook: Option<WebhookId>,
    /// The start of the window; 24 h before its end when absent. It is rounded down to five minutes, or to an hour if
    /// it is more than 48 h ago.
    pub since: Option<Timestamp>,
    /// The end of the window; now when absent. It is rounded up in the same way.
    pub until: Option<Timestamp>,
    /// The key of the groups.
    pub by: Option<GroupBy>,
    /// The time zone of the groups' hours and days: `Europe/Berlin`, or a POSIX rule; UTC when absent.
    pub time_zone: Option<Zone>,
}
