//! The columns of a recorded event, and of one that was just accepted.

use super::widths::{EVENTS, NAME};
use crate::{
    domain::{
        delivery::{Delivery, DeliveryStatus},
        record::{AcceptedEvent, Event},
    },
    render::{Cell, Column, Importance, Record, words},
};

impl Record for Event {
    fn id(&self) -> String {
        self.id.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low, Middle, OnDemand};
        vec![
            Column::new("acceptedAt", "TIME", Key, |event, view| Cell::plain(words::time(event.accepted_at, view))),
            Column::new("id", "EVENT ID", Key, |event, _| Cell::plain(event.id)),
            Column::new("type", "TYPE", High, |event, _| Cell::plain(event.event_type)),
            Column::number("sequence", "SEQUENCE", Middle, |event, _| Cell::or_nothing(event.sequence)),
            Column::new("occurredAt", "HAPPENED", Low, |event, view| Cell::plain(words::time(event.occurred_at, view))),
            Column::new("source", "SOURCE", Low, |event, _| Cell::or_nothing(event.source.as_ref())),
            Column::new("data", "DATA", OnDemand, |event, _| {
                let data = event.data.as_ref().and_then(|data| serde_json::to_string(data).ok());
                Cell::or_nothing(data)
            }),
            Column::number("deliveries", "DELIVERIES", OnDemand, |event, _| {
                Cell::or_nothing(event.deliveries.as_ref().map(Vec::len))
            }),
        ]
    }

    fn table() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low, Middle};
        vec![
            Column::number("acceptedAt", "TIME", Key, |event, view| words::brief_time(event.accepted_at, view)),
            Column::new("type", "TYPE", Key, |event: &Event, _| Cell::plain(event.event_type)).flexible(EVENTS),
            Column::number("deliveries", "DELIVERED", Key, |event, _| {
                let succeeded = |all: &Vec<Delivery>| {
                    all.iter().filter(|delivery| delivery.status == DeliveryStatus::Succeeded).count()
                };
                let all = event.deliveries.as_ref();
                Cell::or_nothing(all.map(|all| format!("{} of {}", succeeded(all), all.len())))
            }),
            Column::number("sequence", "SEQUENCE", Low, |event, _| {
                Cell::or_nothing(event.sequence.map(words::thousands))
            }),
            Column::number("occurredAt", "HAPPENED", Low, |event, view| {
                // Most events are accepted when they happen: the time is shown once.
                match event.occurred_at == event.accepted_at {
                    true => Cell::default(),
                    false => words::brief_time(event.occurred_at, view),
                }
            }),
            Column::new("source", "SOURCE", Middle, |event: &Event, _| Cell::or_nothing(event.source.as_ref()))
                .flexible(NAME),
            Column::new("id", "EVENT ID", High, |event, _| Cell::plain(event.id)),
        ]
    }
}

impl Record for AcceptedEvent {
    fn id(&self) -> String {
        self.id.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            Column::new("id", "EVENT ID", Importance::Key, |event, _| Cell::plain(event.id)),
            Column::number("deliveries", "DELIVERIES", Importance::OnDemand, |event, _| {
                Cell::plain(event.deliveries.len())
            }),
            Column::new("warnings", "WARNINGS", Importance::OnDemand, |event, _| {
                Cell::plain(event.warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
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
        let event = json!({
            "id": "tm_0199c1d2e3f4758697a8b9cadbecfd0e", "type": "user.deleted", "source": "Acme", "sequence": 7,
            "occurredAt": "2026-11-23T17:40:00Z", "acceptedAt": "2026-11-23T17:40:01Z", "data": {"userId": null},
            "deliveries": []
        });
        every_field_has_a_column::<Event>(&serde_json::from_value(event).unwrap());
        let accepted = json!({ "id": "tm_0199c1d2e3f4758697a8b9cadbecfd0e", "deliveries": [] });
        every_field_has_a_column::<AcceptedEvent>(&serde_json::from_value(accepted).unwrap());
    }
}
