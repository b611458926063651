use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["edit", "Payroll Nordlicht", "--url", "https://payroll.nordlicht.example/in", "--events", "attendance.*,user.updated"]), @"
    $ tm-hooks edit 'Payroll Nordlicht' --url https://payroll.nordlicht.example/in --events 'attendance.*,user.updated' | cat
    wh_nr7ed90z83
    2> ✓ Changed Payroll Nordlicht (wh_nr7ed90z83): URL, events
    exit 0

    $ tm-hooks edit 'Payroll Nordlicht' --url https://payroll.nordlicht.example/in --events 'attendance.*,user.updated'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Changed Payroll Nordlicht (wh_nr7ed90z83): URL, events
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["edit", "Payroll Nordlicht", "--name", "Payroll"]), @r#"
    $ tm-hooks edit 'Payroll Nordlicht' --name Payroll | cat
    2> error: there is no webhook "Payroll Nordlicht"
    2>   hint: tm-hooks list shows them all
    exit 3

    $ tm-hooks edit 'Payroll Nordlicht' --name Payroll
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Payroll Nordlicht"
      hint: tm-hooks list shows them all
    exit 3
    "#);
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["edit", "Payroll Nordlicht", "--events", "attendence.*"]), @r#"
    $ tm-hooks edit 'Payroll Nordlicht' --events 'attendence.*' | cat
    2> error: "attendence.*" is no event type that is known or was seen (did you mean "attendance.*"?)
    2>   hint: see them all with `tm-hooks types`; --unknown-type takes it all the same
    exit 2

    $ tm-hooks edit 'Payroll Nordlicht' --events 'attendence.*'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: "attendence.*" is no event type that is known or was seen (did you mean "attendance.*"?)
      hint: see them all with `tm-hooks types`; --unknown-type takes it all the same
    exit 2
    "#);
}

/// Nothing to change was said.
#[test]
fn wrong_nothing() {
    insta::assert_snapshot!(face(&lived_in(), &["edit", "Payroll Nordlicht", "--no-input"]), @"
    $ tm-hooks edit 'Payroll Nordlicht' --no-input | cat
    2> error: nothing to change was named
    2>   hint: name it with --name, --url, --events, --pin, --unpin, --header, --remove-header, --scheme, --sources and --all-sources
    exit 2

    $ tm-hooks edit 'Payroll Nordlicht' --no-input
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: nothing to change was named
      hint: name it with --name, --url, --events, --pin, --unpin, --header, --remove-header, --scheme,
            --sources and --all-sources
    exit 2
    ");
}
