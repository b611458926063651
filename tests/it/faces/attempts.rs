use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["attempts"]), @"
    $ tm-hooks attempts | cat
    2026-11-25T16:54:30.000Z	at_01m89t2nbgfxqsv2qjcrsgvv93	wh_nr7ed90z83	attendance.updated	tm_01a213a15570744cac3f0cc185409462	event	1/10	204	0 ms	succeeded
    2026-11-25T16:54:15.000Z	at_01m89t26prezt8made85g93var	wh_sa3mysjv39	user.inserted	tm_01a2139d36c077129695135ffe92b768	manual	2/10	401	0 ms	failed: unauthorized	2026-11-25T17:00:01.161Z
    2026-11-25T16:50:00.000Z	at_01m89stdp0fbjvc0d7bvkx1rrs	wh_sa3mysjv39	user.inserted	tm_01a2139d36c077129695135ffe92b768	event	1/10	401	0 ms	failed: unauthorized
    2026-11-24T14:30:00.000Z	at_01m86zdbj0fj8snb3hxmavmsa3	wh_nr7ed90z83	attendance.inserted	tm_01a20df6ae40708cbb385c81766a6578	event	1/10	204	0 ms	succeeded
    exit 0

    $ tm-hooks attempts
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
      TIME  WEBHOOK             EVENT                 TRY  ANSWER            TOOK  NEXT
       30s  Payroll Nordlicht   attendance.updated   1/10  204               0 ms
    ✗  45s  Chat bot Team West  user.inserted        2/10  401 unauthorized  0 ms  in 5m
    ✗   5m  Chat bot Team West  user.inserted        1/10  401 unauthorized  0 ms
        1d  Payroll Nordlicht   attendance.inserted  1/10  204               0 ms

    One whole:  tm-hooks show at_01m89t26prezt8made85g93var
    not shown: EVENT ID, ATTEMPT; --columns shows them
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["attempts"]), @"
    $ tm-hooks attempts | cat
    2> No attempts yet. Make one: tm-hooks test <webhook>, or tm-hooks send <type>
    exit 0

    $ tm-hooks attempts
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No attempts yet. Make one: tm-hooks test <webhook>, or tm-hooks send <type>
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["attempts", "--status", "error"]), @r#"
    $ tm-hooks attempts --status error | cat
    2> error: invalid value 'error' for '--status <STATUS>': "error" is not an attempt's status; there are pending, succeeded, failed
    exit 2

    $ tm-hooks attempts --status error
    error: invalid value 'error' for '--status <STATUS>': "error" is not an attempt's status; there are
           pending, succeeded, failed
    exit 2
    "#);
}

/// A filter that nothing passes.
#[test]
fn good_none() {
    insta::assert_snapshot!(face(&lived_in(), &["attempts", "Payroll Nordlicht", "--status", "failed"]), @"
    $ tm-hooks attempts 'Payroll Nordlicht' --status failed | cat
    2> No attempt matches. All of them: tm-hooks attempts
    exit 0

    $ tm-hooks attempts 'Payroll Nordlicht' --status failed
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No attempt matches. All of them: tm-hooks attempts
    exit 0
    ");
}
