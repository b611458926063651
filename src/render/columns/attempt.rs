//! The columns of an attempt.

use crate::{
    domain::attempt::{Attempt, AttemptStatus},
    render::{Cell, Column, Importance, Record, View, words},
    term::Tone,
};

impl Record for Attempt {
    fn id(&self) -> String {
        self.id.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{Detail, High, Key, Low, Middle, OnDemand};
        vec![
            Column::new("startedAt", "TIME", Key, |attempt, view| Cell::plain(words::time(attempt.started_at, view))),
            Column::new("id", "ATTEMPT", Key, |attempt, _| Cell::plain(attempt.id)),
            Column::new("webhookId", "WEBHOOK", Low, |attempt, _| Cell::plain(attempt.webhook_id)),
            Column::new("eventType", "EVENT", High, |attempt, _| Cell::plain(attempt.event_type)),
            Column::new("eventId", "EVENT ID", Low, |attempt, _| Cell::plain(attempt.event_id)),
            Column::new("kind", "KIND", Middle, |attempt, _| Cell::plain(attempt.kind)),
            Column::new("number", "TRY", Middle, |attempt, _| {
                Cell::plain(format!("{}/{}", attempt.number, attempt.max_attempts))
            }),
            Column::new("httpStatus", "HTTP", High, |attempt, _| Cell::or_nothing(attempt.http_status)),
            Column::number("durationMs", "TOOK", Middle, |attempt, _| {
                Cell::or_nothing(attempt.duration_ms.map(words::milliseconds))
            }),
            Column::new("status", "OUTCOME", Key, outcome),
            Column::new("nextRetryAt", "NEXT RETRY", Middle, |attempt, view| {
                attempt.next_retry_at.map_or_else(Cell::default, |at| Cell::plain(words::time(at, view)))
            }),
            Column::new("deliveryId", "DELIVERY", Detail, |attempt, _| Cell::plain(attempt.delivery_id)),
            Column::new("version", "VERSION", Detail, |attempt, _| Cell::plain(attempt.version)),
            Column::new("errorDetail", "IN DETAIL", Detail, |attempt, _| {
                Cell::or_nothing(attempt.error_detail.as_ref())
            }),
            Column::new("error", "ERROR", OnDemand, |attempt, _| Cell::or_nothing(attempt.error)),
            Column::number("maxAttempts", "TRIES", OnDemand, |attempt, _| Cell::plain(attempt.max_attempts)),
            Column::new("request", "SENT TO", OnDemand, |attempt, view| {
                Cell::or_nothing(attempt.request.as_ref().map(|request| view.url(&request.url)))
            }),
            Column::new("response", "ANSWER", OnDemand, |attempt, _| {
                Cell::or_nothing(attempt.response.as_ref().map(|response| &response.body))
            }),
        ]
    }
}

fn outcome(attempt: &Attempt, _: &View) -> Cell {
    let tone = match attempt.status {
        AttemptStatus::Pending => Tone::Caution,
        AttemptStatus::Succeeded => Tone::Done,
        AttemptStatus::Failed => Tone::Trouble,
    };
    Cell::toned(attempt.outcome(), tone)
}

#[cfg(test)]
pub mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        domain::time::Timestamp,
        render::{columns::every_field_has_a_column, list},
        term::{Term, Terminals},
    };

    const NOW: i64 = 1_795_455_600;

    /// An invented attempt that failed.
    pub fn attempt() -> Attempt {
        serde_json::from_value(json!({
            "id": "at_06f8k2v0c1q4jt3xw9b7n5m8ed", "deliveryId": "dl_06f8k2v0c1q4jt3xw9b7n5m8ed",
            "webhookId": "wh_7c1zr8t0wb", "eventId": "tm_0199c1d2e3f4758697a8b9cadbecfd0e",
            "eventType": "attendance.inserted", "kind": "retry", "number": 2, "maxAttempts": 10, "status": "failed",
            "httpStatus": 503, "error": "unexpected_status", "errorDetail": null,
            "startedAt": Timestamp::from_seconds(NOW - 12), "durationMs": 41,
            "nextRetryAt": Timestamp::from_seconds(NOW + 288), "version": "v1",
            "request": {"url": "https://bot.example.com/tm", "headers": [], "body": null},
            "response": {"headers": [], "body": "busy", "truncated": false}
        }))
        .unwrap()
    }

    #[test]
    fn columns_cover_the_fields() {
        every_field_has_a_column(&attempt());
    }

    #[test]
    fn ids_stay_whole_when_columns_go() {
        let (term, captured) = Term::captured("", Terminals { stdout: true, ..Terminals::default() }, 100);
        let view = View::new(&term, Timestamp::from_seconds(NOW));
        list(&term, &view, &[attempt()]).unwrap();
        insta::assert_snapshot!(captured.out(), @r"
        TIME      ATTEMPT                        EVENT                HTTP  OUTCOME
        12 s ago  at_06f8k2v0c1q4jt3xw9b7n5m8ed  attendance.inserted  503   failed: service unavailable
        ");
    }
}
