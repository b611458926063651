use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["events"]), @"
    $ tm-hooks events | cat
    2026-11-25T16:54:30.000Z	tm_01a213a15570744cac3f0cc185409462	attendance.updated	3	2026-11-25T16:54:30.000Z
    2026-11-25T16:50:00.000Z	tm_01a2139d36c077129695135ffe92b768	user.inserted	2	2026-11-25T16:50:00.000Z
    2026-11-24T14:30:00.000Z	tm_01a20df6ae40708cbb385c81766a6578	attendance.inserted	1	2026-11-24T14:30:00.000Z
    exit 0

    $ tm-hooks events
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    TIME  TYPE                 SEQUENCE  EVENT ID
     30s  attendance.updated          3  tm_01a213a15570744cac3f0cc185409462
      5m  user.inserted               2  tm_01a2139d36c077129695135ffe92b768
      1d  attendance.inserted         1  tm_01a20df6ae40708cbb385c81766a6578
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["events"]), @"
    $ tm-hooks events | cat
    2> No events yet. Send one: tm-hooks send attendance.inserted
    exit 0

    $ tm-hooks events
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No events yet. Send one: tm-hooks send attendance.inserted
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["events", "--type", "user.created"]), @r#"
    $ tm-hooks events --type user.created | cat
    2> error: "user.created" is no event type that is known or was seen (did you mean "user.inserted"?)
    2>   hint: see them all with `tm-hooks types`; --unknown-type takes it all the same
    exit 2

    $ tm-hooks events --type user.created
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: "user.created" is no event type that is known or was seen (did you mean "user.inserted"?)
      hint: see them all with `tm-hooks types`; --unknown-type takes it all the same
    exit 2
    "#);
}
