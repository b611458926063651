use super::{Look, face, id, lived_in, untouched};

/// Payroll was disabled while an event came.
#[test]
fn good() {
    let home = lived_in();
    home.ok(["disable", "Payroll Nordlicht"]);
    home.ok(["send", "attendance.inserted"]);
    home.ok(["enable", "Payroll Nordlicht"]);
    let look = Look::at(&home).typing("1 delivery", "y\r");
    insta::assert_snapshot!(look.run(&["retry", "--failed", "--since", "1h"]), @"
    $ tm-hooks retry --failed --since 1h | cat
    2> error: an answer is needed and there is nobody to ask
    2>   hint: answer with --yes
    exit 2

    $ tm-hooks retry --failed --since 1h
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ? Deliver again: 1 delivery, none of them made before? [y/N] y
    ✓ Began rc_01m89t3jn0fy9re3w7vfw579e6: 1 delivery, none of them made before
    1 delivery of Chat bot Team West waits for the next try: tm-hooks attempts wh_sa3mysjv39 tells when
    that is, tm-hooks retry makes one at once
    ✓ 1 succeeded and 0 failed
    exit 0
    ");
}

#[test]
fn good_single() {
    let home = lived_in();
    let attempt = id(&home, ["attempts", "--status", "failed", "-o", "id"]);
    insta::assert_snapshot!(face(&home, &["retry", &attempt]), @"
    $ tm-hooks retry at_01m89t26prezt8made85g93var | cat
    at_01m89t3jn0ejt8c2y0yanv1hhv
    2> ✓ Trying dl_01m89stdp0fhnvvrjn3pgyh0t5 again, try 3 (at_01m89t3jn0ejt8c2y0yanv1hhv)
    2> ✗ Chat bot Team West: failed: unauthorized (401) in 0 ms; next try 2026-11-25T17:29:27.995Z. See: tm-hooks show at_01m89t3jn0ejt8c2y0yanv1hhv
    exit 10

    $ tm-hooks retry at_01m89t26prezt8made85g93var
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Trying dl_01m89stdp0fhnvvrjn3pgyh0t5 again, try 3 (at_01m89t3jn0ejt8c2y0yanv1hhv)
    ✗ Chat bot Team West: failed: unauthorized (401) in 0 ms; next try in 34 min 27 s. See:
      tm-hooks show at_01m89t3jn0ejt8c2y0yanv1hhv
    exit 10
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["retry", "--failed", "--since", "1d"]), @"
    $ tm-hooks retry --failed --since 1d | cat
    rc_01m89t3jn0e2qr48ytayp568f5
    2> ✓ Began rc_01m89t3jn0e2qr48ytayp568f5: nothing was left undelivered
    2> ✓ 0 succeeded and 0 failed
    exit 0

    $ tm-hooks retry --failed --since 1d
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Began rc_01m89t3jn0e2qr48ytayp568f5: nothing was left undelivered
    ✓ 0 succeeded and 0 failed
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["retry", "Chat bot Team West"]), @r#"
    $ tm-hooks retry 'Chat bot Team West' | cat
    2> error: "Chat bot Team West" is not the id of an attempt, a delivery or an event
    2>   hint: all that was not delivered to a webhook: tm-hooks retry --failed WEBHOOK --since 1d
    exit 2

    $ tm-hooks retry 'Chat bot Team West'
    error: "Chat bot Team West" is not the id of an attempt, a delivery or an event
      hint: all that was not delivered to a webhook: tm-hooks retry --failed WEBHOOK --since 1d
    exit 2
    "#);
}
