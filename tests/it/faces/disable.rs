use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["disable", "Payroll Nordlicht"]), @"
    $ tm-hooks disable 'Payroll Nordlicht' | cat
    wh_nr7ed90z83
    2> ✓ Disabled Payroll Nordlicht (wh_nr7ed90z83)
    exit 0

    $ tm-hooks disable 'Payroll Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Disabled Payroll Nordlicht (wh_nr7ed90z83)
    Events that come now are recorded, but not sent to it. Once it is enabled, send them:
    tm-hooks retry --failed wh_nr7ed90z83 --since 2026-11-25T16:55:00.000Z
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["disable", "--all", "--yes"]), @"
    $ tm-hooks disable --all --yes | cat
    2> No webhook is to be disabled
    exit 0

    $ tm-hooks disable --all --yes
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No webhook is to be disabled
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["disable", "--no-input"]), @"
    $ tm-hooks disable --no-input | cat
    2> error: <WEBHOOK|--all> is missing
    2>   hint: usage: tm-hooks disable <WEBHOOK|--all>
    exit 2

    $ tm-hooks disable --no-input
    error: <WEBHOOK|--all> is missing
      hint: usage: tm-hooks disable <WEBHOOK|--all>
    exit 2
    ");
}
