//! The columns of the audit log.

use serde_json::Value;

use super::widths::{ANSWER, NAME};
use crate::{
    domain::audit::AuditEntry,
    render::{Cell, Column, Importance, Record, words},
};

impl Record for AuditEntry {
    fn id(&self) -> String {
        self.number.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{Detail, High, Key, Low, Middle};
        vec![
            Column::number("number", "NUMBER", Detail, |entry, _| Cell::plain(entry.number)),
            Column::new("at", "TIME", Key, |entry, view| Cell::plain(words::time(entry.at, view))),
            Column::new("actor", "BY", Key, |entry, _| Cell::plain(&entry.actor)),
            Column::new("tokenId", "TOKEN", Detail, |entry, _| Cell::or_nothing(entry.token_id)),
            Column::new("action", "ACTION", Key, |entry, _| Cell::plain(entry.action)),
            Column::new("target", "TARGET", Key, |entry, _| Cell::plain(&entry.target)),
            Column::new("targetName", "NAME", High, |entry, _| Cell::or_nothing(entry.target_name.as_ref())),
            Column::new("before", "BEFORE", Low, |entry, _| Cell::or_nothing(entry.before.as_ref().map(short))),
            Column::new("after", "AFTER", Middle, |entry, _| Cell::or_nothing(entry.after.as_ref().map(short))),
            Column::new("requestId", "REQUEST", Detail, |entry, _| Cell::or_nothing(entry.request_id.as_ref())),
        ]
    }

    fn table() -> Vec<Column<Self>> {
        use Importance::{High, Key, Middle};
        vec![
            Column::number("at", "TIME", Key, |entry, view| words::brief_time(entry.at, view)),
            Column::new("actor", "BY", Key, |entry: &AuditEntry, _| Cell::plain(&entry.actor)).flexible(NAME),
            Column::new("action", "ACTION", Key, |entry, _| Cell::plain(entry.action)),
            Column::new("targetName", "NAME", High, |entry: &AuditEntry, _| {
                Cell::or_nothing(entry.target_name.as_ref())
            })
            .flexible(NAME),
            Column::new("changed", "CHANGED", High, |entry: &AuditEntry, _| changed(entry)).flexible(ANSWER),
            Column::new("target", "TARGET", Middle, |entry, _| Cell::plain(&entry.target)),
        ]
    }
}

/// Describes the changed fields in the words of the other screens. It is empty for new or removed objects, whose fields
/// all changed.
fn changed(entry: &AuditEntry) -> Cell {
    let (Some(Value::Object(before)), Some(Value::Object(after))) = (&entry.before, &entry.after) else {
        return Cell::nothing();
    };
    let new = after.keys().filter(|name| !before.contains_key(*name));
    let mut names: Vec<&str> = before.keys().chain(new).map(|field| in_words(field)).collect();
    names.dedup();
    Cell::or_nothing(Some(names.join(", ")).filter(|names| !names.is_empty()))
}

fn in_words(field: &str) -> &str {
    match field {
        "enabled" | "disabledReason" => "status",
        "pinnedVersion" | "globalVersion" => "version",
        other => other,
    }
}

fn short(value: &Value) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::render::columns::samples::every_field_has_a_column;

    #[test]
    fn columns_cover_the_fields() {
        let entry = json!({
            "number": 7, "at": "2026-11-23T17:40:00Z", "actor": "CI", "tokenId": "tk_06f8k2v0c1q4jt3xw9b7n5m8ed",
            "action": "webhook.update", "target": "wh_7c1zr8t0wb", "targetName": "Payroll", "before": {"name": "Pay"},
            "after": {"name": "Payroll"}, "requestId": "req_1"
        });
        every_field_has_a_column::<AuditEntry>(&serde_json::from_value(entry).unwrap());
    }

    #[test]
    fn which_fields_changed_is_said() {
        let of = |before: Value, after: Value| {
            let entry = json!({
                "number": 7, "at": "2026-11-23T17:40:00Z", "actor": "CI", "tokenId": null, "action": "webhook.update",
                "target": "wh_7c1zr8t0wb", "targetName": "Payroll", "before": before, "after": after, "requestId": null
            });
            changed(&serde_json::from_value(entry).unwrap()).text
        };
        assert_eq!(of(json!({"name": "Pay", "url": "a"}), json!({"url": "b", "headers": {}})), "name, url, headers");
        let enabled = json!({"enabled": true, "disabledReason": null});
        assert_eq!(of(enabled, json!({"enabled": false, "disabledReason": "manual"})), "status");
        assert_eq!(of(json!({"pinnedVersion": null}), json!({"pinnedVersion": "v2"})), "version");
        assert_eq!(of(json!(null), json!({"name": "Pay"})), "-");
        assert_eq!(of(json!({}), json!({})), "-");
    }
}
