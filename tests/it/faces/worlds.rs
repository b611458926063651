//! The homes that faces are looked at in.

use std::sync::OnceLock;

use axum::http::HeaderValue;

use crate::common::{
    Home, Packed,
    receiver::{Receiver, answer, status},
};

/// The time in every face: a Wednesday afternoon.
const NOW: &str = "2026-11-25T16:55:00Z";

/// A home in which nothing was ever done.
pub fn untouched() -> Home {
    Home::at(NOW)
}

/// A home with three webhooks: Payroll takes what it is sent, the chat bot answers 401, the canteen is disabled; and
/// three events, the oldest a day old. One event goes to one webhook, so that attempts have one order; what waits is not
/// due, so that a service which begins to run has nothing to do of its own.
pub fn lived_in() -> Home {
    static MADE: OnceLock<(Packed, Receiver)> = OnceLock::new();
    let (home, _) = MADE.get_or_init(|| {
        let receiver = Receiver::answering(|_, received| {
            let mut response = match received.path.as_str() {
                "/bot" => answer(401, r#"{"ok": false, "code": "SIGNATURE_INVALID"}"#),
                _ => status(204),
            };
            // What answers would add the machine's own time.
            response.headers_mut().insert("date", HeaderValue::from_static("Wed, 25 Nov 2026 16:54:15 GMT"));
            response
        });
        (with_a_history(&receiver).packed(), receiver)
    });
    home.unpacked()
}

fn with_a_history(receiver: &Receiver) -> Home {
    let home = Home::at("2026-11-24T14:30:00Z");
    let url = |path: &str| format!("http://{}/{path}", receiver.address());
    home.ok(["add", &url("payroll"), "--name", "Payroll Nordlicht", "--events", "attendance.*"]);
    home.ok(["add", &url("bot"), "--name", "Chat bot Team West", "--events", "user.*", "--pin", "v2"]);
    home.ok(["add", "https://canteen.nordlicht.example/in", "--name", "Canteen", "--events", "user.deleted"]);
    home.ok(["disable", "Canteen"]);
    home.ok(["send", "attendance.inserted"]);
    home.set_clock("2026-11-25T16:50:00Z");
    home.run(["send", "user.inserted"]).exits(10);
    home.set_clock("2026-11-25T16:54:15Z");
    home.run(["retry", &id(&home, ["attempts", "--limit", "1", "-o", "id"])]).exits(10);
    home.set_clock("2026-11-25T16:54:30Z");
    home.ok(["send", "attendance.updated"]);
    home.set_clock(NOW);
    home
}

/// The first id of such a list.
#[track_caller]
pub fn id<const N: usize>(home: &Home, list: [&str; N]) -> String {
    let listed = home.ok(list);
    listed.lines().next().expect("the list is not empty").to_owned()
}
