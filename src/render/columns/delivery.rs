//! The columns of a delivery.

use super::widths::{EVENTS, NAME};
use crate::{
    domain::delivery::{Delivery, DeliveryStatus},
    render::{Cell, Column, Importance, Record, View, words},
    term::{Sign, Tone},
};

impl Record for Delivery {
    fn id(&self) -> String {
        self.id.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{Detail, High, Key, Low, Middle, OnDemand};
        vec![
            Column::new("id", "DELIVERY", Key, |delivery, _| Cell::plain(delivery.id)),
            Column::new("webhookId", "WEBHOOK", High, |delivery, _| Cell::plain(delivery.webhook_id)),
            Column::new("eventType", "EVENT", Middle, |delivery, _| Cell::plain(delivery.event_type)),
            Column::new("eventId", "EVENT ID", Low, |delivery, _| Cell::plain(delivery.event_id)),
            Column::new("version", "VERSION", Low, |delivery, _| Cell::or_nothing(delivery.version)),
            Column::new("status", "STATUS", Key, status),
            Column::new("attempts", "TRIES", Middle, |delivery, _| {
                Cell::plain(format!("{}/{}", delivery.attempts, delivery.max_attempts))
            }),
            Column::new("nextAttemptAt", "NEXT TRY", Middle, |delivery, view| match delivery.in_flight {
                true => Cell::plain("in flight"),
                false => words::time_or_nothing(delivery.next_attempt_at, view),
            }),
            Column::new("test", "TEST", Detail, |delivery, _| Cell::plain(if delivery.test { "yes" } else { "no" })),
            Column::new("createdAt", "MADE", Detail, |delivery, view| {
                Cell::plain(words::time(delivery.created_at, view))
            }),
            Column::new("finishedAt", "ENDED", Detail, |delivery, view| {
                words::time_or_nothing(delivery.finished_at, view)
            }),
            Column::new("inFlight", "IN FLIGHT", OnDemand, |delivery, _| Cell::plain(delivery.in_flight)),
            Column::number("maxAttempts", "MOST TRIES", OnDemand, |delivery, _| Cell::plain(delivery.max_attempts)),
        ]
    }

    fn table() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low, Middle};
        vec![
            Column::new("webhook", "WEBHOOK", Key, |delivery: &Delivery, view| {
                let name = view.names.get(&delivery.webhook_id).cloned();
                Cell::plain(name.unwrap_or_else(|| delivery.webhook_id.to_string()))
            })
            .flexible(NAME),
            Column::new("status", "STATUS", Key, status),
            Column::number("attempts", "TRIES", Key, |delivery, _| {
                Cell::plain(format!("{}/{}", delivery.attempts, delivery.max_attempts))
            }),
            Column::new("nextAttemptAt", "NEXT", High, |delivery, view| match delivery.in_flight {
                true => Cell::plain("in flight"),
                false => delivery.next_attempt_at.map_or_else(Cell::default, |at| words::brief_time(at, view)),
            }),
            Column::new("version", "VERSION", Middle, |delivery, _| Cell::or_nothing(delivery.version)),
            Column::new("eventType", "EVENT", Low, |delivery: &Delivery, _| Cell::plain(delivery.event_type))
                .flexible(EVENTS),
            Column::new("id", "DELIVERY", High, |delivery, _| Cell::plain(delivery.id)),
        ]
    }

    fn sign(&self, _: &View) -> Sign {
        match self.status {
            DeliveryStatus::Exhausted => Sign::Failed,
            DeliveryStatus::Cancelled => Sign::Off,
            DeliveryStatus::Pending | DeliveryStatus::Succeeded => Sign::Nothing,
        }
    }
}

fn status(delivery: &Delivery, _: &View) -> Cell {
    let tone = match delivery.status {
        DeliveryStatus::Exhausted => Tone::Trouble,
        DeliveryStatus::Cancelled => Tone::Receding,
        DeliveryStatus::Pending | DeliveryStatus::Succeeded => Tone::Plain,
    };
    Cell::toned(delivery.status, tone)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::render::columns::samples::every_field_has_a_column;

    #[test]
    fn columns_cover_the_fields() {
        let delivery = json!({
            "id": "dl_06f8k2v0c1q4jt3xw9b7n5m8ed", "eventId": "tm_0199c1d2e3f4758697a8b9cadbecfd0e",
            "eventType": "user.deleted", "webhookId": "wh_7c1zr8t0wb", "version": "v1", "status": "pending",
            "test": false, "attempts": 1, "maxAttempts": 10, "nextAttemptAt": null, "inFlight": true,
            "createdAt": "2026-11-23T17:40:00Z", "finishedAt": null
        });
        every_field_has_a_column::<Delivery>(&serde_json::from_value(delivery).unwrap());
    }
}
