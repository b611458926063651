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

/// The hard cases there are.
#[test]
fn good_examples() {
    insta::assert_snapshot!(face(&lived_in(), &["send", "--example"]), @"
    $ tm-hooks send --example | cat
    break-start	a break begins: an Out with action 2
    break-end	a break ends: an In with action 3
    manual-entry	typed by hand: mode 12, no terminal, no card, whole minutes
    overnight-out	an Out after midnight, in the sequence and pair of the day before
    short-fraction	a timeInserted with 4 digits of a second's fraction
    update-twice	one edit as two updates: equal data, other ids and sequences
    out-of-order	a burst after an outage: six clockings of three people, not in the order of their times
    email-number	an e-mail address as the employee's number
    no-department	a person without a department: its id and name are null
    empty-card	a person without a card: an empty text
    no-terminal	no terminal, an empty text instead of null, and nothing booked on a project
    exit 0

    $ tm-hooks send --example
    NAME            DESCRIPTION
    break-start     a break begins: an Out with action 2
    break-end       a break ends: an In with action 3
    manual-entry    typed by hand: mode 12, no terminal, no card, whole minutes
    overnight-out   an Out after midnight, in the sequence and pair of the day before
    short-fraction  a timeInserted with 4 digits of a second's fraction
    update-twice    one edit as two updates: equal data, other ids and sequences
    out-of-order    a burst after an outage: six clockings of three people, not in the order of their
                    times
    email-number    an e-mail address as the employee's number
    no-department   a person without a department: its id and name are null
    empty-card      a person without a card: an empty text
    no-terminal     no terminal, an empty text instead of null, and nothing booked on a project
    exit 0
    ");
}

#[test]
fn wrong_example() {
    insta::assert_snapshot!(face(&lived_in(), &["send", "--example", "overnite"]), @r#"
    $ tm-hooks send --example overnite | cat
    2> error: there is no example "overnite" (did you mean "overnight-out"?)
    2>   hint: there are
    2>         break-start     a break begins: an Out with action 2
    2>         break-end       a break ends: an In with action 3
    2>         manual-entry    typed by hand: mode 12, no terminal, no card, whole minutes
    2>         overnight-out   an Out after midnight, in the sequence and pair of the day before
    2>         short-fraction  a timeInserted with 4 digits of a second's fraction
    2>         update-twice    one edit as two updates: equal data, other ids and sequences
    2>         out-of-order    a burst after an outage: six clockings of three people, not in the order of their times
    2>         email-number    an e-mail address as the employee's number
    2>         no-department   a person without a department: its id and name are null
    2>         empty-card      a person without a card: an empty text
    2>         no-terminal     no terminal, an empty text instead of null, and nothing booked on a project
    exit 2

    $ tm-hooks send --example overnite
    error: there is no example "overnite" (did you mean "overnight-out"?)
      hint: there are
            break-start     a break begins: an Out with action 2
            break-end       a break ends: an In with action 3
            manual-entry    typed by hand: mode 12, no terminal, no card, whole minutes
            overnight-out   an Out after midnight, in the sequence and pair of the day before
            short-fraction  a timeInserted with 4 digits of a second's fraction
            update-twice    one edit as two updates: equal data, other ids and sequences
            out-of-order    a burst after an outage: six clockings of three people, not in the order of
                            their times
            email-number    an e-mail address as the employee's number
            no-department   a person without a department: its id and name are null
            empty-card      a person without a card: an empty text
            no-terminal     no terminal, an empty text instead of null, and nothing booked on a project
    exit 2
    "#);
}

/// Of a file of events one line is none.
#[test]
fn good_from() {
    let home = Home::at("2026-11-25T16:55:00Z");
    let good = r#"{"type":"user.updated","data":{"userId":null}}"#;
    let slip = r#"{"type":"user.updated","data":{"userId":7}}"#;
    std::fs::write(home.path().join("day.ndjson"), format!("{good}\n{slip}\n{good}\n")).unwrap();
    // What turns while they are sent is not the same in every run.
    let said = home.run(["send", "--from", "day.ndjson"]);
    insta::assert_snapshot!(said.exits(11).err, @"
    ✗ line 2, data.userId: expected a UUID such as 3f2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5b, got the number 7
    ✓ Sent 2 events; no enabled webhook wants them. See who wants what: tm-hooks list
    error: 1 of 3 events could not be sent
      hint: correct it, and run the command again
    ");
}

/// Both were set, and do not fit together.
#[test]
fn good_contradicting() {
    let words = ["send", "attendance.deleted", "--set", "clockingType=Out", "--set", "clockingActionTypeId=0"];
    insta::assert_snapshot!(face(&lived_in(), &words), @"
    $ tm-hooks send attendance.deleted --set clockingType=Out --set clockingActionTypeId=0 | cat
    tm_01a213a1caa072b19b34eeaada7387c8
    2> warning: data.clockingType: is Out, but clockingActionTypeId 0 is an In
    2> ✓ Sent attendance.deleted (tm_01a213a1caa072b19b34eeaada7387c8), to be delivered once
    2> ✓ Payroll Nordlicht: succeeded (204) in 0 ms
    exit 0

    $ tm-hooks send attendance.deleted --set clockingType=Out --set clockingActionTypeId=0
    warning: data.clockingType: is Out, but clockingActionTypeId 0 is an In
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Sent attendance.deleted (tm_01a213a1caa072b19b34eeaada7387c8), to be delivered once
    ✓ Payroll Nordlicht: succeeded (204) in 0 ms
    exit 0
    ");
}
