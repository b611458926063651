//! The README's three commands bring an event from its sender to a receiver.

use std::fs;

use crate::common::{Home, receiver::Receiver, sender::Sender, service::Served};

const SECRET: &str = "an-invented-secret-of-a-sender";

#[test]
fn three_commands_bring_an_event_from_its_sender_to_a_receiver() {
    let readme = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
    let part = readme.split("## TimeMoto Cloud's own webhooks").nth(1).unwrap();
    let [serve, add_source, add] = [
        "tm-hooks serve  ",
        "tm-hooks source add TimeMoto",
        "tm-hooks add https://erp.example.com/timemoto --name ERP --events 'attendance.*'",
    ]
    .map(|command| part.find(command).unwrap_or_else(|| panic!("the README lost {command}")));
    assert!(serve < add_source && add_source < add);

    let (home, receiver) = (Home::new(), Receiver::accepting());
    fs::write(home.path().join("secret"), SECRET).unwrap();
    let served = Served::start(home.program(), &[]);
    let source = home.json(["source", "add", "TimeMoto", "--secret-file", "secret", "-o", "json"]);
    home.ok(["add", &receiver.url(), "--name", "ERP", "--events", "attendance.*"]);

    let sender = Sender::to(&served, source["url"].as_str().unwrap(), SECRET);
    let events = [1, 2].map(|number| {
        serde_json::json!({
            "id": format!("tm_{number:032x}"), "event": "attendance.inserted", "sequence": number, "data": { "n": 1.50 }
        })
    });
    for event in &events {
        assert_eq!(sender.sends(event), 200);
    }
    let delivered = receiver.wait("both events", |received| received.len() == 2);
    for event in &events {
        assert!(delivered.iter().any(|it| it.body == event.to_string()), "{event}, byte for byte");
    }
}
