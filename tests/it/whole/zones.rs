//! Tests that `stats --by day|hour` uses the time zone of `--time`, and names it.

use std::io::Write;

use crate::common::{
    Home, Run, Said,
    receiver::Receiver,
    terminal::Terminal,
    wire::{Wire, http, json as answer_json},
};
use serde_json::{Value, json};

const BERLIN: (&str, &str) = ("TZ", "Europe/Berlin");

/// A home with an attempt that ended at each of these moments; the time is `now`.
fn history(receiver: &Receiver, moments: &[&str], now: &str) -> Home {
    let home = Home::at(moments[0]);
    home.ok(["add", &receiver.url(), "--name", "Payroll", "--events", "*"]);
    for moment in moments {
        home.set_clock(moment);
        home.ok(["send", "user.inserted"]);
    }
    home.set_clock(now);
    home
}

/// Runs `stats` without a terminal in a time zone.
fn stats(home: &Home, zone: &str, arguments: &[&str]) -> Said {
    home.program().env("TZ", zone).arg("stats").args(arguments).said()
}

/// The groups' names and numbers of attempts.
fn groups(said: &Said) -> Vec<(String, u64)> {
    let groups = said.json()["groups"].as_array().unwrap().clone();
    let group = |group: &Value| (group["key"].as_str().unwrap().to_owned(), group["attempts"].as_u64().unwrap());
    groups.iter().map(group).collect()
}

fn expect_groups(said: &Said, expected: &[(&str, u64)]) {
    let expected: Vec<_> = expected.iter().map(|(key, attempts)| ((*key).to_owned(), *attempts)).collect();
    assert_eq!(groups(said), expected, "{said}");
}

#[test]
fn days_are_those_of_the_machine_on_a_terminal_and_of_utc_in_a_pipe() {
    let receiver = Receiver::accepting();
    // The moments are on both sides of midnight in Berlin, and on one day of UTC.
    let moments = ["2026-11-23T22:30:00Z", "2026-11-23T23:30:00Z", "2026-11-23T23:40:00Z"];
    let home = history(&receiver, &moments, "2026-11-25T12:00:00Z");
    let by_day = ["--by", "day", "--since", "3d"];
    let piped = stats(&home, BERLIN.1, &by_day);
    assert_eq!(piped.exits(0).out, "2026-11-23\t-\t3\t0\t0 % of 3\n");
    piped.tells("Days are those of UTC");
    let whole = stats(&home, BERLIN.1, &["--by", "day", "--since", "2026-11-23"]);
    assert_eq!(whole.exits(0).err, "Days are those of UTC.\n");
    let local = stats(&home, BERLIN.1, &[&by_day[..], &["--time", "local"]].concat());
    assert_eq!(local.exits(0).out, "2026-11-23\t-\t1\t0\t0 % of 1\n2026-11-24\t-\t2\t0\t0 % of 2\n");
    local.tells("Days are those of Europe/Berlin.");
    let part = stats(&home, BERLIN.1, &["--since", "2026-11-23T22:00:00Z", "--by", "day", "--time", "local"]);
    part.exits(0).tells("Days are those of Europe/Berlin; the first begins at 23:00, with the window.");

    let json = stats(&home, BERLIN.1, &[&by_day[..], &["--time", "local", "-o", "json"]].concat());
    assert_eq!(json.json()["timeZone"], "Europe/Berlin");
    let day = &json.json()["groups"][1];
    assert_eq!((&day["from"], &day["to"]), (&json!("2026-11-23T23:00:00.000Z"), &json!("2026-11-24T23:00:00.000Z")));
    expect_groups(&json, &[("2026-11-23", 1), ("2026-11-24", 2)]);
    let json = stats(&home, BERLIN.1, &[&by_day[..], &["-o", "json"]].concat());
    assert_eq!((&json.json()["timeZone"], json.err.as_str()), (&json!("UTC"), ""));

    let on_a_terminal = |more: &[&str]| {
        let terminal = Terminal::of(&home).env("NO_COLOR", "1").env(BERLIN.0, BERLIN.1);
        terminal.run(&[&["stats"], &by_day[..], more].concat())
    };
    let seen = on_a_terminal(&[]);
    assert!(seen.screen.contains("\nTue 24 Nov  "), "{seen}");
    assert!(seen.screen.contains("Days are those of Europe/Berlin"), "{seen}");
    let utc = on_a_terminal(&["--time", "utc"]);
    assert!(
        !utc.screen.contains("2026-11-24  ")
            && utc.screen.contains("\n2026-11-23  ")
            && utc.screen.contains("Days are those of UTC"),
        "{utc}"
    );
    // Statistics that are not grouped by time name no zone.
    assert_eq!(stats(&home, BERLIN.1, &["--since", "3d", "--time", "local"]).err, "");
}

#[test]
fn a_zone_that_is_named_by_its_file_is_counted_in_too() {
    let receiver = Receiver::accepting();
    let home = history(&receiver, &["2026-11-23T14:30:00Z", "2026-11-23T15:30:00Z"], "2026-11-24T12:00:00Z");
    // This is a folder of zones as systems have it; only the name counts.
    let folder = home.path().join("zoneinfo/Asia");
    std::fs::create_dir_all(&folder).unwrap();
    let tokyo = folder.join("Tokyo");
    std::fs::write(&tokyo, "TZif").unwrap();
    for zone in [tokyo.display().to_string(), format!(":{}", tokyo.display())] {
        let said = stats(&home, &zone, &["--by", "day", "--since", "2d", "--time", "local", "-o", "json"]);
        assert_eq!(said.json()["timeZone"], "Asia/Tokyo", "{said}");
        expect_groups(&said, &[("2026-11-23", 1), ("2026-11-24", 1)]);
    }
}

#[test]
fn a_day_of_25_hours_is_one_and_its_double_hour_is_two() {
    let receiver = Receiver::accepting();
    let moments = [
        "2026-10-24T21:59:00Z",
        "2026-10-24T22:00:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "2026-10-25T22:59:00Z",
        "2026-10-25T23:00:00Z",
    ];
    for now in ["2026-10-26T06:00:00Z", "2026-11-01T06:00:00Z"] {
        let home = history(&receiver, &moments, now);
        for zone in [BERLIN.1, "CET-1CEST,M3.5.0,M10.5.0/3"] {
            let by = |unit| {
                stats(&home, zone, &["--since", "2026-10-24T12:00:00Z", "--by", unit, "--time", "local", "-o", "json"])
            };
            let days = by("day");
            expect_groups(&days, &[("2026-10-24", 1), ("2026-10-25", 4), ("2026-10-26", 1)]);
            let day = &days.json()["groups"][1];
            assert_eq!(
                (&day["from"], &day["to"]),
                (&json!("2026-10-24T22:00:00.000Z"), &json!("2026-10-25T23:00:00.000Z"))
            );
            expect_groups(
                &by("hour"),
                &[
                    ("2026-10-24T23:00:00+02:00", 1),
                    ("2026-10-25T00:00:00+02:00", 1),
                    ("2026-10-25T02:00:00+02:00", 1),
                    ("2026-10-25T02:00:00+01:00", 1),
                    ("2026-10-25T23:00:00+01:00", 1),
                    ("2026-10-26T00:00:00+01:00", 1),
                ],
            );
        }
    }
}

#[test]
fn zones_between_the_hours_of_utc_are_exact_or_say_how_far_they_are_not() {
    let receiver = Receiver::accepting();
    // Midnight in Kolkata is at 18:30.
    let moments = ["2026-11-23T18:10:00Z", "2026-11-23T18:40:00Z"];
    let local = ["--since", "2026-11-23T12:00:00Z", "--by", "day", "--time", "local"];
    let json = [&local[..], &["-o", "json"]].concat();
    let home = history(&receiver, &moments, "2026-11-24T18:00:00Z");
    let exact = stats(&home, "Asia/Kolkata", &json);
    expect_groups(&exact, &[("2026-11-23", 1), ("2026-11-24", 1)]);
    assert_eq!(exact.json()["groups"][1]["from"], "2026-11-23T18:30:00.000Z");
    assert_eq!(
        stats(&home, "Asia/Kolkata", &local).err,
        "Days are those of Asia/Kolkata; the first begins at 17:30, with the window.\n"
    );

    home.set_clock("2026-11-26T18:00:00Z");
    let by_hours = stats(&home, "Asia/Kolkata", &json);
    expect_groups(&by_hours, &[("2026-11-23", 2)]);
    assert_eq!(by_hours.json()["groups"][0]["to"], "2026-11-23T19:00:00.000Z");
    stats(&home, "Asia/Kolkata", &local).exits(0).tells("Asia/Kolkata").tells("each begins 30 min late");
    let hours = stats(&home, "Asia/Kolkata", &["--since", "4d", "--by", "hour", "--time", "local", "--columns", "key"]);
    assert_eq!(hours.out, "2026-11-23T23:30:00+05:30\n", "{hours}");
}

#[test]
fn a_window_ends_where_it_is_told_to() {
    let receiver = Receiver::accepting();
    let moments = ["2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z", "2026-11-25T10:00:00Z"];
    let home = history(&receiver, &moments, "2026-11-25T12:00:00Z");
    let window = ["--since", "2026-11-24", "--until", "2026-11-25", "-o", "json"];
    let day = stats(&home, "UTC", &window).json();
    assert_eq!(day["attempts"], 1);
    assert_eq!((&day["from"], &day["to"]), (&json!("2026-11-24T00:00:00.000Z"), &json!("2026-11-25T00:00:00.000Z")));
    assert_eq!(stats(&home, "UTC", &["--until", "2026-11-24T10:02:00Z", "-o", "json"]).json()["attempts"], 2);
    assert_eq!(stats(&home, "UTC", &["--until", "2026-11-24T09:58:00Z", "-o", "json"]).json()["attempts"], 1);
    assert_eq!(stats(&home, "UTC", &["--until", "1h", "--since", "3d", "-o", "json"]).json()["attempts"], 3);
}

#[test]
fn a_service_that_knows_no_zones_counts_in_utc_and_that_is_said() {
    let refused = |message: &str| {
        let body = format!(
            r#"{{"type":"/docs#bad_request","title":"The request cannot be read","status":400,"code":"bad_request",
            "detail":"no","errors":[{{"field":"timeZone","message":"{message}"}}],"requestId":"rq_1"}}"#
        );
        http(400, "content-type: application/problem+json\r\n", &body)
    };
    let counted = r#"{"from":"2026-11-24T17:40:00Z","to":"2026-11-25T17:40:00Z","webhookId":null,"attempts":1,"failed":0,
        "errorRate":0.0,"by":"day","groups":[{"key":"2026-11-25","name":null,"attempts":1,"failed":0,"errorRate":0.0}]}"#;
    let older = Wire::new(move |mut stream, head, _| {
        let knows_it = !head.lines().next().unwrap().contains("timeZone");
        let answer = if knows_it { answer_json(200, counted) } else { refused("is not a parameter") };
        let _ = stream.write_all(answer.as_bytes());
    });
    // This service accepts every parameter, and uses those that it knows.
    let careless = Wire::saying(answer_json(200, counted));
    for url in [older.url(), careless.url()] {
        let home = Home::new();
        let by_day = ["--service", &url, "--by", "day", "--time", "local"];
        let said = stats(&home, BERLIN.1, &by_day);
        assert_eq!(said.exits(0).out, "2026-11-25\t-\t1\t0\t0 % of 1\n");
        said.tells("Days are those of UTC: the service does not know Europe/Berlin.");
        let json = stats(&home, BERLIN.1, &[&by_day[..], &["-o", "json"]].concat());
        json.exits(0).tells("the service does not know Europe/Berlin");
        assert_eq!(json.json()["timeZone"], "UTC");
        let utc = stats(&home, BERLIN.1, &["--service", &url, "--by", "day"]);
        assert_eq!(utc.exits(0).err, "Days are those of UTC.\n");
    }
}
