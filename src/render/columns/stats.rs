//! The columns of error rates.

use crate::{
    domain::stats::{Stats, StatsGroup},
    render::{Cell, Column, Importance, Record, words},
};

impl Record for StatsGroup {
    fn id(&self) -> String {
        self.key.clone()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Middle, OnDemand};
        vec![
            Column::new("key", "GROUP", Key, |group, _| Cell::plain(&group.key)),
            Column::new("name", "NAME", High, |group, _| Cell::or_nothing(group.name.as_ref())),
            Column::number("attempts", "ATTEMPTS", Middle, |group, _| Cell::plain(group.attempts)),
            Column::number("failed", "FAILED", Middle, |group, _| Cell::plain(group.failed)),
            Column::number("errorRate", "ERRORS", Key, |group, _| words::error_rate(group.failed, group.attempts)),
            Column::new("from", "FROM", OnDemand, |group, view| words::time_or_nothing(group.from, view)),
            Column::new("to", "TO", OnDemand, |group, view| words::time_or_nothing(group.to, view)),
        ]
    }
}

impl Record for Stats {
    fn id(&self) -> String {
        self.webhook_id.map_or_else(|| "all".to_owned(), |id| id.to_string())
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Middle, OnDemand};
        vec![
            Column::new("from", "FROM", Key, |stats, view| Cell::plain(words::time(stats.from, view))),
            Column::new("to", "TO", High, |stats, view| Cell::plain(words::time(stats.to, view))),
            Column::new("webhookId", "WEBHOOK", High, |stats, _| Cell::or_nothing(stats.webhook_id)),
            Column::number("attempts", "ATTEMPTS", Middle, |stats, _| Cell::plain(stats.attempts)),
            Column::number("failed", "FAILED", Middle, |stats, _| Cell::plain(stats.failed)),
            Column::number("errorRate", "ERRORS", Key, |stats, _| words::error_rate(stats.failed, stats.attempts)),
            Column::new("by", "BY", OnDemand, |stats, _| Cell::or_nothing(stats.by)),
            Column::new("timeZone", "TIME ZONE", OnDemand, |stats, _| Cell::plain(&stats.time_zone)),
            Column::number("groups", "GROUPS", OnDemand, |stats, _| Cell::plain(stats.groups.len())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::render::columns::every_field_has_a_column;

    #[test]
    fn columns_cover_the_fields() {
        let group = json!({ "key": "wh_7c1zr8t0wb", "name": "Bot", "attempts": 21, "failed": 8, "errorRate": 0.38,
            "from": "2026-11-22T17:40:00Z", "to": "2026-11-23T17:40:00Z" });
        let stats = json!({
            "from": "2026-11-22T17:40:00Z", "to": "2026-11-23T17:40:00Z", "webhookId": null, "attempts": 21,
            "failed": 8, "errorRate": 0.38, "by": "webhook", "groups": [group.clone()]
        });
        every_field_has_a_column::<StatsGroup>(&serde_json::from_value(group).unwrap());
        every_field_has_a_column::<Stats>(&serde_json::from_value(stats).unwrap());
    }
}
