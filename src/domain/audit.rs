//! The audit log: who changed what, and when.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{attempt::named, ids::TokenId, text::serde_as_text, time::Timestamp};

named!(
    /// What was done.
    AuditAction, "an action of the audit log", {
        /// A webhook was added.
        WebhookAdd = "webhook.add",
        /// A webhook was changed.
        WebhookUpdate = "webhook.update",
        /// A webhook was enabled, and nothing else of it changed.
        WebhookEnable = "webhook.enable",
        /// A webhook was disabled, and nothing else of it changed.
        WebhookDisable = "webhook.disable",
        /// A webhook was deleted.
        WebhookDelete = "webhook.delete",
        /// A webhook's secret was read.
        SecretRead = "secret.read",
        /// A webhook's secret was replaced.
        SecretRotate = "secret.rotate",
        /// The overlap of a rotation was ended.
        SecretRevoke = "secret.revoke",
        /// A token was made.
        TokenCreate = "token.create",
        /// A token was revoked.
        TokenRevoke = "token.revoke",
        /// The settings were replaced.
        SettingsUpdate = "settings.update",
        /// Something was tried again by hand.
        DeliveryRetry = "delivery.retry",
        /// A recovery was begun.
        RecoveryAdd = "recovery.add",
        /// A recovery was stopped.
        RecoveryCancel = "recovery.cancel",
    }
);

/// One change, as the audit log keeps it. No secret and no header's value is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its number; they rise.
    pub number: u64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it: a token's name, `admin` for the admin token, `local` for a process that has the database, `service`
    /// for the service by itself.
    pub actor: String,
    /// The id of the token it was done with, if that was one of the list.
    pub token_id: Option<TokenId>,
    /// What was done.
    pub action: AuditAction,
    /// The id of what it was done to; `settings` for the settings.
    pub target: String,
    /// The name that had, where it has one.
    pub target_name: Option<String>,
    /// What was there before, as far as it changed; null when nothing was.
    #[cfg_attr(feature = "service", schema(value_type = Option<Object>))]
    pub before: Option<Value>,
    /// What is there now, as far as it changed; null when it is gone.
    #[cfg_attr(feature = "service", schema(value_type = Option<Object>))]
    pub after: Option<Value>,
    /// The request that asked for it.
    pub request_id: Option<String>,
}

/// The entries of `before` and `after` that differ, each side with its own; as they are when either is missing.
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
