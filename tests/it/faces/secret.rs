use super::{face, lived_in, untouched};

#[test]
fn show_good() {
    insta::assert_snapshot!(face(&lived_in(), &["secret", "show", "Payroll Nordlicht"]), @"
    $ tm-hooks secret show 'Payroll Nordlicht' | cat
    tmkey_••••••••
    exit 0

    $ tm-hooks secret show 'Payroll Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    tmkey_••••••••
    Masked; --reveal shows it.
    exit 0
    ");
}

#[test]
fn show_good_reveal() {
    insta::assert_snapshot!(face(&lived_in(), &["secret", "show", "Payroll Nordlicht", "--reveal"]), @"
    $ tm-hooks secret show 'Payroll Nordlicht' --reveal | cat
    tmkey_********************************
    exit 0

    $ tm-hooks secret show 'Payroll Nordlicht' --reveal
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    tmkey_********************************
    exit 0
    ");
}

#[test]
fn show_empty() {
    insta::assert_snapshot!(face(&untouched(), &["secret", "show", "Payroll Nordlicht"]), @r#"
    $ tm-hooks secret show 'Payroll Nordlicht' | cat
    2> error: there is no webhook "Payroll Nordlicht"
    2>   hint: tm-hooks list shows them all
    exit 3

    $ tm-hooks secret show 'Payroll Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Payroll Nordlicht"
      hint: tm-hooks list shows them all
    exit 3
    "#);
}

#[test]
fn show_wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["secret", "show", "Payroll"]), @r#"
    $ tm-hooks secret show Payroll | cat
    2> error: there is no webhook "Payroll"
    2>   hint: did you mean "Payroll Nordlicht"?
    exit 3

    $ tm-hooks secret show Payroll
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Payroll"
      hint: did you mean "Payroll Nordlicht"?
    exit 3
    "#);
}

#[test]
fn rotate_good() {
    insta::assert_snapshot!(face(&lived_in(), &["secret", "rotate", "Payroll Nordlicht", "--overlap", "24h"]), @"
    $ tm-hooks secret rotate 'Payroll Nordlicht' --overlap 24h | cat
    tmkey_••••••••
    2> ✓ Replaced the secret of Payroll Nordlicht (wh_nr7ed90z83)
    2> The old secret is valid too, until it ends 2026-11-26T16:55:00.000Z. Until then Timemoto-Signature is made with the old one, and webhook-signature with both. End it when the receiver has the new one: tm-hooks secret revoke wh_nr7ed90z83
    exit 0

    $ tm-hooks secret rotate 'Payroll Nordlicht' --overlap 24h
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Replaced the secret of Payroll Nordlicht (wh_nr7ed90z83)
    The old secret is valid too, until it ends in 1 d. Until then Timemoto-Signature is made with the
    old one, and webhook-signature with both. End it when the receiver has the new one:
    tm-hooks secret revoke wh_nr7ed90z83
    tmkey_••••••••
    Masked; --reveal shows it.
    exit 0
    ");
}

#[test]
fn rotate_empty() {
    insta::assert_snapshot!(face(&untouched(), &["secret", "rotate", "Payroll Nordlicht"]), @r#"
    $ tm-hooks secret rotate 'Payroll Nordlicht' | cat
    2> error: there is no webhook "Payroll Nordlicht"
    2>   hint: tm-hooks list shows them all
    exit 3

    $ tm-hooks secret rotate 'Payroll Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Payroll Nordlicht"
      hint: tm-hooks list shows them all
    exit 3
    "#);
}

#[test]
fn rotate_wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["secret", "rotate", "Payroll Nordlicht", "--overlap", "1 day"]), @r#"
    $ tm-hooks secret rotate 'Payroll Nordlicht' --overlap '1 day' | cat
    2> error: invalid value '1 day' for '--overlap <DURATION>': "1 day" is not a duration, such as 500ms, 30s, 5m, 2h, 7d or 1w
    exit 2

    $ tm-hooks secret rotate 'Payroll Nordlicht' --overlap '1 day'
    error: invalid value '1 day' for '--overlap <DURATION>': "1 day" is not a duration, such as 500ms,
           30s, 5m, 2h, 7d or 1w
    exit 2
    "#);
}

#[test]
fn revoke_good() {
    let home = lived_in();
    home.ok(["secret", "rotate", "Payroll Nordlicht", "--overlap", "24h", "--yes"]);
    insta::assert_snapshot!(face(&home, &["secret", "revoke", "Payroll Nordlicht"]), @"
    $ tm-hooks secret revoke 'Payroll Nordlicht' | cat
    wh_nr7ed90z83
    2> ✓ Only the new secret of Payroll Nordlicht (wh_nr7ed90z83) is valid now
    exit 0

    $ tm-hooks secret revoke 'Payroll Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Only the new secret of Payroll Nordlicht (wh_nr7ed90z83) is valid now
    exit 0
    ");
}

#[test]
fn revoke_empty() {
    insta::assert_snapshot!(face(&untouched(), &["secret", "revoke", "Payroll Nordlicht"]), @r#"
    $ tm-hooks secret revoke 'Payroll Nordlicht' | cat
    2> error: there is no webhook "Payroll Nordlicht"
    2>   hint: tm-hooks list shows them all
    exit 3

    $ tm-hooks secret revoke 'Payroll Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Payroll Nordlicht"
      hint: tm-hooks list shows them all
    exit 3
    "#);
}

#[test]
fn revoke_wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["secret", "revoke", "Payroll Nordlicht"]), @"
    $ tm-hooks secret revoke 'Payroll Nordlicht' | cat
    2> error: there is no previous secret of the webhook wh_nr7ed90z83
    2>   hint: nothing is left to revoke: only the current secret is valid
    exit 3

    $ tm-hooks secret revoke 'Payroll Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no previous secret of the webhook wh_nr7ed90z83
      hint: nothing is left to revoke: only the current secret is valid
    exit 3
    ");
}
