use axum::http::HeaderValue;

use super::{Look, face, lived_in, untouched};
use crate::common::{
    Home,
    receiver::{Receiver, status},
};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["send", "attendance.deleted"]), @"
    $ tm-hooks send attendance.deleted | cat
    tm_01a213a1caa072b19b34eeaada7387c8
    2> ✓ Sent attendance.deleted (tm_01a213a1caa072b19b34eeaada7387c8), to be delivered once
    2> ✓ Payroll Nordlicht: succeeded (204) in 0 ms
    exit 0

    $ tm-hooks send attendance.deleted
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Sent attendance.deleted (tm_01a213a1caa072b19b34eeaada7387c8), to be delivered once
    ✓ Payroll Nordlicht: succeeded (204) in 0 ms
    exit 0
    ");
}

/// The receiver does not accept it.
#[test]
fn good_refused() {
    insta::assert_snapshot!(face(&lived_in(), &["send", "user.updated"]), @"
    $ tm-hooks send user.updated | cat
    tm_01a213a1caa072b19b34eeaada7387c8
    2> ✓ Sent user.updated (tm_01a213a1caa072b19b34eeaada7387c8), to be delivered once
    2> ✗ Chat bot Team West: failed: unauthorized (401) in 0 ms; next try 2026-11-25T16:55:05.970Z. See: tm-hooks show at_01m89t3jn0f309cnmz7sfj4qwh
    exit 10

    $ tm-hooks send user.updated
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Sent user.updated (tm_01a213a1caa072b19b34eeaada7387c8), to be delivered once
    ✗ Chat bot Team West: failed: unauthorized (401) in 0 ms; next try in 5 s. See:
      tm-hooks show at_01m89t3jn0f309cnmz7sfj4qwh
    exit 10
    ");
}

/// Of four webhooks one has taken it, one has failed, one is paused and one has not answered when the time runs out.
#[test]
fn good_out_of_time() {
    let receiver = Receiver::answering(|_, received| match received.path.as_str() {
        "/door" => {
            let mut response = status(429);
            response.headers_mut().insert("retry-after", HeaderValue::from_static("1320"));
            response
        }
        "/bot" => status(401),
        _ => status(204),
    });
    let slow = Receiver::holding(|_| true);
    let home = Home::at("2026-11-25T16:55:00Z");
    let add = |address: std::net::SocketAddr, path: &str, name: &str, events: &str| {
        home.ok(["add", &format!("http://{address}/{path}"), "--name", name, "--events", events]);
    };
    add(receiver.address(), "door", "Access control Torhaus", "user.inserted,user.deleted");
    home.run(["send", "user.inserted"]).exits(10);
    add(receiver.address(), "payroll", "Payroll Nordlicht", "user.deleted");
    add(receiver.address(), "bot", "Chat bot Team West", "user.deleted");
    add(slow.address(), "slow", "Legacy bridge", "user.deleted");
    // Several are under way at once: which of them draws how long it waits is not the same in every run.
    insta::assert_snapshot!(Look::at(&home).shown(&["send", "user.deleted", "--timeout", "3s"]), @"
    $ tm-hooks send user.deleted --timeout 3s
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Sent user.deleted (tm_01a213a1caa077129695135ffe92b768), to be delivered 4 times
    ✓ Payroll Nordlicht: delivered
    ! Access control Torhaus: paused; next try in 22 min
    ✗ Chat bot Team West: failed; next try in 5 s
    ! Legacy bridge: in flight
    error: not every delivery was tried within 3 s: 1 of 4 delivered, 1 failed, 1 paused
      hint: they are tried later all the same: tm-hooks attempts
    exit 8
    ");
    let piped = home.run(["send", "user.deleted", "--timeout", "3s"]);
    piped.exits(8).tells("✓ Payroll Nordlicht: delivered\n").tells("! Legacy bridge: in flight\n");
    piped.tells("! Access control Torhaus: paused; next try 2026-11-25T17:17:00.000Z\n");
    assert_eq!(piped.out.lines().count(), 1, "the event's id alone");
    let quiet = home.run(["send", "user.deleted", "--timeout", "1s", "--json"]);
    assert_eq!(quiet.exits(8).err.lines().count(), 1, "an error as JSON, and nothing else");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["send", "attendance.inserted"]), @"
    $ tm-hooks send attendance.inserted | cat
    tm_01a213a1caa07aa99e6bfd18ace8cde4
    2> ✓ Sent attendance.inserted (tm_01a213a1caa07aa99e6bfd18ace8cde4); no enabled webhook wants it. See who wants what: tm-hooks list
    exit 0

    $ tm-hooks send attendance.inserted
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Sent attendance.inserted (tm_01a213a1caa07aa99e6bfd18ace8cde4); no enabled webhook wants it. See
      who wants what: tm-hooks list
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["send", "attendence.inserted"]), @r#"
    $ tm-hooks send attendence.inserted | cat
    2> error: "attendence.inserted" is no event type that is known or was seen (did you mean "attendance.inserted"?)
    2>   hint: see them all with `tm-hooks types`; --unknown-type takes it all the same
    exit 2

    $ tm-hooks send attendence.inserted
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: "attendence.inserted" is no event type that is known or was seen (did you mean
           "attendance.inserted"?)
      hint: see them all with `tm-hooks types`; --unknown-type takes it all the same
    exit 2
    "#);
}
