//! Follows the vendor's page line by line, with a real service and a real receiver.

use crate::common::{
    ledger::Delivering,
    receiver::{Receiver, answer},
    service::TOKEN,
    until,
};
use serde_json::json;

#[test]
fn everything_the_vendors_page_does_can_be_done() {
    // The receiver fails the first attempt and accepts the second, like one that restarts.
    let receiver =
        Receiver::answering(|before, _| if before == 0 { answer(503, "not yet") } else { answer(200, "ok") });
    let person = Delivering::to(receiver);
    let receiver = &person.receiver;

    // Developer options: the global version.
    assert_eq!(person.json(&["versions"])["data"][0]["isDefault"], json!(true));
    person.ok(&["versions", "default", "v2"]);

    // Add: name, status, URL, version, events.
    let id = person.ok(&[
        "add",
        &receiver.url(),
        "--name",
        "Payroll",
        "--events",
        "attendance.*,user.deleted",
        "--disabled",
    ]);
    let id = id.trim();
    person.ok(&["add", "https://bot.example.com/tm", "--name", "Chat bot", "--events", "user.inserted", "--pin", "v1"]);
    person.ok(&["enable", "Payroll"]);

    // The list: name, URL, version and where it comes from, enabled, error rate.
    let listed = person.json(&["list", "--sort", "name"]);
    let row = |at: usize, field: &str| listed["data"][at][field].clone();
    assert_eq!([row(0, "name"), row(1, "name")], [json!("Chat bot"), json!("Payroll")]);
    assert_eq!([row(0, "version"), row(0, "versionSource")], [json!("v1"), json!("pinned")]);
    assert_eq!([row(1, "version"), row(1, "versionSource")], [json!("v2"), json!("global")]);
    assert_eq!(
        [row(1, "url"), row(1, "enabled"), row(1, "errorRate")],
        [json!(receiver.url()), json!(true), json!(null)]
    );

    // Edit, disable, enable.
    person.ok(&["edit", "Payroll", "--name", "Payroll Ltd", "--events", "+user.inserted,-user.deleted"]);
    let shown = person.json(&["show", id]);
    assert_eq!([&shown["name"], &shown["events"]], [&json!("Payroll Ltd"), &json!(["attendance.*", "user.inserted"])]);
    person.ok(&["disable", id]);
    assert_eq!(person.json(&["show", id])["disabledReason"], json!("manual"));
    person.ok(&["enable", id]);

    // Its secret.
    let secret = person.ok(&["secret", "show", id, "--reveal", "--format", "plain"]);
    let masked = person.ok(&["secret", "show", id]);
    assert!(secret.starts_with("tmkey_") && secret.trim().len() == 38, "{}", secret.len());
    assert!(!masked.contains(secret.trim()));

    // An event happens; its attempt fails and is listed with status, type, event id, exact time and next retry.
    let sent = person.json(&["send", "attendance.inserted", "--set", "userFullName=Mara Example"]);
    let event = sent["id"].as_str().unwrap().to_owned();
    let failed = until("the first attempt to end", || {
        let attempts = person.json(&["attempts", id, "--status", "failed"]);
        attempts["data"].get(0).cloned()
    });
    assert_eq!([&failed["eventType"], &failed["eventId"]], [&json!("attendance.inserted"), &json!(event)]);
    assert_eq!([&failed["httpStatus"], &failed["kind"]], [&json!(503), &json!("event")]);
    assert!(failed["startedAt"].as_str().unwrap().ends_with('Z') && failed["nextRetryAt"].is_string(), "{failed}");
    assert_eq!(
        person.json(&["list", "--failing", "--json=name,errorRate"]),
        json!([{"name": "Payroll Ltd", "errorRate": 1.0}])
    );
    let exchange = person.json(&["show", failed["id"].as_str().unwrap()]);
    assert_eq!(exchange["response"]["body"], json!("not yet"));
    assert!(exchange["request"]["body"].as_str().unwrap().contains("Mara Example"));

    // Send test webhook: an attempt that is marked as a test and does not count.
    let tested = person.json(&["test", "Payroll Ltd"]);
    assert_eq!(
        [&tested["kind"], &tested["status"], &tested["httpStatus"]],
        [&json!("test"), &json!("succeeded"), &json!(200)]
    );
    assert_eq!(person.json(&["attempts", id, "--kind", "test"])["data"].as_array().unwrap().len(), 1);
    assert_eq!(person.json(&["show", id])["errorRate"], json!(1.0));
    assert_eq!(person.json(&["stats", id])["failed"], json!(1));

    // The event is retried by the schedule and arrives with the same body.
    let arrived = receiver.wait("the retry", |ledger| ledger.iter().filter(|r| r.id() == event).count() == 2);
    let tries: Vec<_> = arrived.iter().filter(|r| r.id() == event).collect();
    assert_eq!(tries[0].body, tries[1].body);
    assert_eq!([tries[0].header("webhook-attempt"), tries[1].header("webhook-attempt")], ["1", "2"]);
    until("the delivery to end", || {
        (person.json(&["attempts", id, "--kind", "retry"])["data"][0]["status"] == "succeeded").then_some(())
    });

    // Delete.
    person.ok(&["delete", id, "--yes"]);
    assert_eq!(person.run(&["show", id]).code, 3);
    let (code, log) = person.served.stopped();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("connect   TM_HOOKS_URL=http://127.0.0.1:"), "{log}");
    assert!(!log.contains(secret.trim()), "the secret is in the log");
    assert!(!log.contains(TOKEN), "the admin token is in the log");
}
