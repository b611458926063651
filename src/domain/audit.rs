//! The audit log: who changed what, and when.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ids::TokenId, text::named, time::Timestamp};

named!(
    /// What was done.
    AuditAction, "an action of the audit log", {
        /// A webhook was added.
        WebhookAdd = "webhook.add",
        /// A webhook was changed.
        WebhookUpdate = "webhook.update",
        /// A webhook was enabled, and nothing else about it changed.
        WebhookEnable = "webhook.enable",
        /// A webhook was disabled, and nothing else about it changed.
        WebhookDisable = "webhook.disable",
        /// A webhook was deleted.
        WebhookDelete = "webhook.delete",
        /// A webhook's secret was read.
        SecretRead = "secret.read",
        /// A webhook's secret was replaced.
        SecretRotate = "secret.rotate",
        /// A previous secret was revoked before its overlap ended.
        SecretRevoke = "secret.revoke",
        /// A source was added.
        SourceAdd = "source.add",
        /// A source was changed.
        SourceUpdate = "source.update",
        /// A source was enabled, and nothing else about it changed.
        SourceEnable = "source.enable",
        /// A source was disabled, and nothing else about it changed.
        SourceDisable = "source.disable",
        /// A source was deleted.
        SourceDelete = "source.delete",
        /// A source got another secret.
        SourceSecret = "source.secret",
        /// The service found out a source's scheme.
        SourceLearnt = "source.learnt",
        /// A token was created.
        TokenCreate = "token.create",
        /// A token was revoked.
        TokenRevoke = "token.revoke",
        /// The settings were replaced.
        SettingsUpdate = "settings.update",
        /// A delivery was retried by hand.
        DeliveryRetry = "delivery.retry",
        /// A recovery was started.
        RecoveryAdd = "recovery.add",
        /// A recovery was stopped.
        RecoveryCancel = "recovery.cancel",
    }
);

/// An entry of the audit log. It holds no secret and no header's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its number, which rises with each entry.
    pub number: u64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it: a token's name, `admin` for the admin token, `local` for a process with access to the database, or
    /// `service` for the service itself.
    pub actor: String,
    /// The id of the token that was used; null for `admin`, `local` and `service`.
    pub token_id: Option<TokenId>,
    /// What was done.
    pub action: AuditAction,
    /// The id of the changed object; `settings` for the settings.
    pub target: String,
    /// The name of the changed object at that time, if it has one.
    pub target_name: Option<String>,
    /// The changed fields before the change; null if there was nothing.
    #[cfg_attr(feature = "service", schema(value_type = Option<Object>))]
    pub before: Option<Value>,
    /// The changed fields after the change; null if nothing remains.
    #[cfg_attr(feature = "service", schema(value_type = Option<Object>))]
    pub after: Option<Value>,
    /// The id of the request.
    pub request_id: Option<String>,
}

/// Reduces `before` and `after` to the fields that differ. Leaves both unchanged if one of them is missing.
pub fn difference(before: Option<Value>, after: Option<Value>) -> (Option<Value>, Option<Value>) {
    match (before, after) {
        (Some(Value::Object(mut before)), Some(Value::Object(mut after))) => {
            let same: Vec<String> = before
                .iter()
                .filter(|(key, value)| after.get(*key) == Some(value))
                .map(|(key, _)| key.clone())
                .collect();
            for key in same {
                before.shift_remove(&key);
                after.shift_remove(&key);
            }
            (Some(Value::Object(before)), Some(Value::Object(after)))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_kept() {
        let (before, after) = difference(Some(json!({"a": 1, "b": 2})), Some(json!({"a": 1, "b": 3, "c": 4})));
        assert_eq!((before, after), (Some(json!({"b": 2})), Some(json!({"b": 3, "c": 4}))));
        assert_eq!(difference(None, Some(json!({"a": 1}))), (None, Some(json!({"a": 1}))));
    }
}
