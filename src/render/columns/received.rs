//! The columns of what came to a source's address.

use super::widths::{EVENTS, SENTENCE};
use crate::{
    domain::{
        source::{Outcome, ReceivedRequest, RefusedBecause},
        text::thousands,
    },
    render::{Cell, Column, Importance, Record, View, words},
    term::{Sign, Tone},
};

impl Record for ReceivedRequest {
    /// The id of its event, if it named one that was believed.
    fn id(&self) -> String {
        self.event_id.clone().unwrap_or_else(|| "-".to_owned())
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low, Middle, OnDemand};
        vec![
            Column::new("receivedAt", "TIME", Key, |it, view| Cell::plain(words::time(it.received_at, view))),
            Column::new("outcome", "OUTCOME", Key, |it, _| Cell::plain(it.outcome)),
            Column::number("status", "STATUS", Key, |it, _| Cell::plain(it.status)),
            Column::new("reason", "REASON", High, |it, _| Cell::or_nothing(it.reason)),
            Column::new("eventId", "EVENT ID", High, |it, _| Cell::or_nothing(it.event_id.as_ref())),
            Column::new("type", "TYPE", High, |it, _| Cell::or_nothing(it.event_type.as_ref())),
            Column::number("sequence", "SEQUENCE", Middle, |it, _| Cell::or_nothing(it.sequence)),
            Column::number("size", "BYTES", Low, |it, _| Cell::plain(it.size)),
            Column::new("address", "FROM", Middle, |it, _| Cell::or_nothing(it.address.as_ref())),
            Column::new("request", "REQUEST", OnDemand, |it, _| {
                Cell::or_nothing(it.request.as_ref().and_then(|request| serde_json::to_string(request).ok()))
            }),
        ]
    }

    fn table() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low, Middle};
        vec![
            Column::number("receivedAt", "TIME", Key, |it, view| words::brief_time(it.received_at, view)),
            Column::new("outcome", "OUTCOME", Key, |it, view| {
                let is_refused = it.sign(view) == Sign::Failed;
                Cell::toned(it.outcome, if is_refused { Tone::Trouble } else { Tone::Plain })
            }),
            Column::number("status", "STATUS", Key, |it, _| Cell::plain(it.status)),
            Column::new("type", "TYPE", High, |it: &ReceivedRequest, _| Cell::or_nothing(it.event_type.as_ref()))
                .flexible(EVENTS),
            Column::number("sequence", "SEQUENCE", Middle, |it, _| Cell::or_nothing(it.sequence.map(thousands))),
            Column::number("size", "BYTES", Low, |it, _| Cell::plain(thousands(it.size))),
            Column::new("address", "FROM", Middle, |it, _| Cell::or_nothing(it.address.as_ref())),
            Column::new("eventId", "EVENT ID", Low, |it, _| Cell::or_nothing(it.event_id.as_ref())),
            Column::new("reason", "WHY", High, |it: &ReceivedRequest, _| Cell::or_nothing(it.reason.map(why)))
                .flexible(SENTENCE),
        ]
    }

    fn sign(&self, _: &View) -> Sign {
        match self.outcome {
            Outcome::Refused => Sign::Failed,
            Outcome::Changed => Sign::Look,
            Outcome::Accepted | Outcome::Test | Outcome::Repeated | Outcome::Kept => Sign::Nothing,
        }
    }
}

/// Says why a request was refused, for people.
pub fn why(reason: RefusedBecause) -> &'static str {
    match reason {
        RefusedBecause::Forged => "the signature does not fit",
        RefusedBecause::NoSecret => "the source has no secret",
        RefusedBecause::Unexplained => "no scheme explains the signature",
        RefusedBecause::TooMany => "too many of this sender were refused",
        RefusedBecause::TooLarge => "the body is too large",
        RefusedBecause::MediaType => "it is not JSON by its Content-Type",
        RefusedBecause::NoEnvelope => "the body is no event",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::render::columns::samples::every_field_has_a_column;

    #[test]
    fn columns_cover_the_fields() {
        let refused = json!({
            "receivedAt": "2026-11-23T17:40:00Z", "outcome": "refused", "status": 401, "reason": "forged",
            "eventId": null, "type": null, "sequence": null, "size": 1214, "address": "192.0.2.7",
            "request": {"headers": [], "body": "{}", "isCut": false}
        });
        let refused: ReceivedRequest = serde_json::from_value(refused).unwrap();
        every_field_has_a_column(&refused);
        assert_eq!(refused.id(), "-");
    }

    #[test]
    fn each_reason_is_a_sentence_of_its_own() {
        let all: BTreeSet<&str> = RefusedBecause::ALL.iter().map(|reason| why(*reason)).collect();
        assert_eq!(all.len(), RefusedBecause::ALL.len());
    }
}
