use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["pin", "Payroll Nordlicht", "v2"]), @"
    $ tm-hooks pin 'Payroll Nordlicht' v2 | cat
    wh_nr7ed90z83
    2> ✓ Pinned Payroll Nordlicht (wh_nr7ed90z83) to v2
    2> note: v2 is a preview and may still change
    exit 0

    $ tm-hooks pin 'Payroll Nordlicht' v2
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Pinned Payroll Nordlicht (wh_nr7ed90z83) to v2
    note: v2 is a preview and may still change
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["pin", "Payroll Nordlicht", "v2"]), @r#"
    $ tm-hooks pin 'Payroll Nordlicht' v2 | cat
    2> error: there is no webhook "Payroll Nordlicht"
    2>   hint: tm-hooks list shows them all
    exit 3

    $ tm-hooks pin 'Payroll Nordlicht' v2
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Payroll Nordlicht"
      hint: tm-hooks list shows them all
    exit 3
    "#);
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["pin", "Payroll Nordlicht", "v3"]), @r#"
    $ tm-hooks pin 'Payroll Nordlicht' v3 | cat
    2> error: invalid value 'v3' for '<VERSION>': "v3" is not a version; the versions are v1, v2
    exit 2

    $ tm-hooks pin 'Payroll Nordlicht' v3
    error: invalid value 'v3' for '<VERSION>': "v3" is not a version; the versions are v1, v2
    exit 2
    "#);
}
