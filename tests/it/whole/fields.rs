//! Tests that listed fields are filled.

use std::io::Write;

use crate::common::{
    Home,
    receiver::Receiver,
    wire::{self, Wire, problem},
};
use serde_json::{Value, json};

/// A home whose service has sent two events to a receiver.
fn with_a_history(receiver: &Receiver) -> Home {
    let home = Home::new();
    home.ok(["add", &receiver.url(), "--name", "Payroll", "--events", "*", "--header", "X-Place: Kiel"]);
    for hash in ["-8123456789012345678", "7"] {
        home.ok(["send", "attendance.inserted", "--set", &format!("recordHash={hash}")]);
    }
    home
}

/// The names of the fields of a verb's list, as its help shows them.
fn fields(home: &Home, verb: &str) -> String {
    let wrong = home.run([verb, "--columns", "nonsense"]);
    let named = wrong.exits(2).err.rsplit("the columns are ").next().unwrap();
    named.trim_end().to_owned()
}

#[test]
fn whatever_a_list_names_it_brings() {
    let receiver = Receiver::accepting();
    let home = with_a_history(&receiver);
    // Nothing failed or waits, no request came over a network, and no event from a source.
    let none_here = ["error", "errorDetail", "nextRetryAt", "tokenId", "before", "source"];
    for verb in ["attempts", "events", "audit", "types", "versions"] {
        let rows = home.json([verb, &format!("--json={}", fields(&home, verb))]);
        let rows = rows.as_array().unwrap();
        for (name, value) in rows[0].as_object().unwrap() {
            assert!(!value.is_null() || none_here.contains(&name.as_str()), "{verb}: {name} in {}", rows[0]);
        }
    }

    let events =
        home.ok(["events", "--json=id,data,deliveries", "--jq", ".[] | [.data.recordHash, (.deliveries | length)]"]);
    assert_eq!(events, "[7,1]\n[-8123456789012345678,1]\n");
    let attempts = home.json(["attempts", "--json=request,response"]);
    for (attempt, received) in attempts.as_array().unwrap().iter().rev().zip(receiver.ledger()) {
        let body = attempt["request"]["body"].as_str().unwrap();
        assert_eq!(body.as_bytes(), received.body, "it is the body that was sent");
        assert!(attempt["response"].is_object());
    }
    let csv = home.ok(["attempts", "-o", "csv", "--columns", "httpStatus,request"]);
    assert_eq!(csv.matches("\r\n204,\"{").count(), 2, "{csv}");
    assert_eq!(home.ok(["attempts", "--columns", "request"]), format!("{0}\n{0}\n", receiver.url()));
    let event = home.ok(["events", "-o", "ndjson", "--json=data", "--limit", "1"]);
    assert!(event.starts_with("{\"data\":{\""), "{event}");
}

#[test]
fn what_a_list_does_not_bring_is_no_empty_column() {
    let receiver = Receiver::accepting();
    let home = with_a_history(&receiver);
    for (verb, lacking) in [("events", ["data", "deliveries"]), ("attempts", ["request", "response"])] {
        let csv = home.ok([verb, "-o", "csv"]);
        let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        assert!(header.len() > 4 && !lacking.iter().any(|name| header.contains(name)), "{verb}: {header:?}");
        assert_eq!(home.ok([verb, "-o", "tsv"]).lines().next().unwrap().split('\t').count(), header.len());
        let listed = &home.json([verb, "-o", "json"])["data"][0];
        assert!(lacking.iter().all(|name| listed.get(name).is_none()), "{listed}");
    }
    // Single objects have all their fields.
    let ids = home.ok(["events", "-o", "id"]);
    let [first, second] = ids.lines().collect::<Vec<_>>().try_into().unwrap();
    let csv = home.ok(["show", first, second, "-o", "csv"]);
    assert!(csv.lines().next().unwrap().ends_with(",data,deliveries") && csv.contains("-8123456789012345678"), "{csv}");
}

#[test]
fn a_name_that_comes_twice_is_filled_twice() {
    let home = Home::new();
    home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"]);
    assert_eq!(
        home.json(["list", "--json=name,url,name"])[0],
        json!({"name": "ERP", "url": "https://erp.example.com/hooks"})
    );
    assert_eq!(home.ok(["list", "--columns", "name,enabled,name"]), "ERP\ttrue\tERP\n");
    assert_eq!(home.ok(["list", "--columns", "name,name", "-o", "csv"]), "name,name\r\nERP,ERP\r\n");
    let shown: Value = home.json(["show", "ERP", "--json=name,name"]);
    assert_eq!(shown, json!({"name": "ERP"}));
}

#[test]
fn what_is_gone_meanwhile_stays_as_it_was_listed() {
    let receiver = Receiver::accepting();
    let attempt = with_a_history(&receiver).json(["attempts", "-o", "json"])["data"][0].to_string();
    for (code, expected) in [(404, 0), (403, 5)] {
        let attempt = attempt.clone();
        let service = Wire::new(move |mut stream, head, _| {
            let of_one = head.starts_with("GET /v1/attempts/");
            let page = wire::json(200, &format!(r#"{{"data":[{attempt}],"next":null}}"#));
            let answer = if of_one { problem(code, "not_found", "there is no attempt", "") } else { page };
            let _ = stream.write_all(answer.as_bytes());
        });
        let said = Home::new().run(["--service", &service.url(), "attempts", "--json=number,request"]);
        let out = if expected == 0 { "[{\"number\":1,\"request\":null}]\n" } else { "" };
        assert_eq!((said.code, said.out.as_str()), (expected, out), "{said}");
    }
}
