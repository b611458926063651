use super::{face, lived_in, untouched};

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
    2> error: invalid value 'attendence.inserted' for '<TYPE>': "attendence.inserted" is not an event type (did you mean "attendance.inserted"?); the types are attendance.inserted, attendance.updated, attendance.deleted, user.inserted, user.updated, user.deleted, test
    exit 2

    $ tm-hooks send attendence.inserted
    error: invalid value 'attendence.inserted' for '<TYPE>': "attendence.inserted" is not an event type
           (did you mean "attendance.inserted"?); the types are attendance.inserted, attendance.updated,
           attendance.deleted, user.inserted, user.updated, user.deleted, test
    exit 2
    "#);
}
