//! The columns of error rates and duration percentiles.

use super::{state::ENOUGH_ATTEMPTS, widths::NAME};
use crate::{
    domain::{
        calendar::Unit,
        ids::WebhookId,
        stats::{Stats, StatsGroup},
    },
    render::{Cell, Column, Importance, Record, TimeStyle, View, words},
    term::{Sign, Tone},
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
            // In a pipe, these columns stay the same, as scripts read them.
            Column::number("p50Ms", "P50", OnDemand, |group, _| took(group.p50_ms)),
            Column::number("p95Ms", "P95", OnDemand, |group, _| took(group.p95_ms)),
            Column::new("from", "FROM", OnDemand, |group, view| words::time_or_nothing(group.from, view)),
            Column::new("to", "TO", OnDemand, |group, view| words::time_or_nothing(group.to, view)),
        ]
    }

    fn table() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low, Middle};
        vec![
            Column::new("webhook", "WEBHOOK", Key, |group: &StatsGroup, _| match is_webhook(group) {
                true => Cell::toned(group.name.as_ref().unwrap_or(&group.key), subject(group)),
                false => Cell::default(),
            })
            .flexible(NAME),
            Column::new("group", "GROUP", Key, |group, view| match is_webhook(group) {
                true => Cell::default(),
                false => Cell::toned(called(group, view), subject(group)),
            }),
            Column::number("errors", "ERRORS", Key, |group, view| match view.bars {
                None => rate(group),
                Some(_) => Cell::toned(format!("{} %", words::percent(group.failed, group.attempts)), tone(group)),
            }),
            Column::new("bar", "", High, bar),
            Column::number("failed", "FAILED", Middle, |group, view| match view.bars {
                None => Cell::default(),
                Some(_) => {
                    let of = words::thousands(group.attempts);
                    Cell::share(format!("{} of {of}", words::thousands(group.failed)), Tone::Plain)
                }
            }),
            // Only one percentile fits beside a bar.
            Column::number("p50Ms", "P50", Low, |group, view| match view.bars {
                None => took(group.p50_ms),
                Some(_) => Cell::default(),
            }),
            Column::number("p95Ms", "P95", Low, |group, _| took(group.p95_ms)),
            Column::new("id", "ID", High, |group, _| match is_webhook(group) && group.name.is_some() {
                true => Cell::plain(&group.key),
                false => Cell::default(),
            }),
        ]
    }

    fn sign(&self, _: &View) -> Sign {
        match (self.failed * 20 >= self.attempts, self.failed * 2 >= self.attempts) {
            _ if self.failed == 0 || self.attempts < FEW => Sign::Nothing,
            (_, true) => Sign::Failed,
            (true, _) if self.attempts >= ENOUGH_ATTEMPTS => Sign::Look,
            _ => Sign::Nothing,
        }
    }
}

/// The least number of attempts for a coloured rate; with fewer, one more would change it a lot.
const FEW: u64 = 5;
/// The longest bar, in columns of the terminal.
const LONGEST_BAR: f64 = 28.0;

fn is_webhook(group: &StatsGroup) -> bool {
    group.key.parse::<WebhookId>().is_ok()
}

/// Returns the name of the group, with days and hours as people write them.
fn called(group: &StatsGroup, view: &View) -> String {
    let Some((zone, unit)) = &view.bars.as_ref().map(|bars| (&bars.zone, bars.unit)) else { return group.key.clone() };
    let format = match unit {
        Unit::Day => "%a %-d %b",
        Unit::Hour => "%a %-d %b %H:%M",
    };
    let named = group.from.filter(|_| view.times != TimeStyle::Utc);
    named.map_or_else(|| group.key.clone(), |from| zone.shown(from, format))
}

/// Formats a percentile of the duration.
fn took(millis: Option<u64>) -> Cell {
    Cell::or_nothing(millis.map(words::milliseconds))
}

fn tone(group: &StatsGroup) -> Tone {
    if group.failed * 2 >= group.attempts && group.attempts >= FEW { Tone::Trouble } else { Tone::Plain }
}

fn subject(group: &StatsGroup) -> Tone {
    if tone(group) == Tone::Trouble { Tone::Subject } else { Tone::Plain }
}

fn rate(group: &StatsGroup) -> Cell {
    match group.attempts {
        1..FEW => Cell::plain(format!("few: {:>2} of {}", group.failed, group.attempts)),
        _ => words::share(group.failed, group.attempts, tone(group)),
    }
}

/// Draws the error rate relative to that of the worst group.
fn bar(group: &StatsGroup, view: &View) -> Cell {
    let Some(bars) = view.bars.as_ref().filter(|bars| bars.worst > 0.0) else { return Cell::default() };
    let halves = (group.error_rate.unwrap_or_default() / bars.worst * LONGEST_BAR * 2.0).round() as usize;
    let tone = group.sign(view).tone();
    let half = if halves % 2 == 1 { view.signs.half_bar() } else { "" };
    Cell::toned(view.signs.bar().repeat(halves / 2) + half, tone)
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
            Column::number("p50Ms", "P50", OnDemand, |stats, _| took(stats.p50_ms)),
            Column::number("p95Ms", "P95", OnDemand, |stats, _| took(stats.p95_ms)),
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
    use crate::render::columns::samples::every_field_has_a_column;

    #[test]
    fn columns_cover_the_fields() {
        let group = json!({ "key": "wh_7c1zr8t0wb", "name": "Bot", "attempts": 21, "failed": 8, "errorRate": 0.38,
            "p50Ms": 20, "p95Ms": 46, "from": "2026-11-22T17:40:00Z", "to": "2026-11-23T17:40:00Z" });
        let stats = json!({
            "from": "2026-11-22T17:40:00Z", "to": "2026-11-23T17:40:00Z", "webhookId": null, "attempts": 21,
            "failed": 8, "errorRate": 0.38, "p50Ms": 20, "p95Ms": 46, "by": "webhook", "groups": [group.clone()]
        });
        every_field_has_a_column::<StatsGroup>(&serde_json::from_value(group).unwrap());
        every_field_has_a_column::<Stats>(&serde_json::from_value(stats).unwrap());
    }
}
