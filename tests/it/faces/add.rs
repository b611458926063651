use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["add", "https://erp.nordlicht.example/hooks", "--name", "ERP", "--events", "attendance.*,user.deleted"]), @"
    $ tm-hooks add https://erp.nordlicht.example/hooks --name ERP --events 'attendance.*,user.deleted' | cat
    wh_de1tb94cm7
    2> ✓ Added ERP (wh_de1tb94cm7). It is enabled and uses v1, the latest stable version.
    2>   Give the receiver its secret:  tm-hooks secret show wh_de1tb94cm7 --reveal
    2>   See whether it answers:        tm-hooks test wh_de1tb94cm7
    exit 0

    $ tm-hooks add https://erp.nordlicht.example/hooks --name ERP --events 'attendance.*,user.deleted'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Added ERP (wh_de1tb94cm7). It is enabled and uses v1, the latest stable version.
      Give the receiver its secret:  tm-hooks secret show wh_de1tb94cm7 --reveal
      See whether it answers:        tm-hooks test wh_de1tb94cm7
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["add", "https://erp.nordlicht.example/hooks", "--name", "ERP", "--events", "*"]), @"
    $ tm-hooks add https://erp.nordlicht.example/hooks --name ERP --events '*' | cat
    wh_nr7ed90z83
    2> ✓ Added ERP (wh_nr7ed90z83). It is enabled and uses v1, the latest stable version.
    2>   Give the receiver its secret:  tm-hooks secret show wh_nr7ed90z83 --reveal
    2>   See whether it answers:        tm-hooks test wh_nr7ed90z83
    exit 0

    $ tm-hooks add https://erp.nordlicht.example/hooks --name ERP --events '*'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Added ERP (wh_nr7ed90z83). It is enabled and uses v1, the latest stable version.
      Give the receiver its secret:  tm-hooks secret show wh_nr7ed90z83 --reveal
      See whether it answers:        tm-hooks test wh_nr7ed90z83
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["add", "erp.nordlicht.example/hooks", "--name", "ERP", "--events", "*"]), @"
    $ tm-hooks add erp.nordlicht.example/hooks --name ERP --events '*' | cat
    2> error: could not add ERP: The input was not accepted
    2>   url: is not a URL: it does not begin with https://; one looks like https://example.com/hooks
    2>   hint: correct it, and run the command again
    exit 7

    $ tm-hooks add erp.nordlicht.example/hooks --name ERP --events '*'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: could not add ERP: The input was not accepted
      url: is not a URL: it does not begin with https://; one looks like https://example.com/hooks
      hint: correct it, and run the command again
    exit 7
    ");
}

/// A name that another has.
#[test]
fn wrong_name() {
    insta::assert_snapshot!(face(&lived_in(), &["add", "https://erp.nordlicht.example/hooks", "--name", "Payroll Nordlicht", "--events", "*"]), @"
    $ tm-hooks add https://erp.nordlicht.example/hooks --name 'Payroll Nordlicht' --events '*' | cat
    2> error: could not add Payroll Nordlicht: the webhook wh_nr7ed90z83 has this name already
    2>   hint: choose another --name, or look at it: tm-hooks show wh_nr7ed90z83
    exit 6

    $ tm-hooks add https://erp.nordlicht.example/hooks --name 'Payroll Nordlicht' --events '*'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: could not add Payroll Nordlicht: the webhook wh_nr7ed90z83 has this name already
      hint: choose another --name, or look at it: tm-hooks show wh_nr7ed90z83
    exit 6
    ");
}
