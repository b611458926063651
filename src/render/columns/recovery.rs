//! The columns of single retries, of recoveries, and of a recovery's estimate.

use crate::{
    domain::recovery::{Recovery, RecoveryEstimate, RecoveryStatus, RetriedDelivery},
    render::{Cell, Column, Importance, Record, View, words},
    term::Tone,
};

impl Record for RetriedDelivery {
    fn id(&self) -> String {
        self.attempt_id.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low, Middle};
        vec![
            Column::new("attemptId", "ATTEMPT", Key, |retried, _| Cell::plain(retried.attempt_id)),
            Column::new("deliveryId", "DELIVERY", High, |retried, _| Cell::plain(retried.delivery_id)),
            Column::new("webhookId", "WEBHOOK", High, |retried, _| Cell::plain(retried.webhook_id)),
            Column::new("eventId", "EVENT ID", Low, |retried, _| Cell::plain(retried.event_id)),
            Column::number("number", "TRY", Middle, |retried, _| Cell::plain(retried.number)),
        ]
    }
}

impl Record for Recovery {
    fn id(&self) -> String {
        self.id.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{Detail, High, Key, Low, Middle};
        vec![
            Column::new("id", "RECOVERY", Key, |recovery, _| Cell::plain(recovery.id)),
            Column::new("status", "STATUS", Key, status),
            Column::new("webhookId", "WEBHOOK", Middle, |recovery, _| {
                Cell::plain(recovery.webhook_id.map_or_else(|| "all".to_owned(), |id| id.to_string()))
            }),
            Column::new("what", "WHAT", Detail, |recovery, _| Cell::plain(recovery.what)),
            Column::new("since", "SINCE", Low, |recovery, view| Cell::plain(words::time(recovery.since, view))),
            Column::new("until", "UNTIL", Low, |recovery, view| Cell::plain(words::time(recovery.until, view))),
            Column::new("rate", "RATE", Detail, |recovery, _| {
                Cell::or_nothing(recovery.rate.map(|rate| format!("{rate}/s")))
            }),
            Column::number("looked", "LOOKED AT", Detail, |recovery, _| Cell::plain(recovery.looked)),
            Column::number("made", "MADE", High, |recovery, _| Cell::plain(recovery.made)),
            Column::number("succeeded", "SUCCEEDED", High, |recovery, _| Cell::plain(recovery.succeeded)),
            Column::number("failed", "FAILED", High, |recovery, _| Cell::plain(recovery.failed)),
            Column::number("cancelled", "CANCELLED", Detail, |recovery, _| Cell::plain(recovery.cancelled)),
            Column::number("pending", "TO GO", High, |recovery, _| Cell::plain(recovery.pending)),
            Column::number("skipped", "SKIPPED", Detail, |recovery, _| Cell::plain(recovery.skipped)),
            Column::new("createdAt", "BEGUN", Low, |recovery, view| {
                Cell::plain(words::time(recovery.created_at, view))
            }),
            Column::new("finishedAt", "ENDED", Low, |recovery, view| {
                words::time_or_nothing(recovery.finished_at, view)
            }),
        ]
    }
}

fn status(recovery: &Recovery, _: &View) -> Cell {
    let tone = match recovery.status {
        RecoveryStatus::Finished if recovery.failed > 0 => Tone::Trouble,
        RecoveryStatus::Cancelled => Tone::Receding,
        RecoveryStatus::Running | RecoveryStatus::Finished => Tone::Plain,
    };
    Cell::toned(recovery.status, tone)
}

impl Record for RecoveryEstimate {
    fn id(&self) -> String {
        "dry-run".to_owned()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Middle};
        vec![
            Column::number("deliveries", "DELIVERIES", Key, |estimate, _| Cell::plain(estimate.deliveries)),
            Column::number("failed", "FAILED BEFORE", High, |estimate, _| Cell::plain(estimate.failed)),
            Column::number("missed", "NEVER MADE", High, |estimate, _| Cell::plain(estimate.missed)),
            Column::number("skipped", "SKIPPED", Middle, |estimate, _| Cell::plain(estimate.skipped)),
            Column::number("waiting", "WAITING", Middle, |estimate, _| Cell::plain(estimate.waiting)),
            Column::new("complete", "COMPLETE", Middle, |estimate, _| {
                Cell::plain(if estimate.complete { "yes" } else { "no" })
            }),
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
        let retried = json!({
            "deliveryId": "dl_06f8k2v0c1q4jt3xw9b7n5m8ed", "attemptId": "at_06f8k2v0c1q4jt3xw9b7n5m8ed",
            "webhookId": "wh_7c1zr8t0wb", "eventId": "tm_0199c1d2e3f4758697a8b9cadbecfd0e", "number": 2
        });
        every_field_has_a_column::<RetriedDelivery>(&serde_json::from_value(retried).unwrap());
        let recovery = json!({
            "id": "rc_06f8k2v0c1q4jt3xw9b7n5m8ed", "status": "running", "webhookId": null, "what": "both",
            "since": "2026-11-22T17:40:00Z", "until": "2026-11-23T17:40:00Z", "rate": 10.5, "looked": 9, "made": 8,
            "succeeded": 3, "failed": 2, "cancelled": 1, "pending": 2, "skipped": 1,
            "createdAt": "2026-11-23T17:40:00Z", "finishedAt": null
        });
        every_field_has_a_column::<Recovery>(&serde_json::from_value(recovery).unwrap());
        every_field_has_a_column::<RecoveryEstimate>(&RecoveryEstimate::default());
    }
}
