//! The columns of an attempt.

use super::widths::{ANSWER, BRIEF_ANSWER, EVENTS, NAME};
use crate::{
    domain::attempt::{Attempt, AttemptError, AttemptKind, AttemptStatus, status_in_words},
    render::{Cell, Column, Importance, Record, Title, View, words},
    term::{Sign, Tone},
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
            Column::new("version", "VERSION", Detail, |attempt, _| Cell::or_nothing(attempt.version)),
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

    fn table() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low, Middle};
        vec![
            Column::number("startedAt", "TIME", Key, |attempt, view| words::brief_time(attempt.started_at, view)),
            Column::new("webhook", "WEBHOOK", Key, |attempt: &Attempt, view| {
                let name = view.names.get(&attempt.webhook_id).cloned();
                let tone = if attempt.status == AttemptStatus::Failed { Tone::Subject } else { Tone::Plain };
                Cell::toned(name.unwrap_or_else(|| attempt.webhook_id.to_string()), tone)
            })
            .flexible(NAME),
            Column::new("eventType", "EVENT", High, |attempt: &Attempt, _| Cell::plain(attempt.event_type))
                .flexible(EVENTS),
            Column::number("number", "TRY", Middle, |attempt, _| Cell::plain(number(attempt))),
            Column::new("answer", "ANSWER", Key, answer).flexible(ANSWER),
            Column::number("durationMs", "TOOK", Middle, |attempt, _| {
                Cell::or_nothing(attempt.duration_ms.map(words::milliseconds))
            }),
            Column::new("nextRetryAt", "NEXT", High, next),
            Column::new("eventId", "EVENT ID", Low, |attempt, _| Cell::plain(attempt.event_id)),
            Column::new("id", "ATTEMPT", Low, |attempt, _| Cell::plain(attempt.id)),
        ]
    }

    fn title(&self, view: &View) -> Option<Title> {
        let name = view.names.get(&self.webhook_id)?;
        let event = self.event_type;
        let subject = match (self.status, self.http_status, self.error) {
            (AttemptStatus::Pending, ..) => format!("{name} has not answered {event} yet"),
            (_, Some(status), _) => {
                let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
                let reason = reason.map(|reason| format!(" {reason}")).unwrap_or_default();
                format!("{name} answered {status}{reason} to {event}")
            }
            (_, None, Some(error)) => format!("{name} did not answer {event}: {}", error.describe()),
            (_, None, None) => format!("{name} did not answer {event}"),
        };
        Some(Title { subject, says: &["eventType", "httpStatus", "status"], ..Title::default() })
    }

    fn sign(&self, _: &View) -> Sign {
        if self.status == AttemptStatus::Failed { Sign::Failed } else { Sign::Nothing }
    }
}

/// Describes the result briefly: `204`, `401 unauthorized`, `connection refused`, `in flight`.
fn answer(attempt: &Attempt, _: &View) -> Cell {
    let Attempt { status, error, http_status, .. } = attempt;
    match (status, error, http_status) {
        (AttemptStatus::Pending, ..) => Cell::plain("in flight"),
        (AttemptStatus::Succeeded, _, Some(status)) => Cell::plain(status),
        (AttemptStatus::Succeeded, _, None) => Cell::plain("succeeded"),
        (AttemptStatus::Failed, None | Some(AttemptError::UnexpectedStatus), Some(status)) => {
            Cell::toned(format!("{status} {}", status_in_words(*status)), Tone::Trouble)
        }
        (AttemptStatus::Failed, Some(error), Some(status)) => {
            Cell::toned(format!("{status} {}", error.describe()), Tone::Trouble)
        }
        (AttemptStatus::Failed, Some(error), None) => Cell::toned(error.describe(), Tone::Trouble),
        (AttemptStatus::Failed, None, None) => Cell::toned("failed", Tone::Trouble),
    }
}

/// Returns the columns for the last attempts of a webhook, which are named by their ids.
pub fn of_last_attempts() -> Vec<Column<Attempt>> {
    let time = |attempt: &Attempt, view: &View| words::brief_time(attempt.started_at, view);
    let event = |attempt: &Attempt, _: &View| Cell::plain(attempt.event_type);
    let number = |attempt: &Attempt, _: &View| Cell::plain(number(attempt));
    vec![
        Column::number("startedAt", "TIME", Importance::Key, time),
        Column::new("eventType", "EVENT", Importance::High, event).flexible(EVENTS),
        Column::number("number", "TRY", Importance::Middle, number),
        Column::new("answer", "ANSWER", Importance::Key, brief_answer).flexible(BRIEF_ANSWER),
        Column::number("durationMs", "TOOK", Importance::Low, took),
        Column::new("id", "ATTEMPT", Importance::Key, |attempt, _| Cell::plain(attempt.id)),
    ]
}

/// Returns the columns for the attempts of one delivery.
pub fn of_tries() -> Vec<Column<Attempt>> {
    let time = |attempt: &Attempt, view: &View| Cell::plain(words::time(attempt.started_at, view));
    let number = |attempt: &Attempt, _: &View| Cell::plain(number(attempt));
    vec![
        Column::number("number", "TRY", Importance::Key, number),
        Column::new("startedAt", "TIME", Importance::High, time),
        Column::new("answer", "ANSWER", Importance::Key, brief_answer).flexible(BRIEF_ANSWER),
        Column::number("durationMs", "TOOK", Importance::Low, took),
        Column::new("id", "ATTEMPT", Importance::Key, |attempt, _| Cell::plain(attempt.id)),
    ]
}

fn number(attempt: &Attempt) -> String {
    match attempt.kind {
        AttemptKind::Test => "test".to_owned(),
        _ => format!("{}/{}", attempt.number, attempt.max_attempts),
    }
}

fn took(attempt: &Attempt, _: &View) -> Cell {
    attempt.duration_ms.map_or_else(Cell::default, |millis| Cell::plain(words::milliseconds(millis)))
}

/// Returns the status of the answer, or a description of why there was none.
fn brief_answer(attempt: &Attempt, view: &View) -> Cell {
    let whole = answer(attempt, view);
    match (attempt.http_status, attempt.error) {
        (Some(status), None | Some(AttemptError::UnexpectedStatus)) => Cell { text: status.to_string(), ..whole },
        _ => whole,
    }
}

/// Returns when the next attempt is, or that there is none.
fn next(attempt: &Attempt, view: &View) -> Cell {
    let was_last = attempt.status == AttemptStatus::Failed && attempt.number >= attempt.max_attempts;
    match attempt.next_retry_at {
        Some(at) if at <= view.now => Cell::plain("now"),
        Some(at) => words::brief_time(at, view),
        None if was_last && attempt.kind != AttemptKind::Test => Cell::plain("given up"),
        None => Cell::default(),
    }
}

fn outcome(attempt: &Attempt, _: &View) -> Cell {
    let tone = if attempt.status == AttemptStatus::Failed { Tone::Trouble } else { Tone::Plain };
    Cell::toned(attempt.outcome(), tone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Timestamp,
        render::{
            columns::samples::{NOW, attempt, every_field_has_a_column},
            list,
        },
        term::{Term, Terminals},
    };

    #[test]
    fn columns_cover_the_fields() {
        every_field_has_a_column(&attempt());
    }

    #[test]
    fn the_attempt_s_id_goes_first_and_none_is_cut() {
        let shown = |width| {
            let (term, captured) = Term::captured("", Terminals { stdout: true, ..Terminals::default() }, width);
            let view = View::new(&term, Timestamp::from_seconds(NOW));
            let mut second = attempt();
            (second.number, second.next_retry_at, second.http_status) = (10, None, None);
            second.error = Some(AttemptError::ConnectionRefused);
            let mut third = attempt();
            (third.status, third.error, third.http_status) = (AttemptStatus::Succeeded, None, Some(204));
            (third.kind, third.next_retry_at, third.duration_ms) = (AttemptKind::Test, None, Some(2_140));
            list(&term, &view, &[attempt(), second, third]).unwrap();
            captured.out()
        };
        insta::assert_snapshot!([160, 120, 80].map(shown).join("\n"), @"
          TIME  WEBHOOK        EVENT                  TRY  ANSWER                    TOOK  NEXT      EVENT ID                             ATTEMPT
        ✗  12s  wh_7c1zr8t0wb  attendance.inserted   2/10  503 service unavailable  41 ms  in 4m     tm_0199c1d2e3f4758697a8b9cadbecfd0e  at_06f8k2v0c1q4jt3xw9b7n5m8ed
        ✗  12s  wh_7c1zr8t0wb  attendance.inserted  10/10  connection refused       41 ms  given up  tm_0199c1d2e3f4758697a8b9cadbecfd0e  at_06f8k2v0c1q4jt3xw9b7n5m8ed
           12s  wh_7c1zr8t0wb  attendance.inserted   test  204                      2.1 s            tm_0199c1d2e3f4758697a8b9cadbecfd0e  at_06f8k2v0c1q4jt3xw9b7n5m8ed

          TIME  WEBHOOK        EVENT                  TRY  ANSWER                    TOOK  NEXT
        ✗  12s  wh_7c1zr8t0wb  attendance.inserted   2/10  503 service unavailable  41 ms  in 4m
        ✗  12s  wh_7c1zr8t0wb  attendance.inserted  10/10  connection refused       41 ms  given up
           12s  wh_7c1zr8t0wb  attendance.inserted   test  204                      2.1 s

          TIME  WEBHOOK        EVENT             TRY  ANSWER              TOOK  NEXT
        ✗  12s  wh_7c1zr8t0wb  attendance.in…   2/10  503 service unav…  41 ms  in 4m
        ✗  12s  wh_7c1zr8t0wb  attendance.in…  10/10  connection refus…  41 ms  given up
           12s  wh_7c1zr8t0wb  attendance.in…   test  204                2.1 s
        ");
    }

    #[test]
    fn a_pipe_has_what_it_had() {
        let (term, captured) = Term::captured("", Terminals::default(), 100);
        let view = View::new(&term, Timestamp::from_seconds(NOW));
        list(&term, &view, &[attempt()]).unwrap();
        insta::assert_snapshot!(captured.out(), @"2026-11-23T17:39:48.000Z	at_06f8k2v0c1q4jt3xw9b7n5m8ed	wh_7c1zr8t0wb	attendance.inserted	tm_0199c1d2e3f4758697a8b9cadbecfd0e	retry	2/10	503	41 ms	failed: service unavailable	2026-11-23T17:44:48.000Z");
    }
}
