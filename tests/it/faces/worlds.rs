//! The homes that faces are looked at in.

use std::{fs, sync::OnceLock};

use axum::http::HeaderValue;

use crate::common::{
    Home, Packed, Run,
    api::Api,
    receiver::{Receiver, answer, status},
    sender::Sender,
    service::Served,
    until,
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

/// A home with fourteen webhooks as a company has them: a name of 63 letters, one in wide letters, and four whose
/// receivers fail, each for another reason.
pub fn fourteen() -> Home {
    static MADE: OnceLock<(Packed, Receiver)> = OnceLock::new();
    let (home, _) = MADE.get_or_init(|| {
        let receiver = Receiver::answering(|_, received| match received.path.as_str() {
            "/bots/tm" => answer(401, "no"),
            "/door" => {
                let mut response = status(429);
                response.headers_mut().insert("retry-after", HeaderValue::from_static("1320"));
                response
            }
            "/bridge" => status(410),
            _ => status(204),
        });
        (with_fourteen(&receiver).packed(), receiver)
    });
    home.unpacked()
}

fn with_fourteen(receiver: &Receiver) -> Home {
    let home = Home::at("2026-11-24T15:55:00Z");
    let here = |path: &str| format!("http://{}/{path}", receiver.address());
    let elsewhere = |rest: &str| format!("https://{rest}");
    for (name, url, events) in [
        ("Payroll Nordlicht", here("payroll"), "attendance.*"),
        ("Chat bot Team West", here("bots/tm"), "attendance.inserted"),
        ("Access control Torhaus", here("door"), "attendance.inserted"),
        ("Legacy bridge", here("bridge"), "attendance.inserted"),
        ("Shift planner", "http://127.0.0.1:9/shifts".to_owned(), "attendance.inserted"),
        ("東京オフィス勤怠連携", here("tokyo"), "attendance.inserted"),
        ("Café Crème – Schichtübergabe", here("cafe"), "attendance.inserted,attendance.updated"),
        (
            "Zeiterfassung der Niederlassung Hamburg-Süd, Werk 3, Halle 12 b",
            elsewhere("zeiterfassung.havelblick.example/eingang/timemoto/werk-3/halle-12-b"),
            "user.inserted,user.updated,user.deleted",
        ),
        ("HR onboarding Marlowe", elsewhere("hr.marlowe.example/hooks"), "user.inserted"),
        ("Data lake", elsewhere("lake.torhaus.example/in"), "user.*"),
        ("Monitoring probe", elsewhere("probe.torhaus.example/"), "user.*"),
        ("Door display", elsewhere("display.torhaus.example/tm"), "user.updated"),
        ("Archive", elsewhere("archive.havelblick.example/tm?token=geheim"), "user.deleted"),
        ("Canteen", elsewhere("canteen.nordlicht.example/in"), "user.deleted"),
    ] {
        home.ok(["add", &url, "--name", name, "--events", events]);
    }
    home.ok(["disable", "Canteen"]);
    home.ok(["pin", "Payroll Nordlicht", "v1"]);
    home.ok(["pin", "Chat bot Team West", "v2"]);
    home.run(["send", "attendance.inserted"]).exits(11);
    home.set_clock("2026-11-24T15:56:00Z");
    home.ok(["send", "attendance.updated"]);
    home.set_clock("2026-11-24T15:57:00Z");
    home
}

/// A company on a Wednesday afternoon: fourteen webhooks with a history of a day and a half, in which four fail, each for
/// another reason, and one is flaky; tokens, a profile and settings. What is listed last was delivered one by one, so that
/// it has one order. Who is not on this machine wants types that nobody sends.
pub fn company() -> Home {
    static MADE: OnceLock<(Packed, Receiver)> = OnceLock::new();
    let (home, _) = MADE.get_or_init(|| {
        let receiver = Receiver::answering(|_, received| {
            let number = received.json()["sequence"].as_u64().unwrap_or_default();
            let mut response = match received.path.as_str() {
                "/bots/tm" if received.header("webhook-version") == "v2" => {
                    answer(401, r#"{"ok": false, "code": "SIGNATURE_INVALID"}"#)
                }
                "/door" => status(429),
                "/bridge" => status(410),
                "/cafe" if number % 5 == 3 && received.header("webhook-attempt") == "1" => status(503),
                _ => status(204),
            };
            let header = |value: &'static str| HeaderValue::from_static(value);
            response.headers_mut().insert("date", header("Wed, 25 Nov 2026 16:54:15 GMT"));
            if received.path == "/door" {
                response.headers_mut().insert("retry-after", header("1320"));
            }
            response
        });
        (with_a_company(&receiver).packed(), receiver)
    });
    home.unpacked()
}

fn with_a_company(receiver: &Receiver) -> Home {
    let home = Home::at("2026-11-24T08:00:00Z");
    let here = |path: &str| format!("http://{}/{path}", receiver.address());
    let add = |name: &str, url: &str, events: &str| home.ok(["add", url, "--name", name, "--events", events]);
    let at = |time: &str, events: &[&str]| {
        home.set_clock(time);
        events.iter().for_each(|event| drop(home.run(["send", event])));
    };
    add("Shift planner", "http://127.0.0.1:9/shifts", "user.deleted");
    add("Chat bot Team West", &here("bots/tm"), "attendance.inserted");
    add("Access control Torhaus", &here("door"), "user.inserted");
    add("Legacy bridge", &here("bridge"), "user.updated");
    add("Café Crème – Schichtübergabe", &here("cafe"), "attendance.updated");
    add("Payroll Nordlicht", &here("payroll"), "attendance.deleted");
    at("2026-11-24T14:40:00Z", &["attendance.inserted"]);
    home.ok(["pin", "Chat bot Team West", "v2"]);
    home.ok(["pin", "Payroll Nordlicht", "v1"]);
    let again = |time: &str, name: &str| {
        home.set_clock(time);
        drop(home.run(["retry", &id(&home, ["attempts", name, "--limit", "1", "-o", "id"])]));
    };
    for hour in 0..24 {
        let (day, hour) = (24 + (hour + 16) / 24, (hour + 16) % 24);
        at(&format!("2026-11-{day}T{hour:02}:10:00Z"), &["attendance.deleted"]);
        if home.run(["send", "attendance.updated"]).code == 10 {
            again(&format!("2026-11-{day}T{hour:02}:11:00Z"), "Café Crème – Schichtübergabe");
        }
    }
    at("2026-11-25T15:12:00Z", &["attendance.inserted"]);
    for time in ["15:12:30", "15:40:00", "16:14:00"] {
        again(&format!("2026-11-25T{time}Z"), "Chat bot Team West");
    }
    at("2026-11-25T16:31:00Z", &["user.updated"]);
    at("2026-11-25T16:40:00Z", &["user.inserted"]);
    at("2026-11-25T16:52:00Z", &["user.deleted"]);
    again("2026-11-25T16:52:30Z", "Shift planner");
    at("2026-11-25T16:53:50Z", &["attendance.deleted"]);
    at("2026-11-25T16:54:15Z", &["attendance.inserted"]);
    again("2026-11-25T16:54:30Z", "Chat bot Team West");
    add("東京オフィス勤怠連携", &here("tokyo"), "user.*");
    add(
        "Zeiterfassung der Niederlassung Hamburg-Süd, Werk 3, Halle 12 b",
        "https://zeiterfassung.havelblick.example/eingang/timemoto/werk-3/halle-12-b",
        "user.inserted,user.updated,user.deleted",
    );
    add("HR onboarding Marlowe", "https://hr.marlowe.example/hooks", "user.inserted");
    add("Data lake", "https://lake.torhaus.example/in", "user.*");
    add("Monitoring probe", "https://probe.torhaus.example/", "user.*");
    add("Door display", "https://display.torhaus.example/tm", "user.updated");
    add("Archive", "https://archive.havelblick.example/tm?token=geheim", "user.deleted");
    add("Canteen", "https://canteen.nordlicht.example/in", "user.deleted");
    home.ok(["disable", "Canteen"]);
    home.ok(["test", "東京オフィス勤怠連携"]);
    home.ok(["token", "create", "--name", "ci", "--scope", "webhooks:read,events:write", "--expires", "90d"]);
    home.ok(["token", "create", "--name", "Clock at the east gate", "--scope", "events:write"]);
    home.ok(["profile", "add", "staging", "https://staging.havelblick.example/webhooks", "--protected"]);
    home.ok(["config", "set", "retries", "5"]);
    home.set_clock("2026-11-25T16:55:00Z");
    home
}

/// The secret of each sender.
pub const SENDERS_SECRET: &str = "an-invented-secret-of-a-sender";

/// A home with six sources: one takes events in, one is learning, one has fallen silent, one is disabled, one has no
/// secret yet, and one takes whatever comes.
pub fn taking_in() -> Home {
    static MADE: OnceLock<Packed> = OnceLock::new();
    MADE.get_or_init(|| with_sources().packed()).unpacked()
}

fn with_sources() -> Home {
    let home = Home::at("2026-11-24T08:00:00Z");
    fs::write(home.path().join("secret"), SENDERS_SECRET).unwrap();
    let signed = ["--secret-file", "secret", "--scheme", "timemoto"];
    let expected = ["--expect-within", "24h", "--expect-days", "mon-fri", "--time-zone", "Europe/Berlin"];
    let add = |name: &str, flags: &[&str]| {
        home.program().args(["source", "add", name, "--json=url", "--jq", ".url"]).args(flags).said().ok()
    };
    let canteen = add("Canteen clock", &[&signed[..], &expected].concat());
    let timemoto = add("TimeMoto", &[&signed[..], &expected].concat());
    let branch = add("Branch Hamburg", &signed[..2]);
    add("Old office", &signed);
    add("Visitor terminal", &[]);
    add("Gate", &["--scheme", "none"]);
    home.ok(["source", "disable", "Old office"]);
    let served = Served::start(home.program(), &[]);
    let to = |url: &str| Sender::to(&served, url.trim(), SENDERS_SECRET);
    let (canteen, timemoto, branch) = (to(&canteen), to(&timemoto), to(&branch));
    let event = |number: u32, name: &str, more: &str| {
        let data = format!(r#"{{"userId":"00000000-0000-4000-8000-000000000001"{more}}}"#);
        let id = format!("tm_{number:032x}");
        serde_json::from_str(&format!(r#"{{"id":"{id}","event":"{name}","sequence":{number},"data":{data}}}"#)).unwrap()
    };
    let taken = |sender: &Sender, body: serde_json::Value| assert_eq!(sender.sends(&body), 200);
    let refused = |sender: &Sender| assert_eq!(sender.posts(&[("Timemoto-Signature", "00ff")], "{}"), 401);
    taken(&canteen, event(7, "user.updated", ""));
    home.set_clock("2026-11-25T16:50:00Z");
    taken(&timemoto, event(41, "test", ""));
    taken(&timemoto, event(42, "user.deleted", ""));
    taken(&timemoto, event(45, "user.deleted", r#","badge":7"#));
    taken(&timemoto, event(45, "user.deleted", r#","badge":7"#));
    refused(&timemoto);
    home.set_clock("2026-11-25T16:52:00Z");
    refused(&branch);
    refused(&branch);
    taken(&branch, event(1, "test", ""));
    // A program of the home would draw another seed each time.
    let api = Api::of(&served);
    until("the refused requests", || {
        let listed = api.get("/v1/sources").json();
        let sum: u64 = listed["data"].as_array().unwrap().iter().filter_map(|it| it["refused24h"].as_u64()).sum();
        (sum == 3).then_some(())
    });
    assert_eq!(served.stopped().0, Some(0));
    home.set_clock(NOW);
    home
}

/// The first id of such a list.
#[track_caller]
pub fn id<const N: usize>(home: &Home, list: [&str; N]) -> String {
    let listed = home.ok(list);
    listed.lines().next().expect("the list is not empty").to_owned()
}
